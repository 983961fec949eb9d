"""Two schools with nodes of their own, in two provinces: five nodes; letters go up to the Ministry and down."""

from datetime import timedelta
from random import Random

import msgspec
import pytest
from django.test import Client

from khue.exchange import actions as exchange
from khue.exchange import keys, letters
from khue.exchange import queries as letter_queries
from khue.exchange.client import PeerRefused
from khue.exchange.letter_answers import Behind, Known, School
from khue.exchange.models import FarSchool, KnownNode, Letter, Peer
from khue.exchange.signatures import Signer
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.moves import words
from khue.moves.models import Move
from khue.moves.tests.country import NUMBER, Chain, Place, nothing_lost
from khue.moves.tests.sealing import sealed_at
from khue.moves.tests.test_lines import here
from khue.moves.tests.test_moving import accepted, released, states
from khue.moves.tests.test_packages import record
from khue.records.models import ReceivedSheet
from khue.records.tests.conftest import ca  # noqa: F401  a fixture
from tests import world as worlds


def node_of(place: Place):
    with place.node.inside():
        return letter_queries.this_node()


def test_every_node_knows_on_which_node_a_school_is(five_nodes: Chain) -> None:
    old, new = (node_of(place).node for place in (five_nodes.old, five_nodes.new))
    with five_nodes.ministry.inside():
        far = {one.node: one for one in KnownNode.objects.filter(node__in=[old, new])}
        assert {one.name: (one.behind.name, one.schools) for one in far.values()} == {
            "THCS Mỹ An": ("Sở GD&ĐT Đồng Tháp", ["82300011"]), "THCS Vỹ Dạ": ("Sở GD&ĐT Huế", ["46300022"]),
        }  # fmt: skip
    for place in (five_nodes.departments[0], five_nodes.old):
        with place.node.inside():
            assert FarSchool.objects.get(code="46300022").node_id == new
            assert FarSchool.objects.get(code="46300099").node_id == node_of(five_nodes.departments[1]).node
    with five_nodes.new.node.inside():  # a neighbour's school that has no node of its own is its department's
        rows = FarSchool.objects.order_by("code").values_list("code", "is_below")
        assert list(rows) == [("46300099", False), ("82300011", False), ("82300099", False)]


def test_a_pupil_moves_between_schools_whose_nodes_are_four_steps_apart(five_nodes: Chain) -> None:
    accepted(five_nodes)
    five_nodes.turns(1)
    assert states(five_nodes) == [("asking", "open"), ("open", "asking")]
    released(five_nodes)
    five_nodes.turns(2)

    assert states(five_nodes) == [("begun", "released"), ("released", "begun")]
    assert here(five_nodes) == [True, False]
    for node in (five_nodes.ministry, *(place.node for place in five_nodes.departments)):
        with node.inside():
            assert not Letter.objects.exists()
            assert not Move.objects.exists()
            deeds = set(AuditRow.objects.filter(verb__startswith="letter").values_list("verb", flat=True))
            assert {"letter.taken", "letters.passed"} <= deeds


def test_who_carries_a_letter_cannot_read_it(five_nodes: Chain) -> None:
    accepted(five_nodes)
    nodes = [five_nodes.departments[1].node, five_nodes.ministry, five_nodes.departments[0].node]
    steps = [five_nodes.new, five_nodes.departments[1], five_nodes.departments[0]]
    for place, node in zip(steps, nodes, strict=True):
        place.turn()
        with node.inside():
            content = bytes(Letter.objects.get().content)
            for plain in (NUMBER.encode(), five_nodes.child.full_name.encode()):
                assert plain not in content
            with pytest.raises(letters.UnusableLetter):
                letters.opened(content, keys.opening_key(1))
    five_nodes.old.turn()
    assert states(five_nodes)[1] == ("open", "asking")


def test_what_is_lost_on_any_of_four_lines_moves_the_child_once(five_nodes: Chain) -> None:
    chance = Random(5)

    def loses(path: str) -> str:
        return chance.choice(["request", "answer", "", "", ""]) if path.startswith("/letters") else ""

    accepted(five_nodes)
    for place in five_nodes.places:
        place.line.loses = loses
    for turn in range(12):
        if turn == 5:
            for place in five_nodes.places:
                place.line.loses = nothing_lost
            five_nodes.turns(1)
            released(five_nodes)
            for place in five_nodes.places:
                place.line.loses = loses
        five_nodes.turns(1)
        assert sum(here(five_nodes)) <= 1
    for place in five_nodes.places:
        place.line.loses = nothing_lost
    five_nodes.turns(3)

    assert states(five_nodes) == [("begun", "released"), ("released", "begun")]
    assert here(five_nodes) == [True, False]


@pytest.mark.usefixtures("press")
def test_the_whole_record_goes_the_same_way_in_pieces_and_arrives_signed(
    five_nodes: Chain, ca, settings, tmp_path, monkeypatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.setattr(words, "PIECE", 12 * 1024)
    sealed_at(five_nodes, ca, settings, tmp_path)
    accepted(five_nodes)
    five_nodes.turns(1)
    released(five_nodes)
    five_nodes.old.turn()
    with five_nodes.departments[0].node.inside():  # the relay holds them, and one is cut off on the next line
        pieces = Letter.objects.filter(part__gt=0).count()
        assert pieces > 4
    handed = {"n": 0}

    def after_two(path: str) -> str:
        handed["n"] += path == "/letters"
        return "answer" if handed["n"] == 2 else "request" if handed["n"] > 2 else ""

    five_nodes.departments[0].line.loses = after_two
    five_nodes.turns(1)
    assert record(five_nodes) != ["taken", "taken"]
    five_nodes.departments[0].line.loses = nothing_lost
    five_nodes.turns(3)

    assert record(five_nodes) == ["taken", "taken"]
    with five_nodes.new.node.inside():
        sheet = ReceivedSheet.objects.get()
        assert (sheet.school, sheet.verdict) == ("THCS Mỹ An", "valid")


def test_a_node_between_that_was_restored_from_before_it_knew_of_the_schools_carries_on(five_nodes: Chain) -> None:
    """The Ministry's node has forgotten who is behind whom: of the writer it is told at once, of the reader soon."""
    with five_nodes.ministry.inside():
        KnownNode.objects.update(behind=None, schools=[])
    with five_nodes.departments[0].node.inside():
        Peer.objects.update(nodes_told_at=clock.now() - timedelta(minutes=11))
    accepted(five_nodes)
    five_nodes.turns(2)

    assert states(five_nodes) == [("asking", "open"), ("open", "asking")]


def test_a_letter_that_is_not_taken_holds_up_no_other(five_nodes: Chain) -> None:
    accepted(five_nodes)
    with five_nodes.new.node.inside():
        real = Letter.objects.get()
        for number in range(3):  # written before the one that has a way
            astray = Letter(
                organisation_id=real.organisation_id, thread=node_of(five_nodes.old).node, part=number,
                from_node=real.from_node, to_node=real.from_node, content=b"x", digest="", kept_at=clock.now(),
            )  # fmt: skip
            astray.to_node = astray.thread
            astray.id = number - 10
            astray.save()
    five_nodes.turns(1)

    assert states(five_nodes)[1] == ("open", "asking")
    with five_nodes.new.node.inside():
        stuck = Letter.objects.filter(id__lt=0)
        assert stuck.count() == 3
        assert all(0 < letter.tries <= 5 and letter.problem for letter in stuck)


def below(place: Place, node: Behind) -> int:
    with place.node.at(), place.caller() as caller:
        return caller.tell([node])


def test_a_node_cannot_put_another_branch_behind_itself(five_nodes: Chain) -> None:
    """Neither another department, nor its school, nor the Ministry, nor a school it never reported."""
    one, other = five_nodes.departments
    with five_nodes.ministry.inside():
        before = list(KnownNode.objects.order_by("id").values_list("node", "behind__name", "keys"))
        own = letter_queries.own_card()
    mine = node_of(one)
    with one.node.at():
        stolen = keys.public_keys(1)
    for place in (five_nodes.new, other):
        assert below(one, Behind(f"{node_of(place).node}", "x", stolen, ["46300022"])) == 0
    assert below(one, Behind(own.node, "x", stolen, ["46300022"])) == 0
    assert below(one, Behind(f"{mine.node}", "x", stolen, [])) == 0
    unknown = "00000000-0000-4000-8000-000000000001"
    assert below(one, Behind(unknown, "x\0", stolen, ["46300022", "46300099", "a\0", "9" * 99])) == 1

    with five_nodes.ministry.inside():
        kept = list(KnownNode.objects.exclude(node=unknown).order_by("id").values_list("node", "behind__name", "keys"))
        assert [row for row in kept if row[0] != node_of(five_nodes.old).node] == [
            row for row in before if row[0] != node_of(five_nodes.old).node
        ]
        # The listing tells nobody that the other province's schools are with the one that claims them.
        peer = Peer.objects.get(name="Sở GD&ĐT Huế")
        schools = {each.code: each.node for each in letter_queries.listing_for(peer, "").schools}
        assert "46300022" not in schools
        assert unknown not in schools.values()


def test_the_node_above_says_nothing_of_schools_that_are_ours(five_nodes: Chain) -> None:
    one = five_nodes.departments[0]
    with one.node.inside():
        before = list(FarSchool.objects.order_by("code").values_list("code", "node_id", "is_below"))
        above, stranger = Peer.objects.get(direction="above"), KnownNode.objects.get(name="Sở GD&ĐT Huế")
        lies = [School(code, "x", f"{stranger.node}") for code in ("82300011", "82300099")]
        truth = [School(code, name, f"{node}") for code, name, node in _listed()]
        nodes = [Known(f"{each.node}", each.name, each.keys) for each in KnownNode.objects.all()]
        exchange.list_far_schools(actor=SYSTEM, peer=above, nodes=nodes, schools=truth + lies, at=clock.now())
        assert list(FarSchool.objects.order_by("code").values_list("code", "node_id", "is_below")) == before


def _listed() -> list[tuple[str, str, object]]:
    return list(FarSchool.objects.filter(is_below=False).values_list("code", "name", "node_id"))


def test_a_letter_of_a_node_that_lies_elsewhere_is_not_taken(five_nodes: Chain) -> None:
    """A department brings its schools' letters and no others; and none goes back to where it came from."""
    accepted(five_nodes)
    five_nodes.new.turn()
    with five_nodes.departments[1].node.inside():
        genuine = bytes(Letter.objects.get().content)
    one = five_nodes.departments[0]
    with one.node.at(), one.caller() as caller, pytest.raises(PeerRefused) as refused:
        caller.hand_over(genuine)  # it is of the other province
    assert refused.value.code == "letter_not_genuine"
    old = node_of(five_nodes.old)
    with five_nodes.departments[0].node.inside():
        known = KnownNode.objects.get(node=old.node)
        own = letter_queries.this_node()
    with five_nodes.departments[0].node.at(), five_nodes.departments[0].caller() as caller:
        back = letters.written(Signer(str(own.node), 1), str(old.node), known.keys, old.node, 0, b"{}")
        with pytest.raises(PeerRefused) as refused:
            caller.hand_over(back)
    assert refused.value.code == "no_way_there"
    with five_nodes.ministry.inside():
        assert not Letter.objects.exists()


def test_strangers_and_people_say_nothing_about_nodes(five_nodes: Chain) -> None:
    for node in (five_nodes.ministry, *(place.node for place in five_nodes.places)):
        with node.at():
            for headers in ({}, {"authorization": "Bearer x"}):
                answer = Client().post(
                    "/api/exchange/nodes", b"[]", content_type="application/octet-stream", headers=headers
                )
                assert (answer.status_code, answer.json()["code"]) == (401, "not_a_peer")
    one = five_nodes.departments[0]
    with one.node.at(), one.caller() as caller:
        for body in (b"", b"{", b"[1]", b'[{"node":1}]'):
            with pytest.raises(PeerRefused):
                caller._ask("/nodes", body, msgspec.Raw)
    with one.node.inside():
        officer, peer = worlds.actor(one.school.head), Peer.objects.get(direction="below")
        before = list(KnownNode.objects.order_by("id").values())
    with one.node.at(), scope.of(officer), pytest.raises(Forbidden):
        exchange.keep_nodes_behind(actor=officer, peer=peer, nodes=[], at=clock.now())
    with one.node.inside():
        assert list(KnownNode.objects.order_by("id").values()) == before


def test_letters_that_nobody_fetches_are_forgotten_after_a_month(five_nodes: Chain) -> None:
    accepted(five_nodes)
    five_nodes.new.turn()
    with five_nodes.departments[1].node.inside():
        assert exchange.forget_letters(actor=SYSTEM, at=clock.now()) == 0
        Letter.objects.update(kept_at=clock.now() - timedelta(days=31))
        assert exchange.forget_letters(actor=SYSTEM, at=clock.now()) == 1
