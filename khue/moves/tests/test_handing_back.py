"""A school's node gives no rows away while a pupil is on the way to or from another node's school."""

import pytest

from khue.exchange import actions as exchange
from khue.exchange import queries
from khue.foundation import clock
from khue.foundation.actor import SYSTEM
from khue.moves import queries as moves
from khue.moves.models import Move
from khue.moves.protocol import Side, State
from khue.moves.tests.country import Country, Place
from khue.moves.tests.test_moving import accepted, released


def open_at(place: Place) -> int:
    return place.call(lambda: moves.unfinished_moves(place.school.organisation.id).count())


def test_a_move_is_under_way_until_both_sides_have_heard_of_its_end(two_nodes: Country) -> None:
    new, old = two_nodes.new, two_nodes.old
    accepted(two_nodes)
    two_nodes.turns(1)
    assert (open_at(new), open_at(old)) == (1, 1)

    released(two_nodes)
    assert (open_at(new), open_at(old)) == (1, 1)
    two_nodes.turns(4)

    assert (open_at(new), open_at(old)) == (0, 0)


def test_a_school_hands_nothing_back_while_one_is_under_way(two_nodes: Country) -> None:
    own = next(place for place in (two_nodes.new, two_nodes.old) if place.call(queries.this_node).level == "school")

    def hand_back() -> None:
        exchange.hand_back_school(actor=SYSTEM, peer=queries.peer_above(), at=clock.now())

    accepted(two_nodes)
    two_nodes.turns(1)
    with pytest.raises(exchange.MattersOpen) as refused:
        own.call(hand_back)
    assert "1 hồ sơ đang trao đổi dở" in str(refused.value)

    released(two_nodes)
    two_nodes.turns(4)
    own.call(hand_back)
    assert own.call(queries.peer_above).handed_back_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{}, {"state": State.OPEN}, {"record": Move.Transcript.COMING}, {"heard": 0}])
def test_each_reason_counts(world, more: dict[str, object]) -> None:
    said = {"state": State.ASKING} if not more else {"state": State.BEGUN, **more}
    move = {"side": Side.RECEIVING, "other_code": "1", "other_name": "Trường", "version": 1, "heard": 1, **said}
    place = world.here.organisation
    for number, values in enumerate([move, {**move, "state": State.BEGUN, "heard": 1, "record": ""}]):
        thread = place.public_id if number else world.department.public_id
        Move.objects.create(organisation=place, thread=thread, other_node=thread, changed_at=clock.now(), **values)

    assert moves.unfinished_moves(place.id).count() == 1
    assert moves.unfinished_moves(world.elsewhere.organisation.id).count() == 0
