"""A decided year becomes the next one: who moves, who stays, who waits; and the page that does it."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from khue.foundation.errors import Forbidden
from khue.gradebook import actions, queries
from khue.gradebook.actions import NobodyToMove
from khue.gradebook.models import ClassMeeting, PrimaryYear, PupilYear
from khue.identity.models import Account
from khue.schools.models import Enrolment, SchoolClass, SchoolYear
from tests.world import NOON, School, World, actor, enrol

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(world: World) -> SchoolYear:
    return SchoolYear.objects.create(
        organisation=world.here.organisation, code="2027-2028", starts_on=date(2027, 9, 6), ends_on=date(2028, 5, 28)
    )


def decided(here: School, *outcomes: str, is_approved: bool = True) -> None:
    for enrolment, outcome in zip(here.enrolments, outcomes, strict=True):
        PupilYear.objects.create(
            organisation=here.organisation,
            enrolment=enrolment,
            rule_set="TT22-2021",
            outcome=outcome,
            worked_out_at=NOON,
        )
    ClassMeeting.objects.create(
        organisation=here.organisation, school_class=here.school_class, held_on=date(2027, 5, 20), minutes="Nhất trí",
        recorded_by_name="GV", recorded_at=NOON, approved_at=NOON if is_approved else None,
    )  # fmt: skip


def test_decided_pupils_go_where_the_decision_says_and_the_others_wait(world: World, following: SchoolYear) -> None:
    here = world.here
    decided(here, "promoted", "repeat", "reassess")

    done = actions.move_up(actor=actor(here.head), school_year=here.year, next_year=following)

    places = Enrolment.objects.filter(school_class__school_year=following).order_by("person_id")
    assert list(places.values_list("person_id", "school_class__name")) == [
        (here.enrolments[0].person_id, "7A"),
        (here.enrolments[1].person_id, "6A"),
    ]
    assert (done.classes, done.moved, done.finished) == (2, 2, 0)
    (move,) = queries.moving_up(actor(here.head), here.year)
    assert (move.moved, move.open, move.up, move.stays) == (2, 1, [], [])

    PupilYear.objects.filter(enrolment=here.enrolments[2]).update(outcome="promoted")
    actions.move_up(actor=actor(here.head), school_year=here.year, next_year=following)
    assert SchoolClass.objects.get(school_year=following, name="7A").grade == 7
    assert Enrolment.objects.filter(school_class__name="7A").count() == 2


def test_nobody_moves_before_the_head_has_approved_the_class(world: World, following: SchoolYear) -> None:
    here = world.here
    decided(here, "promoted", "promoted", "promoted", is_approved=False)

    with pytest.raises(NobodyToMove):
        actions.move_up(actor=actor(here.head), school_year=here.year, next_year=following)

    assert not SchoolClass.objects.filter(school_year=following).exists()


def test_the_last_grade_finishes_unless_the_school_goes_on(world: World, following: SchoolYear) -> None:
    here = world.here
    SchoolClass.objects.filter(id=here.school_class.id).update(grade=9, name="9A")
    decided(here, "promoted", "promoted", "repeat")

    done = actions.move_up(actor=actor(here.head), school_year=here.year, next_year=following)

    assert (done.classes, done.moved, done.finished) == (1, 1, 2)
    assert Enrolment.objects.get(school_class__school_year=following).school_class.name == "9A"


def test_a_primary_class_moves_by_its_levels(world: World, following: SchoolYear) -> None:
    here = world.here
    SchoolClass.objects.filter(id=here.school_class.id).update(grade=1, name="1A")
    for enrolment, (level, promoted) in zip(here.enrolments, [(3, None), (0, None), (0, False)], strict=True):
        PrimaryYear.objects.create(
            organisation=here.organisation, enrolment=enrolment, rule_set="TT27-2020", level=level, promoted=promoted,
            worked_out_at=NOON,
        )  # fmt: skip

    actions.move_up(actor=actor(here.head), school_year=here.year, next_year=following)

    places = Enrolment.objects.filter(school_class__school_year=following).order_by("person_id")
    assert list(places.values_list("person_id", "school_class__name")) == [
        (here.enrolments[0].person_id, "2A"),
        (here.enrolments[2].person_id, "1A"),
    ]


def test_only_the_head_moves_a_school(world: World, following: SchoolYear) -> None:
    here = world.here
    decided(here, "promoted", "promoted", "promoted")

    for other in (here.teacher, here.pupils[0], here.guardians[0], world.elsewhere.head, world.department_officer):
        with pytest.raises(Forbidden):
            actions.move_up(actor=actor(other), school_year=here.year, next_year=following)
    assert not SchoolClass.objects.filter(school_year=following).exists()


def test_the_page_shows_and_moves(
    world: World, following: SchoolYear, client_of: Callable[[Account], Client], django_assert_num_queries: Callable
) -> None:
    here, path = world.here, "/marks/moving-up/"
    client = client_of(here.head)
    with django_assert_num_queries(14):
        client.get(path)
    for _number in range(27):
        enrol(here, "Nguyễn Thị Mai")
    decided(here, *["promoted"] * 30)

    with django_assert_num_queries(14):
        shown = client.get(path).content.decode()
    answer = client.post(path, {f"name{here.school_class.id}": "7A2"})

    assert "6A" in shown
    assert answer.status_code == 303
    assert Enrolment.objects.filter(school_class__name="7A2").count() == 30
    for other in (here.teacher, here.guardians[0], world.department_officer):
        assert client_of(other).get(path).status_code in (403, 404)
