from datetime import date

import pytest

from khue.foundation.actor import Actor
from khue.foundation.errors import Forbidden
from khue.registry.models import Person
from khue.registry.queries import PartialDate, PersonDetails
from khue.schools import actions, queries
from khue.schools.models import ClassSubject, ElectiveChoice, Enrolment, SchoolClass, SchoolYear
from tests.world import TODAY, YEAR_START, World, actor, person

LATER = date(2026, 11, 30)


@pytest.fixture
def class_6b(world: World) -> SchoolClass:
    here = world.here
    return SchoolClass.objects.create(organisation=here.organisation, school_year=here.year, grade=6, name="6B")


def clerk(world: World) -> Actor:
    return actor(world.here.clerk)


def test_a_known_pupil_and_a_new_one_come_into_a_class(world: World, class_6b: SchoolClass) -> None:
    known = person("Lê Bé", world.here.organisation, "pupil")
    details = PersonDetails("Đỗ  Ánh", sex="2", birth=PartialDate(2015, 3, None))

    actions.enrol_pupil(actor=clerk(world), school_class=class_6b, person=known, on=TODAY)
    actions.enrol_new_pupil(actor=clerk(world), school_class=class_6b, details=details, on=TODAY)

    card = queries.class_card(clerk(world), class_6b.public_id, TODAY)
    assert [(row.full_name, str(row.birth), row.starts_on) for row in card.pupils] == [
        ("Đỗ Ánh", "03/2015", TODAY),
        ("Lê Bé", "", TODAY),
    ]
    assert card.girls == 1


def test_nobody_is_in_two_classes(world: World, class_6b: SchoolClass) -> None:
    here, there = world.here, world.elsewhere
    with pytest.raises(actions.AlreadyEnrolled, match="lớp 6A"):
        actions.enrol_pupil(actor=clerk(world), school_class=class_6b, person=here.enrolments[0].person, on=TODAY)
    with pytest.raises(actions.EnrolledElsewhere):
        actions.enrol_pupil(actor=clerk(world), school_class=class_6b, person=there.enrolments[0].person, on=TODAY)

    assert not Enrolment.objects.filter(school_class=class_6b).exists()


def test_a_place_left_open_in_a_year_that_is_over_ends_with_that_year(world: World) -> None:
    here = world.here
    pupil = here.enrolments[0]
    year = SchoolYear.objects.create(
        organisation=here.organisation, code="2027-2028", starts_on=date(2027, 9, 6), ends_on=date(2028, 5, 21)
    )
    class_7a = SchoolClass.objects.create(organisation=here.organisation, school_year=year, grade=7, name="7A")

    actions.enrol_pupil(actor=clerk(world), school_class=class_7a, person=pupil.person, on=date(2027, 9, 6))

    pupil.refresh_from_db()
    assert (pupil.ends_on, pupil.status) == (date(2027, 5, 24), "finished")


def test_a_pupil_moves_from_a_day_on_and_leaves_the_electives_behind(world: World, class_6b: SchoolClass) -> None:
    here = world.here
    place = here.enrolments[0]
    ClassSubject.objects.filter(id=here.maths.id).update(is_elective=True)
    choice = ElectiveChoice.objects.create(
        organisation=here.organisation, enrolment=place, class_subject=here.maths, starts_on=YEAR_START
    )

    new = actions.move_pupil(actor=clerk(world), enrolment=place, school_class=class_6b, on=LATER)

    place.refresh_from_db()
    choice.refresh_from_db()
    assert (place.ends_on, place.status, choice.ends_on) == (LATER, "moved_class", LATER)
    assert (new.starts_on, new.ends_on, new.status) == (LATER, None, "studying")
    here_card = queries.class_card(clerk(world), here.school_class.public_id, TODAY)
    there_card = queries.class_card(clerk(world), class_6b.public_id, TODAY)
    assert len(here_card.pupils) == 3
    assert [row.full_name for row in there_card.to_come] == [place.person.full_name]
    assert queries.place_of_pupil(place.person_id, LATER).class_name == "6B"


def test_a_move_is_refused_with_the_reason(world: World, class_6b: SchoolClass) -> None:
    here = world.here
    place = here.enrolments[0]

    def move(to: SchoolClass, on: date) -> None:
        actions.move_pupil(actor=clerk(world), enrolment=place, school_class=to, on=on)

    with pytest.raises(actions.SameClass):
        move(here.school_class, TODAY)
    with pytest.raises(Forbidden):
        move(world.elsewhere.school_class, TODAY)
    with pytest.raises(actions.DayOutsideYear):
        move(class_6b, date(2027, 7, 1))
    SchoolClass.objects.filter(id=class_6b.id).update(closed_on=TODAY)
    with pytest.raises(actions.ClassIsClosed):
        move(class_6b, TODAY)

    assert (
        Enrolment.objects.filter(organisation=here.organisation, ends_on=None, school_class=here.school_class).count()
        == 3
    )


def test_a_pupil_leaves_once(world: World) -> None:
    place = world.here.enrolments[0]
    left = actions.end_enrolment(
        actor=clerk(world), enrolment=place, on=TODAY, status=Enrolment.Status.TRANSFERRED, reason="theo gia đình"
    )

    assert (left.ends_on, left.status) == (TODAY, "transferred")
    with pytest.raises(actions.LeftAlready):
        actions.end_enrolment(actor=clerk(world), enrolment=place, on=LATER, status=Enrolment.Status.LEFT)
    other = world.here.enrolments[1]
    Enrolment.objects.filter(id=other.id).update(starts_on=LATER)
    with pytest.raises(actions.NotInClassThen):
        actions.end_enrolment(actor=clerk(world), enrolment=other, on=TODAY, status=Enrolment.Status.LEFT)
    card = queries.class_card(clerk(world), world.here.school_class.public_id, TODAY)
    assert [(row.full_name, row.status) for row in card.former] == [(place.person.full_name, "transferred")]


def test_only_the_office_of_the_school_moves_its_pupils(world: World, class_6b: SchoolClass) -> None:
    here = world.here
    people = Person.objects.count()
    for who in (here.teacher, here.guardians[0], world.elsewhere.clerk, world.department_officer):
        one = actor(who)
        with pytest.raises(Forbidden):
            actions.enrol_pupil(actor=one, school_class=class_6b, person=here.enrolments[0].person, on=TODAY)
        with pytest.raises(Forbidden):
            actions.enrol_new_pupil(actor=one, school_class=class_6b, details=PersonDetails("Ai Đó"), on=TODAY)
        with pytest.raises(Forbidden):
            actions.move_pupil(actor=one, enrolment=here.enrolments[0], school_class=class_6b, on=TODAY)
        with pytest.raises(Forbidden):
            actions.end_enrolment(actor=one, enrolment=here.enrolments[0], on=TODAY, status=Enrolment.Status.LEFT)

    assert Person.objects.count() == people
    assert Enrolment.objects.filter(school_class=here.school_class, ends_on=None).count() == 3
    assert not Enrolment.objects.filter(school_class=class_6b).exists()


def test_a_clerk_enrols_moves_and_takes_out_through_the_pages(world: World, client_of, class_6b: SchoolClass) -> None:
    here = world.here
    client = client_of(here.clerk)
    known = person("Lê Thị Bé", here.organisation, "pupil")
    address = f"/classes/{class_6b.public_id}/"

    found = client.get(f"{address}enrol/?q=be").content.decode()
    assert "Lê Thị Bé" in found
    assert client.post(f"{address}enrol/{known.public_id}/", {"on": "23/11/2026"})["Location"] == address
    again = client.post(f"{address}enrol/{known.public_id}/", {"on": "23/11/2026"})
    assert again["Location"] == f"{address}enrol/"
    new = {"full_name": "Võ Văn Tí", "birth": "2015", "sex": "1", "on": "23/11/2026"}
    assert client.post(f"{address}enrol/", new)["Location"] == address
    assert client.post(f"{address}enrol/", {**new, "birth": "31/02/2015"}).status_code == 422
    ti = Enrolment.objects.get(person__full_name="Võ Văn Tí")
    moved = client.post(
        f"/enrolments/{ti.public_id}/move/", {"school_class": str(here.school_class.public_id), "on": "24/11/2026"}
    )
    assert moved["Location"] == address
    left = client.post(f"/enrolments/{here.enrolments[0].public_id}/leave/", {"status": "left", "on": "23/11/2026"})
    assert left["Location"] == f"/classes/{here.school_class.public_id}/"
    assert client.get(f"/enrolments/{here.enrolments[1].public_id}/leave/").status_code == 200
    assert client.get(f"/enrolments/{here.enrolments[1].public_id}/move/").status_code == 200

    other = client_of(world.elsewhere.head)
    for step in ("move", "leave"):
        assert other.get(f"/enrolments/{here.enrolments[1].public_id}/{step}/").status_code == 404
    assert other.post(f"{address}enrol/{known.public_id}/", {"on": "23/11/2026"}).status_code == 404
    assert client_of(here.teacher).get(f"/enrolments/{here.enrolments[1].public_id}/move/").status_code == 403
