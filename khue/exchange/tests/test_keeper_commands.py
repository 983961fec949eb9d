"""`khue exchange`: the commands that change a school's keeper say first what they would do, and files travel."""

from argparse import Namespace
from pathlib import Path

import pytest

from khue.cli import exchange, keeping
from khue.cli.failures import Failure
from khue.exchange.models import Peer
from khue.exchange.tests.country import CODE, Country
from khue.exchange.tests.country import built as built
from khue.exchange.tests.country import country as country
from khue.exchange.tests.nodes import Node


@pytest.fixture
def said(capsys: pytest.CaptureFixture):
    def at(node: Node, *arguments: str) -> str:
        """What a command at that node prints."""
        options = exchange._parser().parse_args(list(arguments))
        with node.at():
            exchange.DEEDS[options.deed](options)
        return capsys.readouterr().out

    return at


def test_a_school_is_handed_over_and_back_by_commands_and_files(country: Country, said, tmp_path: Path):
    school, department, _ministry = country.nodes
    country.hand_over()
    over, back = str(tmp_path / "over.khue"), str(tmp_path / "back.khue")

    assert "records. Only" in said(department, "handing", over, "--body", CODE)
    with pytest.raises(Failure, match="nothing is overwritten"):
        said(department, "handing", over, "--body", CODE)
    assert "rows here know 3 of them" in said(school, "take-up", over)
    assert "records go on above" in said(school, "take-up", over, "--yes")
    nothing = "Still open here: 0 records held back, 0 recovered, 0 letters, 0 matters with other schools. Nothing"
    assert nothing in said(school, "hand-back")
    with school.inside():
        assert Peer.objects.get().handed_back_at is None
    assert "records are handed back" in said(school, "hand-back", "--yes")
    said(school, "export", back)
    assert "the school keeps its rows no longer" in said(department, "import", back)
    assert "1 batches acknowledged" in said(school, "settle", f"{back}.answer")
    first = said(department, "take-back", CODE)
    assert "would be cancelled" in first
    told, known = _numbers(first)[:2]
    done = said(department, "take-back", CODE, "--yes")

    assert f"{told - known} cancelled" in done
    with pytest.raises(Failure, match="no node below reports"):
        said(department, "take-back", CODE)


def test_a_file_of_another_kind_is_refused_in_one_sentence(country: Country, said, tmp_path: Path):
    country.hand_over()
    wrong = tmp_path / "wrong.khue"
    wrong.write_bytes(b"KHUE-EXCHANGE-1\nnobody\nnothing")

    for file in (wrong, tmp_path / "missing"):
        with pytest.raises(Failure, match=file.name):
            said(country.low.school, "take-up", str(file), "--yes")


def _numbers(text: str) -> list[int]:
    return [int(word.strip(".,")) for word in text.split() if word.strip(".,").isdigit()]


def test_commands_are_those_that_are_documented():
    documented = {line.split()[0] for line in (exchange.__doc__ or "").splitlines()[2:] if line}

    assert documented == set(exchange.DEEDS)
    assert set(keeping.DEEDS) < documented
    assert exchange._parser().parse_args(["take-up"]) == Namespace(deed="take-up", file=None, yes=False)
