from datetime import date, datetime, time

import pytest

from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden, NotFound
from khue.schools.models import Room, SpecialDay
from khue.timetable import actions, queries
from khue.timetable.actions import BellTime, OutsideTerm, PlannedLesson, TwoPlacesAtOnce
from khue.timetable.models import Slot, TimetableVersion
from tests.world import NOON, TODAY, YEAR_START, School, World, actor

MONDAY = TODAY


def publish(at: School, lessons: list[PlannedLesson], valid_from: date = YEAR_START) -> TimetableVersion:
    return actions.publish_timetable(
        actor=actor(at.head), term=at.term, title="Tuần 1", valid_from=valid_from, lessons=lessons, at=NOON
    )


def lesson(at: School, weekday: int = 1, period: int = 1, **more: object) -> PlannedLesson:
    return PlannedLesson(at.maths, at.teacher_staff, weekday, "am", period, **more)


def test_the_lessons_of_a_day_come_in_order_with_their_hours(world: World) -> None:
    here = world.here
    bells = [BellTime("am", 1, time(7, 0), time(7, 45)), BellTime("am", 2, time(7, 55), time(8, 40))]
    actions.set_bells(actor=actor(here.head), organisation=here.organisation, campus=None, bells=bells)
    publish(here, [lesson(here, period=2), lesson(here, period=1), lesson(here, weekday=2)])

    found = queries.lessons_of_class(here.organisation.id, here.school_class.id, MONDAY)

    assert [(x.period, x.starts_at, x.subject_name, x.class_name, x.teacher) for x in found] == [
        (1, time(7, 0), "Toán", "6A", "Lê Thị Hoa"),
        (2, time(7, 55), "Toán", "6A", "Lê Thị Hoa"),
    ]
    assert queries.lessons_of_staff(here.organisation.id, [here.teacher_staff.id], MONDAY) == found


def test_there_is_no_lesson_on_a_holiday_and_a_make_up_day_is_taught_as_another(world: World) -> None:
    here = world.here
    publish(here, [lesson(here)])
    days = {"organisation": here.organisation, "school_year": here.year, "title": "Nghỉ bão"}
    SpecialDay.objects.create(day=MONDAY, kind="holiday", **days)
    SpecialDay.objects.create(day=date(2026, 11, 29), kind="make_up", taught_as=1, **days)

    assert queries.lessons_of_school(here.organisation.id, MONDAY) == []
    assert len(queries.lessons_of_school(here.organisation.id, date(2026, 11, 29))) == 1


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("when", "today", "day", "taught"),
    [
        (at(23, 6), 1, None, 0),  # Monday morning: today
        (at(23, 12), 1, date(2026, 11, 24), 2),  # its only lesson is over
        (at(29, 9), 0, date(2026, 11, 30), 1),  # Sunday: Monday
        (at(24, 20), 2, date(2026, 11, 30), 1),  # Wednesday is a holiday, and nothing is taught until Monday
    ],
)
def test_after_the_last_lesson_the_next_day_that_has_any_comes(
    world: World, django_assert_num_queries, when: datetime, today: int, day: date | None, taught: int
) -> None:
    here = world.here
    bells = [BellTime("am", 1, time(7, 0), time(7, 45)), BellTime("am", 2, time(7, 55), time(8, 40))]
    actions.set_bells(actor=actor(here.head), organisation=here.organisation, campus=None, bells=bells)
    publish(here, [lesson(here), lesson(here, 2, 1), lesson(here, 2, 2), lesson(here, 3)])
    SpecialDay.objects.create(
        organisation=here.organisation, school_year=here.year, title="Nghỉ bão", day=date(2026, 11, 25), kind="holiday"
    )

    with django_assert_num_queries(3):
        found = queries.ahead_of_class(here.organisation.id, here.school_class.id, when)
    with django_assert_num_queries(4):
        assert queries.ahead_of_staff(here.organisation.id, [here.teacher_staff.id], when) == found

    assert (len(found.today), found.day, len(found.next), found.is_under_way) == (today, day, taught, day is None)


def test_where_no_lesson_comes_for_a_month_there_is_nothing_ahead(world: World) -> None:
    here = world.here
    publish(here, [lesson(here)])

    found = queries.ahead_of_class(here.organisation.id, here.school_class.id, datetime(2027, 7, 1, 8, tzinfo=VIETNAM))

    assert found == queries.Ahead([])


def test_a_new_version_ends_the_one_before_it(world: World) -> None:
    here = world.here
    first = publish(here, [lesson(here)])
    publish(here, [lesson(here, period=3)], valid_from=date(2026, 11, 30))

    first.refresh_from_db()
    assert first.valid_to == date(2026, 11, 29)
    assert [x.period for x in queries.lessons_of_school(here.organisation.id, MONDAY)] == [1]
    assert [x.period for x in queries.lessons_of_school(here.organisation.id, date(2026, 11, 30))] == [3]


def test_nobody_is_in_two_places_at_once(world: World) -> None:
    here = world.here
    room = Room.objects.create(organisation=here.organisation, name="P.101")

    for double in ([lesson(here), lesson(here)], [lesson(here, room=room), lesson(here, room=room)]):
        with pytest.raises(TwoPlacesAtOnce, match="thứ 2, buổi sáng, tiết 1"):
            publish(here, double)

    assert not Slot.objects.exists()


def test_a_timetable_starts_within_its_term(world: World) -> None:
    with pytest.raises(OutsideTerm):
        publish(world.here, [lesson(world.here)], valid_from=date(2026, 8, 1))

    assert not TimetableVersion.objects.exists()


def test_a_teacher_publishes_no_timetable_and_a_head_none_of_another_school(world: World) -> None:
    for account in (world.here.teacher, world.elsewhere.head):
        with pytest.raises(Forbidden):
            actions.publish_timetable(
                actor=actor(account), term=world.here.term, title="x", valid_from=YEAR_START, lessons=[], at=NOON
            )

    assert not TimetableVersion.objects.exists()


def test_a_slot_of_another_school_is_not_found(world: World) -> None:
    publish(world.here, [lesson(world.here)])
    slot = Slot.objects.get()

    assert queries.slot_of(actor(world.here.pupils[0]), slot.public_id) == slot
    with pytest.raises(NotFound):
        queries.slot_of(actor(world.elsewhere.teacher), slot.public_id)


@pytest.mark.parametrize("count", [1, 5])
def test_a_day_costs_the_same_for_few_and_for_many_lessons(
    world: World, count: int, django_assert_num_queries: object
) -> None:
    publish(world.here, [lesson(world.here, period=n) for n in range(1, count + 1)])

    with django_assert_num_queries(3):
        queries.lessons_of_school(world.here.organisation.id, MONDAY)
