from datetime import date, time

import pytest

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
