import re

import pytest

from khue.foundation.clock import today
from khue.foundation.errors import Forbidden
from khue.schools import actions, queries
from khue.schools.actions import Means
from khue.schools.models import LearnerMeans, SchoolClass
from khue.schools.views.means import COLUMNS
from tests.world import TODAY, World, actor, enrol, staff

ALL, NO_LINE, NOTHING = Means(True, True, True), Means(True, False, None), Means(None, None, None)


def test_the_homeroom_teacher_asks_the_class_and_the_count_follows(world: World) -> None:
    here = world.here
    first, second, third = (place.person_id for place in here.enrolments)
    stranger = world.elsewhere.enrolments[0].person_id

    def ask(answers: dict[int, Means]) -> int:
        return actions.record_means_of_class(
            actor=actor(here.teacher), school_class=here.school_class, answers=answers, on=TODAY
        )

    assert ask({first: ALL, second: NO_LINE, third: NOTHING, stranger: ALL}) == 2
    assert ask({first: ALL, second: ALL}) == 1

    counted = queries.count_means(here.organisation.id, TODAY)
    assert (counted.adequate, counted.answered) == (2, 2)
    assert ask({second: NOTHING}) == 1
    assert list(LearnerMeans.objects.values_list("person_id", flat=True)) == [first]


def test_the_office_asks_classes_and_staff(world: World) -> None:
    here = world.here
    teacher = here.teacher_staff.person_id
    pupil = here.enrolments[0].person_id

    assert (
        actions.record_means_of_class(
            actor=actor(here.clerk), school_class=here.school_class, answers={pupil: ALL}, on=TODAY
        )
        == 1
    )
    assert (
        actions.record_means_of_staff(
            actor=actor(here.head), organisation=here.organisation, answers={teacher: ALL, pupil: NO_LINE}, on=TODAY
        )
        == 1
    )
    assert queries.count_means(here.organisation.id, TODAY).adequate == 2


def test_nobody_else_writes_the_survey(world: World) -> None:
    here = world.here
    other_class = SchoolClass.objects.create(organisation=here.organisation, school_year=here.year, grade=6, name="6B")
    pupil = here.enrolments[0].person_id
    with pytest.raises(Forbidden):  # a homeroom teacher of another class
        actions.record_means_of_class(actor=actor(here.teacher), school_class=other_class, answers={}, on=TODAY)
    for who in (here.pupils[0], here.guardians[0], world.elsewhere.teacher, world.department_officer):
        with pytest.raises(Forbidden):
            actions.record_means_of_class(
                actor=actor(who), school_class=here.school_class, answers={pupil: ALL}, on=TODAY
            )
        with pytest.raises(Forbidden):
            actions.record_means_of_staff(
                actor=actor(who), organisation=here.organisation, answers={pupil: ALL}, on=TODAY
            )

    assert not LearnerMeans.objects.exists()


def test_the_grid_is_filled_in_on_one_page(world: World, client_of) -> None:
    here = world.here
    address = f"/classes/{here.school_class.public_id}/means/"
    client = client_of(here.teacher)
    assert "Phần mềm" in client.get(address).content.decode()
    first, second, third = (place.person_id for place in here.enrolments)
    form = {f"{name}_{first}": "yes" for name in ("has_device", "has_connection", "has_software")}
    form |= {f"has_device_{second}": "no", f"has_connection_{second}": "", f"has_software_{second}": ""}
    form |= {f"has_device_{third}": "yes"}  # an incomplete line says nothing

    assert client.post(address, form)["Location"] == f"/classes/{here.school_class.public_id}/"

    kept = queries.means_of(here.organisation.id, [first, second, third])
    assert {person: row.has_device for person, row in kept.items()} == {first: True, second: False}
    assert kept[first].answered_on == today()
    assert client_of(world.elsewhere.head).get(address).status_code == 404
    assert client_of(here.pupils[0]).get(address).status_code == 403
    office = client_of(here.clerk)
    given = {
        f"{name}_{here.teacher_staff.person_id}": "yes" for name in ("has_device", "has_connection", "has_software")
    }
    assert office.post("/staff/means/", given)["Location"] == "/staff/"
    assert "1/3" in office.get("/staff/means/").content.decode()
    assert client.get("/staff/means/").status_code == 403


def test_a_large_staff_is_asked_page_by_page_and_one_page_says_nothing_of_another(world: World, client_of) -> None:
    here = world.here
    for number in range(50):
        staff(f"Trần Văn {'ABCDE'[number % 5]}n{number}", here.organisation, "teacher")
    office = client_of(here.clerk)
    first, second = (office.get(f"/staff/means/?page={page}").content.decode() for page in (1, 2))
    people = [set(re.findall(r'name="has_device_(\d+)"', text)) for text in (first, second)]

    assert [len(some) for some in people] == [48, 5]
    assert "0/53" in first
    assert not people[0] & people[1]
    answers = {f"{name}_{person}": "yes" for person in people[0] for name, _label, _hint in COLUMNS}
    assert office.post("/staff/means/?page=1", answers)["Location"] == "?page=2"
    assert LearnerMeans.objects.count() == 48
    assert office.post("/staff/means/?page=2", {})["Location"] == "/staff/"
    assert LearnerMeans.objects.count() == 48
    assert {office.get(f"/staff/means/?page={page}").status_code for page in ("0", "3", "x")} == {404}


def test_the_grid_costs_the_same_for_three_pupils_and_for_thirty(
    world: World, client_of, django_assert_num_queries
) -> None:
    client = client_of(world.here.teacher)
    for more in (0, 27):
        for number in range(more):
            enrol(world.here, f"Phạm Văn {number}")
        with django_assert_num_queries(11):
            client.get(f"/classes/{world.here.school_class.public_id}/means/")


def test_a_teacher_finds_the_own_classes(world: World, client_of) -> None:
    here = world.here
    SchoolClass.objects.create(organisation=here.organisation, school_year=here.year, grade=6, name="6B")

    shown = client_of(here.teacher).get("/classes/").content.decode()

    assert f"/classes/{here.school_class.public_id}/" in shown
    assert "6B" not in shown
    assert client_of(here.pupils[0]).get("/classes/").status_code == 403
