"""Guardians on pages, and what a court's bar takes away at every door."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation.actor import SYSTEM
from khue.foundation.models import AuditRow
from khue.foundation.tests.processes import free_port
from khue.identity.models import Account
from khue.identity.queries import actor_of
from khue.messaging import actions as messaging
from khue.messaging import queries as messages
from khue.messaging import tasks
from khue.messaging.models import Delivery
from khue.registry import actions, queries
from khue.registry.models import Guardianship
from tests.world import NOON, TODAY, World, actor, enrol, person

ClientOf = Callable[[Account], Client]


def test_a_clerk_finds_an_adult_and_appoints_a_guardian(world: World, client_of: ClientOf) -> None:
    child, adult = world.here.pupils[0].person, world.here.guardians[1].person
    client = client_of(world.here.clerk)
    path = f"/people/{child.public_id}/guardians/"

    assert f"{path}{adult.public_id}/" in client.get(f"{path}?q=phu+huynh").content.decode()
    assert client.get(f"{path}{adult.public_id}/").status_code == 200
    assert client.post(f"{path}{adult.public_id}/", {"on": "23/11/2026"}).status_code == 422
    given = {"relationship": "father", "on": "23/11/2026", "receives_messages": "on"}
    assert client.post(f"{path}{adult.public_id}/", given).status_code == 303

    row = Guardianship.objects.get(child=child, guardian=adult)
    assert (row.relationship, row.receives_messages, row.may_decide, row.valid_from) == ("father", True, False, TODAY)
    assert queries.wards_of(adult.id) == {child.id, world.here.pupils[1].person_id}
    assert AuditRow.objects.get(verb="guardian.appointed").details["child"] == child.id


def test_nobody_else_appoints_and_strangers_find_no_such_child(world: World, client_of: ClientOf) -> None:
    child, adult = world.here.pupils[0].person, world.here.guardians[1].person
    path = f"/people/{child.public_id}/guardians/{adult.public_id}/"
    given = {"relationship": "father", "on": "23/11/2026"}
    count = Guardianship.objects.count()

    assert client_of(world.here.teacher).post(path, given).status_code == 403
    assert client_of(world.here.guardians[0]).post(path, given).status_code == 403
    for stranger in (world.elsewhere.clerk, world.here.pupils[1], world.elsewhere.guardians[0]):
        assert client_of(stranger).get(path).status_code == 404
        assert client_of(stranger).post(path, given).status_code == 404
        assert client_of(stranger).get(f"/people/{child.public_id}/guardians/").status_code == 404

    assert Guardianship.objects.count() == count


def test_a_guardianship_ends_on_its_page_and_not_before_it_began(world: World, client_of: ClientOf) -> None:
    row = Guardianship.objects.get(child=world.here.pupils[0].person)
    client = client_of(world.here.clerk)
    path = f"/guardianships/{row.id}/end/"

    assert client.post(path, {"on": "01/01/2020"}).status_code == 422
    for stranger in (world.here.teacher, world.elsewhere.clerk, world.here.guardians[0]):
        assert client_of(stranger).post(path, {"on": "22/11/2026"}).status_code == 404
    row.refresh_from_db()
    assert row.valid_to is None

    assert client.post(path, {"on": "22/11/2026"}).status_code == 303
    row.refresh_from_db()
    assert row.valid_to == date(2026, 11, 22)
    assert queries.wards_of(row.guardian_id) == frozenset()
    assert "Đã kết thúc" in client.get(f"/guardianships/{row.id}/").content.decode()


def test_the_page_of_a_child_costs_the_same_for_two_guardians_and_for_twenty(world: World, client_of: ClientOf) -> None:
    child = world.here.pupils[0].person
    client = client_of(world.here.head)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/people/{child.public_id}/").status_code == 200
        return sum("registry_" in q["sql"] or "auditrow" in q["sql"] for q in captured.captured_queries)

    def appoint(number: int) -> None:
        for n in range(number):
            adult = person(f"Người Thân {n}", world.here.organisation, "guardian")
            actions.appoint_guardian(
                actor=actor(world.here.clerk), child=child, guardian=adult, relationship="other", on=TODAY
            )

    appoint(1)
    cost()
    few = cost()
    appoint(18)

    assert cost() == few


@pytest.fixture
def two_children(world: World) -> tuple[Guardianship, Guardianship]:
    """One mother of two children of the school, told something about each; nothing is barred yet."""
    first = Guardianship.objects.select_related("child", "guardian").get(child=world.here.pupils[0].person)
    other = enrol(world.here, "Nguyễn Thị Em").person
    second = Guardianship.objects.create(
        organisation=world.here.organisation, child=other, guardian=first.guardian, relationship="mother",
        valid_from=date(2026, 9, 7),
    )  # fmt: skip
    for row in (first, second):
        note = messaging.Note(
            kind="absence", key=f"absence:{row.child_id}", subject="Vắng", body=row.child.full_name,
            about_id=row.child_id,
        )  # fmt: skip
        messaging.notify(
            actor=SYSTEM, organisation_id=row.organisation_id, note=note, recipients=[row.guardian_id], at=NOON
        )
    return first, second


def bar(world: World, row: Guardianship) -> None:
    actions.bar_guardian(actor=actor(world.here.clerk), guardianship=row, court_decision="12/2026/QĐ-TA")


def test_a_bar_takes_one_child_out_of_every_page(
    world: World, client_of: ClientOf, two_children: tuple[Guardianship, Guardianship]
) -> None:
    barred, kept = two_children
    mother = client_of(world.here.guardians[0])
    here = {e.person_id: e for e in world.here.enrolments}
    told = {d.message.about_id: d.public_id for d in Delivery.objects.filter(channel="app")}

    def answers(child: Guardianship) -> list[int]:
        enrolment = here[child.child_id].public_id
        addresses = [
            f"/people/{child.child.public_id}/",
            f"/marks/pupils/{enrolment}/",
            f"/attendance/pupils/{enrolment}/",
            f"/messages/{told[child.child_id]}/",
        ]
        return [mother.get(address).status_code for address in addresses]

    assert answers(barred) == answers(kept) == [200, 200, 200, 200]
    bar(world, barred)

    assert answers(barred) == [404, 404, 404, 404]
    assert answers(kept) == [200, 200, 200, 200]
    name = barred.child.full_name
    for address in ("/", "/messages/", "/marks/mine/", "/privacy/", f"/people/{barred.guardian.public_id}/"):
        answer = mother.get(address, follow=True)
        assert answer.status_code == 200, address
        assert name not in answer.content.decode().replace(barred.guardian.full_name, ""), address
    consent = {"purpose": "photos", "version": "2026-11"}
    assert mother.post(f"/privacy/people/{barred.child.public_id}/", consent).status_code == 404


def test_a_bar_takes_the_unread_letter_and_the_mail_that_still_waits(
    world: World, two_children: tuple[Guardianship, Guardianship], settings: Any
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()  # a server that does not answer
    barred, kept = two_children
    bar(world, barred)
    mother = actor_of(world.here.guardians[0].id, on=TODAY)

    assert mother.wards == {kept.child_id}
    assert messages.unread_count(mother) == 1
    assert [d.message.about_id for d in messages.inbox(mother)] == [kept.child_id]

    tasks.send_waiting()

    states = Delivery.objects.filter(channel="email").values_list("message__about_id", "state")
    assert dict(states) == {barred.child_id: "withdrawn", kept.child_id: "waiting"}


def test_a_bar_from_the_only_child_leaves_nothing(world: World, client_of: ClientOf) -> None:
    row = Guardianship.objects.get(child=world.here.pupils[1].person)
    guardian = client_of(world.here.guardians[1])
    bar(world, row)

    assert actor_of(world.here.guardians[1].id, on=TODAY).roles == frozenset()
    assert actor_of(world.here.guardians[1].id, on=TODAY).scope == ""
    assert guardian.get(f"/people/{world.here.pupils[1].person.public_id}/").status_code == 404
    assert "Nguyễn Văn B" not in guardian.get("/").content.decode().replace("Phụ huynh Nguyễn Văn B", "")


def test_a_lifted_bar_gives_everything_back(
    world: World, client_of: ClientOf, two_children: tuple[Guardianship, Guardianship]
) -> None:
    barred, _kept = two_children
    bar(world, barred)
    actions.lift_bar(actor=actor(world.here.clerk), guardianship=barred, court_decision="15/2026/QĐ-TA")

    mother = client_of(world.here.guardians[0])
    assert mother.get(f"/people/{barred.child.public_id}/").status_code == 200
    assert messages.unread_count(actor_of(world.here.guardians[0].id, on=TODAY)) == 2
