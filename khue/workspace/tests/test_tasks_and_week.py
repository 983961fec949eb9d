"""Tasks, and the week in which no venue is used twice at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation.errors import Forbidden
from khue.workspace import actions, queries
from khue.workspace.models import Occasion, Task, Venue
from khue.workspace.refusals import AlreadyDone, DueInThePast, EndsBeforeItStarts, VenueNameTaken, VenueTaken
from khue.workspace.tests.test_documents import colleague_named
from tests.world import NOON, TODAY, School, World, actor

pytestmark = pytest.mark.django_db

EIGHT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 08:00 in Vietnam


def hall(at: School) -> Venue:
    return actions.add_venue(actor=actor(at.clerk), organisation_id=at.organisation.id, name="Hội trường", seats=200)


def plan(at: School, venue: Venue | None, start: int, hours: int, title: str = "Họp") -> Occasion:
    return actions.plan_occasion(
        actor=actor(at.teacher),
        organisation_id=at.organisation.id,
        title=title,
        attended_by="",
        starts_at=EIGHT + timedelta(hours=start),
        ends_at=EIGHT + timedelta(hours=start + hours),
        venue=venue,
    )


def task(at: School, due: int = 1) -> Task:
    return actions.give_task(
        actor=actor(at.head),
        organisation_id=at.organisation.id,
        to=colleague_named(at, "Lê Thị Hoa"),
        title="Nộp đề kiểm tra",
        origin="Biên bản họp tổ Toán",
        due_on=TODAY + timedelta(days=due),
        on=TODAY,
        at=NOON,
    )


def test_a_task_is_done_once_by_whoever_got_it(world: World):
    given_task = task(world.here)

    with pytest.raises(Forbidden):
        actions.finish_task(actor=actor(world.here.clerk), task=given_task, result="", at=NOON)
    actions.finish_task(actor=actor(world.here.teacher), task=given_task, result="Đã nộp", at=NOON)

    assert Task.objects.get().result == "Đã nộp"
    with pytest.raises(AlreadyDone):
        actions.withdraw_task(actor=actor(world.here.head), task=given_task, at=NOON)


def test_a_task_is_not_due_before_it_is_given_and_not_given_by_a_teacher(world: World):
    with pytest.raises(DueInThePast):
        task(world.here, due=-1)
    with pytest.raises(Forbidden):
        actions.give_task(
            actor=actor(world.here.teacher),
            organisation_id=world.here.organisation.id,
            to=colleague_named(world.here, "Lê Thị Hoa"),
            title="x",
            origin="",
            due_on=TODAY,
            on=TODAY,
            at=NOON,
        )

    assert not Task.objects.exists()


def test_a_venue_is_booked_once_at_a_time_and_the_refusal_says_what_is_there(world: World):
    here, place = world.here, hall(world.here)
    plan(here, place, 0, 2, "Hội nghị viên chức")

    with pytest.raises(VenueTaken) as refused:
        plan(here, place, 1, 1)
    plan(here, place, 2, 1)  # from the minute when the first ends
    plan(here, None, 0, 2)

    assert "Hội nghị viên chức (08:00–10:00)" in str(refused.value)
    assert Occasion.objects.count() == 3


def test_what_is_cancelled_leaves_its_venue_free(world: World):
    here, place = world.here, hall(world.here)
    first = plan(here, place, 0, 2)

    with pytest.raises(Forbidden):
        actions.cancel_occasion(actor=actor(world.elsewhere.head), occasion=first, at=NOON)
    actions.cancel_occasion(actor=actor(here.teacher), occasion=first, at=NOON)
    plan(here, place, 0, 2)

    with pytest.raises(AlreadyDone):
        actions.cancel_occasion(actor=actor(here.teacher), occasion=first, at=NOON)


def test_an_occasion_ends_after_it_starts_and_a_venue_has_one_name(world: World):
    place = hall(world.here)

    with pytest.raises(EndsBeforeItStarts):
        plan(world.here, place, 1, 0)
    with pytest.raises(VenueNameTaken):
        hall(world.here)


def test_a_day_shows_what_takes_place_in_vietnamese_hours(world: World):
    plan(world.here, None, -8, 1, "Nửa đêm thứ Hai")  # 00:00 to 01:00 on Monday
    plan(world.here, None, 15, 2, "Qua đêm")  # 23:00 on Monday to 01:00 on Tuesday

    days = queries.week(actor(world.here.clerk), TODAY)

    assert [[each.title for each in day.occasions] for day in days[:3]] == [
        ["Nửa đêm thứ Hai", "Qua đêm"],
        ["Qua đêm"],
        [],
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wishes=st.lists(st.tuples(st.integers(0, 12), st.integers(1, 4)), max_size=12))
def test_whatever_is_wished_no_two_bookings_of_a_venue_overlap(world: World, wishes: list[tuple[int, int]]):
    Occasion.objects.all().delete()
    place = Venue.objects.filter(name="Hội trường").first() or hall(world.here)
    expected: list[tuple[int, int]] = []
    for start, hours in wishes:
        is_free = all(start >= end or start + hours <= begun for begun, end in expected)
        try:
            plan(world.here, place, start, hours)
        except VenueTaken:
            assert not is_free
        else:
            assert is_free
            expected.append((start, start + hours))
