"""The child's whole record, sealed at the old school, arrives in pieces and is judged at the new one."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from khue.exchange.models import Letter
from khue.foundation.models import StoredFile
from khue.messaging.models import Message
from khue.moves import words
from khue.moves.models import Move, Piece
from khue.moves.tests.country import Country, nothing_lost
from khue.moves.tests.test_moving import accepted, released, states
from khue.records.models import Issue, ReceivedPackage, ReceivedSheet
from khue.records.tests.authority import authority as opened

pytestmark = pytest.mark.usefixtures("press")


def record(provinces: Country) -> list[str]:
    return [
        place.call(lambda: Move.objects.values_list("record", flat=True).get())
        for place in (provinces.new, provinces.old)
    ]


def later(provinces: Country) -> None:
    """A quarter of an hour goes by."""
    for place in (provinces.new, provinces.old):
        with place.node.inside():
            for move in Move.objects.all():
                move.posted_at = move.posted_at and move.posted_at - timedelta(minutes=15)
                move.pieces_at = move.pieces_at and move.pieces_at - timedelta(minutes=15)
                move.save()


def test_the_whole_record_arrives_signed(sealed: Country) -> None:
    accepted(sealed)
    sealed.turns(1)
    released(sealed)
    sealed.turns(3)

    assert record(sealed) == ["taken", "taken"]
    with sealed.new.node.inside():
        sheet = ReceivedSheet.objects.get()
        assert (sheet.school, sheet.verdict) == ("THCS Mỹ An", "valid")
        assert sheet.person_id == Move.objects.get().person_id
        assert not Piece.objects.exists()
        assert Message.objects.filter(subject="Hồ sơ học tập đã tới nơi").count() == 1
    with sealed.old.node.inside():
        assert Issue.objects.get(kind="package").to == "THCS Vỹ Dạ"
        assert not StoredFile.objects.filter(purpose="moves.package").exists()  # what was taken is not kept twice


def test_a_line_cut_in_the_middle_of_the_package_goes_on_where_it_stopped(sealed: Country, monkeypatch) -> None:
    monkeypatch.setattr(words, "PIECE", 12 * 1024)
    accepted(sealed)
    sealed.turns(1)
    released(sealed)
    with sealed.old.node.inside():
        pieces = Move.objects.get().release["package"]["pieces"]
    assert pieces > 4
    handed = {"n": 0}

    def after_three(path: str) -> str:
        handed["n"] += path == "/letters"
        return "answer" if handed["n"] == 3 else "request" if handed["n"] > 3 else ""

    sealed.old.line.loses = after_three
    sealed.old.turn()
    sealed.new.turn()
    assert record(sealed) == ["coming", "coming"]
    with sealed.new.node.inside():
        assert list(Piece.objects.order_by("number").values_list("number", flat=True)) == [1, 2]

    sealed.old.line.loses = nothing_lost
    sealed.old.line.asked.clear()
    sealed.turns(3)

    # The third arrived though its answer was lost: it is handed over again, and no piece before it.
    words_said = 2
    assert sealed.old.line.asked.count("/letters") <= pieces - 1 + words_said
    assert record(sealed) == ["taken", "taken"]


def test_a_piece_that_the_node_between_lost_is_asked_for_again(sealed: Country, monkeypatch) -> None:
    monkeypatch.setattr(words, "PIECE", 12 * 1024)
    accepted(sealed)
    sealed.turns(1)
    released(sealed)
    sealed.old.turn()
    with sealed.ministry.inside():
        assert Letter.objects.filter(part=2).delete()[0] == 1
    sealed.turns(2)
    assert record(sealed) == ["coming", "coming"]

    later(sealed)
    sealed.old.line.asked.clear()
    sealed.turns(4)

    assert record(sealed) == ["taken", "taken"]
    assert sealed.old.line.asked.count("/letters") <= 5  # the missing piece and a few words, not the package


def test_a_record_of_an_authority_nobody_trusts_is_not_taken_and_both_schools_hear(sealed: Country, settings) -> None:
    accepted(sealed)
    sealed.turns(1)
    released(sealed)
    with opened() as stranger:
        roots = settings.TRUST_FILE + ".other"
        with open(roots, "wb") as file:
            file.write(stranger.root.certificate.public_bytes(Encoding.PEM))
        settings.TRUST_FILE = roots
        sealed.turns(3)

    assert record(sealed) == ["bad", "bad"]
    assert states(sealed) == [("begun", "released"), ("released", "begun")]  # the child has its place all the same
    for place in (sealed.new, sealed.old):
        with place.node.inside():
            assert not ReceivedPackage.objects.exists()
            said = Message.objects.get(subject="Hồ sơ học tập chuyển trường chưa dùng được")
            assert Move.objects.get().record_problem
            del said
