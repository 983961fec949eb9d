"""What a node writes down of schools for those below it: only changes, in order, however long the list is."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from khue.exchange import actions, queries, tasks
from khue.exchange.events import NodesChanged, RecordsReceived
from khue.exchange.letter_answers import Changes, Known, School
from khue.exchange.models import FarSchool, KnownNode, ListedSchool, Peer
from khue.exchange.tests.conftest import NodeBelow
from khue.foundation import clock, haste
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.models import OutboxEvent
from tests.world import NOON, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(below: NodeBelow) -> NodeBelow:
    """A department with one school of its own and one that reports from its node, both written down."""
    said = {"matruong": below.school, "tentruong": "Trường A", "manhomcaphoc": "03", "maloaihinhtruong": "1"}
    school = below.record("school.1", kind="school", **said)
    assert below.accept(below.batch(school)).taken == 1
    below.peer.refresh_from_db()
    assert actions.write_listing(actor=SYSTEM, at=NOON) == 2
    return below


def changes(listed: NodeBelow, after: int = 0) -> Changes:
    return queries.changes_for(listed.peer, after)


def stranger(name: str) -> Peer:
    """Another neighbour below: it hears of the other's schools."""
    return Peer(node=uuid4(), name=name)


def test_who_asks_hears_of_all_but_its_own_schools_and_by_which_keys(listed: NodeBelow, named: World) -> None:
    own, others = changes(listed), queries.changes_for(stranger("x"), 0)

    here, elsewhere = named.here.organisation.code, named.elsewhere.organisation.code
    assert ([one.code for one in own.schools], own.gone) == ([here], [elsewhere])
    assert {one.code: one.node for one in others.schools} == {
        here: str(queries.this_node().node), elsewhere: str(listed.peer.node),
    }  # fmt: skip
    assert {one.node: one.keys for one in others.nodes}[str(listed.peer.node)] == listed.peer.keys
    assert (own.position, own.more) == (queries.listed_position(), False)


def test_what_did_not_change_is_not_told_again_and_positions_only_grow(listed: NodeBelow, named: World) -> None:
    """Also when this node's clock goes back by a year."""
    first = queries.listed_position()
    assert actions.write_listing(actor=SYSTEM, at=NOON) == 0
    assert changes(listed, first) == Changes([], [], [], first, more=False)

    named.here.organisation.name = "THCS Mới"
    named.here.organisation.save()
    assert actions.write_listing(actor=SYSTEM, at=NOON - timedelta(days=400)) == 1
    assert [one.name for one in changes(listed, first).schools] == ["THCS Mới"]
    assert queries.listed_position() == first + 1
    named.here.organisation.valid_to = clock.today()
    named.here.organisation.save()
    assert actions.write_listing(actor=SYSTEM, at=NOON) == 1
    assert changes(listed, first + 1).gone == [named.here.organisation.code]
    assert actions.write_listing(actor=SYSTEM, at=NOON) == 0


def test_new_keys_of_a_node_are_a_change_of_its_schools(listed: NodeBelow) -> None:
    before = queries.listed_position()
    Peer.objects.filter(id=listed.peer.id).update(keys=[])

    assert actions.write_listing(actor=SYSTEM, at=NOON) == 1
    assert queries.changes_for(stranger("x"), before).nodes == [Known(str(listed.peer.node), listed.peer.name, [])]


@pytest.mark.parametrize("schools", [3, 30])
def test_telling_a_change_costs_the_same_however_long_the_list_is(listed: NodeBelow, schools: int) -> None:
    far = KnownNode.objects.create(node=uuid4(), name="Sở GD&ĐT Huế", keys=[], heard_at=NOON)
    FarSchool.objects.bulk_create(FarSchool(code=f"{n:08}", name=f"Trường {n}", node=far) for n in range(schools))
    assert actions.write_listing(actor=SYSTEM, at=NOON) == schools
    position = queries.listed_position()
    FarSchool.objects.filter(code="00000001").update(name="THCS Mới")

    with CaptureQueriesContext(connection) as written:
        assert actions.write_listing(actor=SYSTEM, at=NOON) == 1
    with CaptureQueriesContext(connection) as read:
        found = changes(listed, position)

    assert [one.name for one in found.schools] == ["THCS Mới"]
    assert (len(written), len(read)) == (WRITTEN, READ)


#: Statements that write down one change of any number of schools, savepoints among them; and that tell of it.
WRITTEN, READ = 18, 4


def test_however_many_events_there_were_the_clock_does_each_chore_once() -> None:
    for _event in range(1000):
        tasks.note_nodes(NodesChanged(None))
        tasks.note_schools(RecordsReceived(1, peer_id=1, taken=9))
    assert [haste.taken(chore) for chore in (tasks.BELOW, tasks.MAIL, tasks.REPORT)] == [True, True, False]
    tasks.note_schools(RecordsReceived(1, peer_id=1, taken=9, schools=1))
    assert [haste.taken(chore) for chore in (tasks.BELOW, tasks.MAIL, tasks.REPORT)] == [True, True, True]
    assert not haste.taken(tasks.BELOW)


def test_what_is_the_same_as_before_is_no_news(listed: NodeBelow) -> None:
    news = OutboxEvent.objects.filter(name=NodesChanged.name)
    before = news.count()
    above = Peer.objects.create(
        organisation=listed.peer.organisation, node=uuid4(), name="Bộ", level="ministry", direction="above",
        admitted_at=NOON,
    )  # fmt: skip
    node = Known(str(uuid4()), "Sở GD&ĐT Huế", listed.peer.keys)
    told = Changes([node], [School("46300022", "THCS Vỹ Dạ", node.node)], [], 7, more=False)
    for _time in range(2):
        actions.list_far_schools(
            actor=SYSTEM, peer=above, nodes=told.nodes, schools=told.schools, position=7, at=NOON
        )  # fmt: skip
    assert news.count() == before + 1
    actions.follow_far_schools(actor=SYSTEM, peer=above, changes=Changes([], [], [], 9, more=False), at=NOON)
    assert news.count() == before + 1
    above.refresh_from_db()
    assert (above.listed, above.listed_at) == (9, NOON)


def test_who_may_not_writes_no_list_and_follows_none(listed: NodeBelow, named: World) -> None:
    head = actor(named.elsewhere.teacher)
    ListedSchool.objects.update(digest="")
    before = (list(ListedSchool.objects.order_by("code").values()), FarSchool.objects.count())
    told = Changes([], [], ["46300022"], 1, more=False)

    with pytest.raises(Forbidden):
        actions.write_listing(actor=actor(named.here.head), at=NOON)
    with pytest.raises(Forbidden):
        actions.follow_far_schools(actor=head, peer=listed.peer, changes=told, at=NOON)

    assert (list(ListedSchool.objects.order_by("code").values()), FarSchool.objects.count()) == before
