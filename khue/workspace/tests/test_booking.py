"""Booking by free hours, and every week until a day: all of it or nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation.clock import VIETNAM
from khue.foundation.errors import Forbidden
from khue.identity.models import Account
from khue.workspace import actions, queries
from khue.workspace.actions.week import MOST_WEEKS, weekly
from khue.workspace.models import Occasion, Venue
from khue.workspace.refusals import SeriesClashes, SeriesTooLong
from khue.workspace.tests.test_tasks_and_week import EIGHT, hall, plan
from tests.world import NOON, TODAY, School, World, actor

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def series(at: School, venue: Venue | None, weeks: int) -> list[Occasion]:
    return actions.plan_series(
        actor=actor(at.teacher), organisation_id=at.organisation.id, title="Họp tổ", attended_by="",
        starts_at=EIGHT, ends_at=EIGHT + timedelta(hours=1), venue=venue, until=TODAY + timedelta(weeks=weeks),
    )  # fmt: skip


def test_the_same_hour_is_booked_every_week_until_the_day(world: World):
    made = series(world.here, hall(world.here), 3)

    assert [each.starts_at - EIGHT for each in made] == [timedelta(weeks=each) for each in range(4)]
    assert len(set(Occasion.objects.values_list("series", flat=True))) == 1


def test_a_clash_on_one_day_books_none_and_says_which_days(world: World):
    here, place = world.here, hall(world.here)
    plan(here, place, 24 * 7, 1)
    plan(here, place, 24 * 14, 1)

    with pytest.raises(SeriesClashes) as refused:
        series(here, place, 3)

    assert "30/11, 07/12" in str(refused.value)
    assert Occasion.objects.count() == 2


def test_a_series_is_longer_than_once_and_shorter_than_a_year(world: World):
    for weeks in (0, 60):
        with pytest.raises(SeriesTooLong):
            series(world.here, None, weeks)

    assert not Occasion.objects.exists()


def test_the_rest_of_a_series_is_cancelled_by_who_planned_it(world: World):
    here = world.here
    made = series(here, hall(here), 3)

    with pytest.raises(Forbidden):
        actions.cancel_series(actor=actor(world.elsewhere.head), occasion=made[1], at=NOON)
    Occasion.objects.get(id=made[1].id)
    count = actions.cancel_series(actor=actor(here.teacher), occasion=Occasion.objects.get(id=made[1].id), at=NOON)

    assert count == 3
    assert list(Occasion.objects.filter(cancelled_at=None)) == [made[0]]


def test_free_hours_are_what_is_left_between_bookings(world: World):
    here, place = world.here, hall(world.here)
    plan(here, place, 0, 2)
    plan(here, place, 2, 1)

    (found,) = queries.venue_days(here.organisation.id, TODAY)

    def hour(span: queries.Span) -> tuple[str, str, bool]:
        starts, ends = (each.astimezone(VIETNAM).strftime("%H:%M") for each in (span.starts_at, span.ends_at))
        return starts, ends, span.occasion is None

    assert [hour(span) for span in found.spans] == [
        ("06:00", "08:00", True),
        ("08:00", "10:00", False),
        ("10:00", "11:00", False),
        ("11:00", "21:00", True),
    ]


def test_a_free_hour_leads_to_a_form_with_its_hours(world: World, client_of: ClientOf):
    here = world.here
    place, teacher = hall(here), client_of(here.teacher)
    html = teacher.get("/work/venues/?on=2026-11-23").content.decode()
    assert "Thứ Hai, 23/11/2026" in html
    link = f"/work/week/plan/?on=2026-11-23&amp;starts=06:00&amp;ends=21:00&amp;venue={place.public_id}"
    assert link in html

    form = teacher.get(link.replace("&amp;", "&")).content.decode()
    assert 'value="06:00"' in form
    assert f'value="{place.public_id}" selected' in form
    fields = {"title": "Họp tổ", "on": "23/11/2026", "starts": "14:00", "ends": "15:00",
              "venue": str(place.public_id), "until": "07/12/2026"}  # fmt: skip
    planned = teacher.post("/work/week/plan/", fields)
    assert (planned.status_code, planned["Location"]) == (303, "/work/week/?week=2026-11-23")
    clash = teacher.post("/work/week/plan/", fields)
    assert clash.status_code == 422
    assert "Hội trường đã có lịch vào: 23/11, 30/11, 07/12" in clash.content.decode()
    assert Occasion.objects.count() == 3
    first = Occasion.objects.order_by("starts_at").first()
    assert first is not None
    assert teacher.post(f"/work/week/{first.public_id}/cancel/", {"series": "1"}).status_code == 303
    assert not Occasion.objects.filter(cancelled_at=None).exists()
    assert client_of(here.pupils[0]).get("/work/venues/").status_code == 403
    assert teacher.get("/work/venues/?on=99").status_code == 200


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-10, 800))
def test_weeks_are_seven_days_apart_and_end_by_the_day(first: date, days: int):
    starts = EIGHT.replace(year=first.year, month=first.month, day=first.day)
    found = weekly(starts, first + timedelta(days=days))

    assert len(found) <= MOST_WEEKS
    assert all(later - sooner == timedelta(days=7) for sooner, later in pairwise(found))
    assert all(each.date() <= first + timedelta(days=days) for each in found)
