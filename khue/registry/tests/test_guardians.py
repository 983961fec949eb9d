from datetime import date

import pytest

from khue.foundation.errors import Forbidden
from khue.foundation.models import AuditRow, OutboxEvent
from khue.registry import actions, queries
from khue.registry.actions import Appointment
from khue.registry.models import Affiliation, Guardianship, Person
from tests.world import TODAY, World, actor, person


@pytest.fixture
def child(world: World) -> Person:
    return world.here.pupils[0].person


@pytest.fixture
def father(world: World) -> Person:
    return person("Nguyễn Văn Cha", world.here.organisation, "staff")


def appoint(world: World, child: Person, guardian: Person, **rights: object) -> Guardianship:
    return actions.appoint_guardian(
        actor=actor(world.here.clerk), child=child, guardian=guardian, relationship="father", on=TODAY, **rights
    )


def test_a_child_has_several_guardians_with_their_own_rights(world: World, child: Person, father: Person) -> None:
    appoint(world, child, father, may_decide=False)

    rights = {
        r.guardian_id: (r.relationship, r.receives_messages, r.may_decide)
        for r in queries.guardians_of([child.id])[child.id]
    }
    assert rights == {
        world.here.guardians[0].person_id: ("mother", True, True),
        father.id: ("father", True, False),
    }
    assert Affiliation.objects.filter(person=father, kind="guardian", organisation=world.here.organisation).exists()
    assert queries.wards_of(father.id) == {child.id}


def test_a_guardian_has_several_children(world: World, father: Person) -> None:
    for account in world.here.pupils:
        appoint(world, account.person, father)

    assert queries.wards_of(father.id) == {account.person_id for account in world.here.pupils}
    assert Affiliation.objects.filter(person=father, kind="guardian").count() == 1


def test_nobody_looks_after_oneself(world: World, child: Person) -> None:
    with pytest.raises(actions.GuardianOfSelf):
        appoint(world, child, child)

    assert Guardianship.objects.filter(child=child).count() == 1


def test_a_barred_guardian_receives_and_decides_nothing_until_the_bar_is_lifted(world: World, child: Person) -> None:
    clerk = actor(world.here.clerk)
    row = Guardianship.objects.get(child=child)
    actions.bar_guardian(actor=clerk, guardianship=row, court_decision="12/2026/QĐ-TA ngày 02/10/2026")

    (rights,) = queries.guardians_of([child.id])[child.id]
    assert (rights.is_barred, rights.receives_messages, rights.may_decide) == (True, False, False)
    assert queries.guardians_to_tell([child.id], TODAY) == {child.id: []}
    assert queries.wards_of(row.guardian_id) == frozenset()
    with pytest.raises(actions.GuardianBarred):
        actions.change_guardian_rights(actor=clerk, guardianship=row, receives_messages=True, may_decide=True)
    with pytest.raises(actions.GuardianBarred):
        appoint(world, child, row.guardian)

    actions.lift_bar(actor=clerk, guardianship=row, court_decision="15/2026/QĐ-TA")
    (rights,) = queries.guardians_of([child.id])[child.id]
    assert (rights.is_barred, rights.receives_messages, rights.may_decide) == (False, True, True)
    verbs = AuditRow.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["guardian.barred", "guardian.bar_lifted"]
    assert OutboxEvent.objects.filter(name="registry.guardian_rights_changed").count() == 2


def test_rights_are_changed_and_end_by_the_childs_school_alone(world: World, child: Person, father: Person) -> None:
    row = Guardianship.objects.get(child=child)
    for who in (world.here.teacher, world.here.guardians[0], world.elsewhere.clerk):
        stranger = actor(who)
        with pytest.raises(Forbidden):
            actions.change_guardian_rights(actor=stranger, guardianship=row, receives_messages=False, may_decide=False)
        with pytest.raises(Forbidden):
            actions.bar_guardian(actor=stranger, guardianship=row, court_decision="x")
        with pytest.raises(Forbidden):
            actions.lift_bar(actor=stranger, guardianship=row, court_decision="x")
        with pytest.raises(Forbidden):
            actions.end_guardianship(actor=stranger, guardianship=row, on=TODAY)
        with pytest.raises(Forbidden):
            actions.appoint_guardian(actor=stranger, child=child, guardian=father, relationship="father", on=TODAY)

    row.refresh_from_db()
    assert (row.receives_messages, row.may_decide, row.is_barred, row.valid_to) == (True, True, False, None)
    assert Guardianship.objects.filter(child=child).count() == 1


def test_an_ended_guardianship_counts_no_more(world: World, child: Person) -> None:
    row = Guardianship.objects.get(child=child)
    actions.end_guardianship(actor=actor(world.here.clerk), guardianship=row, on=date(2026, 10, 1))

    assert queries.guardians_of([child.id]) == {}
    assert queries.wards_of(row.guardian_id) == frozenset()


def test_many_guardians_are_appointed_at_once_and_a_second_time_without_effect(world: World, father: Person) -> None:
    rows = [Appointment(account.person_id, father.id, "father") for account in world.here.pupils]
    rows += [
        Appointment(father.id, father.id, "father"),
        Appointment(world.elsewhere.pupils[0].person_id, father.id, "other"),
    ]
    arguments = {"actor": actor(world.here.clerk), "organisation": world.here.organisation, "on": TODAY}

    assert actions.appoint_guardians(appointments=rows, **arguments) == 3  # type: ignore[arg-type]
    assert actions.appoint_guardians(appointments=rows, **arguments) == 0  # type: ignore[arg-type]
    assert queries.wards_of(father.id) == {account.person_id for account in world.here.pupils}
    with pytest.raises(Forbidden):
        actions.appoint_guardians(
            actor=actor(world.elsewhere.clerk), organisation=world.here.organisation, appointments=rows, on=TODAY
        )


def test_a_clerk_changes_rights_and_bars_on_the_page(world: World, child: Person, client_of) -> None:
    row = Guardianship.objects.get(child=child)
    client = client_of(world.here.clerk)
    path = f"/guardianships/{row.id}/"

    assert client.get(path).status_code == 200
    assert client.post(path, {"receives_messages": "on"}).status_code == 303
    assert client.post(f"{path}bar/", {"court_decision": ""}).status_code == 422
    assert client.post(f"{path}bar/", {"court_decision": "12/2026/QĐ-TA"}).status_code == 303
    row.refresh_from_db()
    assert (row.receives_messages, row.may_decide, row.is_barred) == (True, False, True)
    assert "12/2026/QĐ-TA" in client.get(path).content.decode()
    assert client.post(f"{path}lift/", {"court_decision": "15/2026/QĐ-TA"}).status_code == 303
    for stranger in (world.here.teacher, world.elsewhere.clerk, world.here.guardians[0]):
        assert client_of(stranger).get(path).status_code == 404
        assert client_of(stranger).post(f"{path}bar/", {"court_decision": "x"}).status_code == 404


def test_the_childs_page_names_the_guardians_and_their_rights(world: World, child: Person, client_of) -> None:
    row = Guardianship.objects.select_related("guardian").get(child=child)

    shown = client_of(world.here.clerk).get(f"/people/{child.public_id}/").content.decode()
    other = client_of(world.here.clerk).get(f"/people/{row.guardian.public_id}/").content.decode()

    assert row.guardian.full_name in shown
    assert "Được quyết định" in shown
    assert child.full_name in other
