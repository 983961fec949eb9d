from datetime import date, timedelta

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import scope
from khue.identity.models import Grant
from khue.registry.models import Guardianship
from khue.schools.models import Room, SpecialDay
from khue.schools.queries import SchoolDay
from khue.timetable import actions, queries
from khue.timetable.actions import PlannedLesson
from khue.timetable.weeks import PlannedSlot, lessons_by_day, shown_days
from tests.world import NOON, YEAR_START, School, World, actor

MONDAY = date(2026, 11, 23)
WEEK = "/timetable/?week=2026-11-25"


def publish(at: School, *lessons: PlannedLesson, valid_from: date = YEAR_START) -> None:
    actions.publish_timetable(
        actor=actor(at.head), term=at.term, title="Tuần", valid_from=valid_from, lessons=lessons, at=NOON
    )


def lesson(at: School, weekday: int, period: int = 1, **more: object) -> PlannedLesson:
    return PlannedLesson(at.maths, at.teacher_staff, weekday, "am", period, **more)


def test_a_week_has_its_lessons_holidays_and_make_up_days(world: World) -> None:
    here = world.here
    publish(here, lesson(here, 1, 2), lesson(here, 3))
    days = {"organisation": here.organisation, "school_year": here.year}
    SpecialDay.objects.create(day=date(2026, 11, 25), kind="holiday", title="Nghỉ bão", **days)
    SpecialDay.objects.create(day=date(2026, 11, 29), kind="make_up", taught_as=3, title="Bù", **days)

    plan = queries.week_of_class(here.school_class, MONDAY)

    assert [(row.session, row.period) for row in plan.rows] == [("am", 1), ("am", 2)]
    assert sorted(plan.cells) == [(MONDAY, "am", 2), (date(2026, 11, 29), "am", 1)]
    assert [day.title for day in plan.days] == ["", "", "Nghỉ bão", "", "", "", "Bù"]
    assert plan.lessons == 2
    assert queries.week_of_teacher(here.teacher_staff, MONDAY).cells == plan.cells


def test_a_version_that_begins_in_mid_week_teaches_from_that_day(world: World) -> None:
    here = world.here
    publish(here, *(lesson(here, weekday) for weekday in range(1, 6)))
    publish(here, *(lesson(here, weekday, 2) for weekday in range(1, 6)), valid_from=date(2026, 11, 25))

    taught = sorted(
        (day.day, period) for day, _session, period in queries.week_of_class(here.school_class, MONDAY).cells
    )

    assert taught == [(23, 1), (24, 1), (25, 2), (26, 2), (27, 2)]


def test_a_room_shows_what_takes_place_in_it(world: World) -> None:
    here = world.here
    room = Room.objects.create(organisation=here.organisation, name="P.101")
    publish(here, lesson(here, 1, room=room), lesson(here, 2))

    assert list(queries.week_of_room(room, MONDAY).cells) == [(MONDAY, "am", 1)]


slots = st.builds(
    PlannedSlot,
    weekday=st.integers(1, 7),
    session=st.sampled_from(["am", "pm"]),
    period=st.integers(1, 5),
    valid_from=st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    valid_to=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31)),
    item=st.none(),
)


@given(st.lists(slots, max_size=12), st.lists(st.none() | st.integers(1, 6), min_size=7, max_size=7))
def test_every_lesson_stands_on_a_day_of_its_weekday_within_its_version(planned, taught_as) -> None:
    days = [SchoolDay(MONDAY + timedelta(days=n), taught) for n, taught in enumerate(taught_as)]

    found = lessons_by_day(days, planned)

    for day in days:
        for slot in found[day.day]:
            assert slot.weekday == day.taught_as
            assert slot.valid_from <= day.day
            assert slot.valid_to is None or day.day <= slot.valid_to
    assert [day.day.isoweekday() for day in shown_days(days)][:6] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("who", ["head", "clerk", "teacher"])
def test_staff_see_their_week_and_the_office_everybodys(world: World, client_of, who: str) -> None:
    here = world.here
    publish(here, lesson(here, 1))
    client = client_of(getattr(here, who))

    for view in ("class", "teacher"):
        shown = client.get(f"{WEEK}&view={view}")
        assert shown.status_code == 200
        assert ("6A" if view == "class" else "Thời khoá biểu của") in shown.content.decode()
    assert "Tuần 12" in client.get(WEEK).content.decode()
    assert client.get(f"{WEEK}&view=room").status_code == (403 if who == "teacher" else 200)


def test_a_family_sees_the_week_of_its_class_only(world: World, client_of) -> None:
    here = world.here
    publish(here, lesson(here, 1))
    for who in (here.pupils[0], here.guardians[0]):
        client = client_of(who)
        assert "Thời khoá biểu lớp 6A" in client.get(WEEK).content.decode()
        assert client.get(f"{WEEK}&of={world.elsewhere.school_class.public_id}").status_code == 404
        assert client.get(f"{WEEK}&view=teacher").status_code == 404
        assert client.get(f"{WEEK}&view=room").status_code == 403


def test_a_family_with_children_at_two_schools_reads_whose_week_it_is(world: World, client_of) -> None:
    here, there = world.here, world.elsewhere
    publish(here, lesson(here, 1))
    mother = here.guardians[0]
    assert f"<p>{escape(here.organisation.name)}<br>" not in client_of(mother).get(WEEK).content.decode()
    Grant.objects.create(account=mother, role="guardian", organisation=there.organisation, valid_from=YEAR_START)
    Guardianship.objects.create(
        organisation=there.organisation, child=there.enrolments[0].person, guardian_id=mother.person_id,
        relationship="mother", valid_from=YEAR_START,
    )  # fmt: skip

    for school in (here, there):
        html = client_of(mother).get(f"{WEEK}&of={school.school_class.public_id}").content.decode()
        assert f"<p>{escape(school.organisation.name)}<br>" in html
        assert f"{school.school_class.name} · {escape(school.organisation.name)}" in html


def test_another_schools_week_is_not_found(world: World, client_of) -> None:
    room = Room.objects.create(organisation=world.here.organisation, name="P.101")
    head = client_of(world.elsewhere.head)

    assert head.get(f"{WEEK}&of={world.here.school_class.public_id}").status_code == 404
    assert head.get(f"{WEEK}&view=teacher&of={world.here.teacher_staff.public_id}").status_code == 404
    assert head.get(f"{WEEK}&view=room&of={room.public_id}").status_code == 404
    assert client_of(world.department_officer).get(WEEK).status_code == 403
    for odd in (
        "/timetable/?week=yesterday",
        "/timetable/?view=moon",
        "/timetable/?of=x",
        "/timetable/?week=0001-01-01",
    ):
        assert head.get(odd).status_code in (200, 404)


@pytest.mark.parametrize("count", [1, 5])
def test_a_week_costs_the_same_queries_whatever_is_taught(
    world: World, client_of, django_assert_num_queries, count: int
) -> None:
    here = world.here
    publish(here, *(lesson(here, weekday, period) for weekday in range(1, count + 1) for period in range(1, count + 1)))
    with scope.of(actor(here.head)), django_assert_num_queries(3):
        queries.week_of_class(here.school_class, MONDAY)
    client = client_of(here.pupils[0])
    with django_assert_num_queries(16):
        client.get(WEEK)
