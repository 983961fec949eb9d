"""From a pupil's file to the class and what is kept about the pupil in it."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.identity.models import Account
from tests.world import World, enrol, person

ClientOf = Callable[[Account], Client]


def test_the_file_of_a_pupil_leads_to_class_marks_and_absences(world: World, client_of: ClientOf) -> None:
    enrolment = world.here.enrolments[0]
    path = f"/people/{enrolment.person.public_id}/"

    page = client_of(world.here.head).get(path).content.decode()

    assert page.index(f"/classes/{world.here.school_class.public_id}/") < page.index("/marks/pupils/")
    for address in (
        f"/classes/{world.here.school_class.public_id}/",
        f"/marks/pupils/{enrolment.public_id}/",
        f"/attendance/pupils/{enrolment.public_id}/",
    ):
        assert f'href="{address}"' in page
        assert client_of(world.here.head).get(address).status_code == 200


def test_a_clerk_reads_absences_there_but_no_marks(world: World, client_of: ClientOf) -> None:
    enrolment = world.here.enrolments[0]

    page = client_of(world.here.clerk).get(f"/people/{enrolment.person.public_id}/").content.decode()

    assert f"/attendance/pupils/{enrolment.public_id}/" in page
    assert f"/marks/pupils/{enrolment.public_id}/" not in page


def test_a_pupil_reads_the_own_class_on_the_own_file_without_a_way_into_it(world: World, client_of: ClientOf) -> None:
    pupil = world.here.pupils[0]

    page = client_of(pupil).get(f"/people/{pupil.person.public_id}/").content.decode()

    assert "Lớp 6A" in page
    assert "/classes/" not in page


def test_a_teacher_of_other_classes_is_told_no_class(world: World, client_of: ClientOf) -> None:
    other = person("Lý Minh Khác", world.here.organisation, "pupil")

    page = client_of(world.here.teacher).get(f"/people/{other.public_id}/")

    assert page.status_code == 200
    assert "Ở trường" not in page.content.decode()
    assert client_of(world.elsewhere.head).get(f"/people/{other.public_id}/").status_code == 404


def test_a_file_costs_the_same_whatever_the_class_holds(world: World, client_of: ClientOf) -> None:
    head, pupil = client_of(world.here.head), world.here.pupils[0].person
    counts = []
    for many in (3, 27):
        for number in range(many):
            enrol(world.here, f"Em {number}")
        with CaptureQueriesContext(connection) as asked:
            head.get(f"/people/{pupil.public_id}/")
        counts.append(len(asked))

    assert counts[0] == counts[1]
