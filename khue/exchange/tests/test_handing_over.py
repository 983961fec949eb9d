"""A school whose department reports for it gets a node of its own: three databases, nothing lost, nothing twice."""

import pytest

from khue.exchange import actions, queries
from khue.exchange.actions.conversing import Told
from khue.exchange.models import HeldRecord, Passage, Peer, ReportedRecord, StaleSchool
from khue.exchange.tests.conftest import NodeBelow
from khue.exchange.tests.country import CODE, Country
from khue.exchange.tests.country import built as built
from khue.exchange.tests.country import country as country
from khue.foundation import clock, events, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow
from khue.identity.models import Account
from khue.messaging.models import Delivery
from khue.registry.models import Person
from tests import world as builders
from tests.world import NOON, World, actor


def versions(rows: list[tuple]) -> dict[tuple[str, str], int]:
    return {(kind, key): version for kind, key, version in rows}


def test_until_it_is_handed_over_the_department_keeps_and_reports_the_school(country: Country):
    _school, department, ministry = country.nodes
    before = country.live(ministry)

    country.send()

    with department.inside():
        assert [one.id for one in queries.own_schools(SYSTEM)] == [country.body.id]
        assert "kept_by_another" in set(HeldRecord.objects.values_list("rule", flat=True))
    assert set(before) <= set(country.live(ministry))
    assert len(before) > 10


def test_after_it_everything_stands_once_and_as_the_school_says(country: Country):
    school, department, ministry = country.nodes
    country.send()
    stood = versions(country.live(department))

    count = country.hand_over()
    meanwhile = country.live(department)
    done = country.take_up()
    country.send()

    told = country.live(school)
    assert country.live(department) == country.live(ministry) == told
    assert count >= done.raised > 0 < done.kept
    assert versions(meanwhile) == stood  # nothing was missing for a moment
    now = versions(told)
    assert all(now[key] >= version for key, version in stood.items() if key in now)
    assert ("class_secondary", "class.of-long-ago") in now
    with department.inside():
        rows = ReportedRecord.objects.filter(school_code=CODE).exclude(event="CANCEL")
        names = sorted(
            payload["hovaten"] for payload in rows.filter(kind="pupil_identity").values_list("payload", flat=True)
        )
        assert names == ["Nguyễn Văn A", "Nguyễn Văn B", "Nguyễn Văn C"]
        assert rows.filter(kind="school").count() == 1
        assert not ReportedRecord.objects.filter(peer=None, school_code=CODE).exists()
        assert not HeldRecord.objects.filter(mended_at=None, rule="kept_by_another").exists()
        assert Passage.objects.filter(deed="fetched", records__gt=0).exists()
    with school.inside():
        assert ReportedRecord.objects.exclude(recovered_hash=None).count() == 0
        assert not HeldRecord.objects.filter(mended_at=None, rule="kept_by_another").exists()
    assert country.low.heard() == country.low.told()


def test_what_happens_there_afterwards_arrives_and_here_nothing_is_collected(country: Country):
    school, department, ministry = country.nodes
    country.hand_over()
    country.take_up()
    country.send()
    with department.inside():
        Person.objects.filter(full_name="Nguyễn Văn B").update(birth_day=30)
        actions.mark_stale(actor=SYSTEM, organisation_id=country.body.id, at=clock.now())
        assert actions.collect_school(actor=SYSTEM, school=country.body, at=clock.now()).records == 0
        figure = actions.Figure(code="A6", year="2026-2027", definition=1, numerator=1, denominator=4, unknown=0)
        assert actions.report_figures(actor=SYSTEM, school=country.body, figures=[figure], at=clock.now()) == 0
        assert (StaleSchool.objects.count(), queries.own_schools(SYSTEM)) == (0, [])

    country.low.change(lambda: Person.objects.filter(full_name="Nguyễn Văn A").update(birth_day=9))
    assert country.low.send().records == 1
    country.high.send()

    assert country.live(ministry) == country.live(department) == country.live(school)
    with ministry.inside():
        days = ReportedRecord.objects.filter(kind="pupil_identity").exclude(event="CANCEL")
        assert sorted(row.payload["ngaythangnamsinh"][-2:] for row in days) == ["02", "02", "09"]


def test_it_may_be_taken_up_again_and_after_a_restore(country: Country):
    school, department, _ministry = country.nodes
    country.hand_over()
    backup = school.back_up()
    country.take_up()
    country.send()
    stood = country.live(department)

    again = country.take_up()
    assert (again.raised, again.kept, again.collected.changed) == (0, 0, 0)
    assert country.low.send().records == 0
    school.restore(backup)
    country.low.send()
    country.take_up()
    country.send()

    assert [row[:2] for row in country.live(department)] == [row[:2] for row in stood]
    assert country.low.heard() == country.low.told()
    assert Told()


def test_a_node_without_its_schools_rows_takes_nothing_up(country: Country):
    school, department, _ministry = country.nodes
    country.hand_over()
    with school.inside():
        ReportedRecord.objects.all().delete()
    stood = country.live(department)

    with pytest.raises(actions.NothingCollected):
        country.take_up()

    assert (country.live(school), country.live(department)) == ([], stood)


def test_letters_find_the_schools_own_node(country: Country):
    school, department, ministry = country.nodes
    with school.inside():
        own = queries.this_node().node
    country.hand_over()

    with department.inside():
        actions.list_schools_below(actor=SYSTEM, at=clock.now())
        (told,) = queries.nodes_below()
        assert (told.node, told.schools) == (str(own), [CODE])
        assert queries.far_school(CODE).node_id == own
        peer = Peer.objects.get(direction="above")
    with ministry.inside():
        lower = Peer.objects.get(node__isnull=False, direction="below")
        actions.keep_nodes_behind(actor=queries.actor_of(lower), peer=lower, nodes=[told], at=clock.now())
        actions.list_schools_below(actor=SYSTEM, at=clock.now())
        assert queries.far_school(CODE).node_id == own
    assert peer.handed_over_at is None


@pytest.mark.django_db
def test_an_officer_hands_over_on_the_page_and_people_are_told(below: NodeBelow, named: World, client_of):
    school = named.elsewhere.organisation
    officer = builders.person("Lê Thị Sở", named.department, "staff")
    Account.objects.filter(id=named.department_officer.id).update(person=officer)
    Peer.objects.filter(id=below.peer.id).update(is_active=False)
    actions.collect_school(actor=SYSTEM, school=school, at=NOON)
    Peer.objects.filter(id=below.peer.id).update(is_active=True)
    client, address = client_of(named.department_officer), f"/exchange/peers/{below.peer.public_id}/"
    assert "Giao cho hệ thống của trường" in client.get(address).content.decode()

    for somebody in (named.elsewhere.head, named.here.head, named.here.clerk):
        assert client_of(somebody).post(f"{address}hand-over/").status_code in (403, 404)
    assert not ReportedRecord.objects.filter(peer=below.peer).exists()
    assert client.post(f"{address}hand-over/").status_code == 303

    assert not ReportedRecord.objects.filter(peer=None).exists()
    assert Peer.objects.get(id=below.peer.id).copies == ReportedRecord.objects.count() > 0
    assert "Hệ thống của trường giữ dữ liệu từ" in client.get(address).content.decode()
    assert AuditRow.objects.filter(verb="school.handed_over").count() == 1
    events.deliver_now()
    told = set(Delivery.objects.filter(message__kind="exchange").values_list("recipient_id", flat=True))
    assert {named.elsewhere.head.person_id, named.elsewhere.clerk.person_id, officer.id} <= told
    refused = client.post(f"{address}hand-over/")
    assert "không còn giữ dữ liệu nào" in refused.content.decode()


@pytest.mark.django_db
def test_who_may_not_hands_nothing_over(below: NodeBelow, named: World):
    peer = below.peer
    for somebody in (actor(named.elsewhere.head), queries.actor_of(peer)):
        with scope.of(somebody), pytest.raises(Forbidden):
            actions.hand_over_school(actor=somebody, peer=peer, at=NOON)
    peer.refresh_from_db()
    assert peer.handed_over_at is None
