"""From one year into the next: places closed and opened, once, and for nobody of another school."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation.errors import Forbidden, NotFound
from khue.schools import actions
from khue.schools.actions import Move, MovedUp, NotTheNextYear
from khue.schools.models import Enrolment, SchoolClass, SchoolYear
from khue.schools.next_names import next_name
from tests.world import School, World, actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def following(world: World) -> SchoolYear:
    place = world.here.organisation
    return SchoolYear.objects.create(
        organisation=place, code="2027-2028", starts_on=date(2027, 9, 6), ends_on=date(2028, 5, 28)
    )


def moved(here: School, following: SchoolYear, *moves: Move, by: object = None) -> MovedUp:
    return actions.move_up(
        actor=actor(by or here.head), school_year=here.year, next_year=following, moves=moves  # type: ignore[arg-type]
    )  # fmt: skip


def test_who_moves_up_has_a_place_in_the_next_year_and_who_finishes_has_none(
    world: World, following: SchoolYear
) -> None:
    here = world.here
    first, second, third = [each.id for each in here.enrolments]

    done = moved(here, following, Move([first, second], 7, "7A"), Move([third]))

    assert done == MovedUp(classes=1, moved=2, finished=1)
    made = SchoolClass.objects.get(school_year=following)
    assert (made.name, made.grade) == ("7A", 7)
    new = Enrolment.objects.filter(school_class=made)
    assert set(new.values_list("person_id", "starts_on", "ends_on")) == {
        (here.enrolments[0].person_id, following.starts_on, None),
        (here.enrolments[1].person_id, following.starts_on, None),
    }
    old = Enrolment.objects.filter(id__in=[first, second, third]).values_list("ends_on", "status").distinct()
    assert list(old) == [(here.year.ends_on + timedelta(days=1), "finished")]


def test_doing_it_again_moves_nobody_twice(world: World, following: SchoolYear) -> None:
    here = world.here
    first, second, third = [each.id for each in here.enrolments]
    moved(here, following, Move([first], 7, "7A"))

    assert moved(here, following, Move([first, second], 7, "7 a"), Move([third], 6, "6A")) == MovedUp(1, 2, 0)
    assert Enrolment.objects.filter(school_class__school_year=following).count() == 3
    assert sorted(SchoolClass.objects.filter(school_year=following).values_list("name", flat=True)) == ["6A", "7A"]


def test_nobody_else_moves_them_and_nobody_of_elsewhere_is_moved(world: World, following: SchoolYear) -> None:
    here, stranger = world.here, world.elsewhere
    places = Enrolment.objects.values_list("id", "ends_on")
    before = list(places.order_by("id"))

    for by in (here.teacher, here.pupils[0], stranger.head):
        with pytest.raises(Forbidden):
            moved(here, following, Move([here.enrolments[0].id], 7, "7A"), by=by)
    with pytest.raises(NotFound):
        moved(here, following, Move([stranger.enrolments[0].id], 7, "7A"))
    with pytest.raises(NotTheNextYear):
        moved(here, here.year, Move([here.enrolments[0].id], 7, "7A"))
    with pytest.raises(NotTheNextYear):
        moved(here, stranger.year, Move([here.enrolments[0].id], 7, "7A"), by=stranger.head)

    assert list(places.order_by("id")) == before
    assert not SchoolClass.objects.filter(school_year=following).exists()


@pytest.mark.parametrize(
    ("name", "grade", "later"),
    [("6A1", 6, "7A1"), ("Lớp 9/2", 9, "Lớp 10/2"), ("Chim Non", 1, "Chim Non"), ("A1", 6, "A1"), ("12T1", 12, "13T1")],
)
def test_a_class_is_named_after_itself_a_year_later(name: str, grade: int, later: str) -> None:
    assert next_name(name, grade) == later


@given(
    st.integers(1, 11),
    st.from_regex(r"[A-ZĐ/ ]{0,4}", fullmatch=True),
    st.from_regex(r"[A-ZĐ]{1,3}[0-9]{0,2}", fullmatch=True),
)
def test_names_that_differ_still_differ_a_year_later(grade: int, before: str, after: str) -> None:
    assert next_name(f"{before}{grade}{after}", grade) == f"{before}{grade + 1}{after}"
