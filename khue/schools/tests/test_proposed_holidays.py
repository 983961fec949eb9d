"""Public holidays, and the school's own of the year before, are offered instead of typed again."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation import clock
from khue.identity.models import Account
from khue.schools import actions, queries
from khue.schools.models import SchoolYear, SpecialDay
from khue.schools.tests.test_school_years import NEXT
from tests.world import NOON, TODAY, School, World, actor

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]
TET = (date(2027, 2, 4), date(2027, 2, 12))


@pytest.fixture
def at(world: World, monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return world.here


def offered(year: SchoolYear) -> list[tuple[str, date, date, bool]]:
    return [(one.title, one.first, one.last, one.is_public) for one in queries.proposed_holidays(year, TODAY)]


def following(at: School) -> SchoolYear:
    return actions.open_school_year(actor=actor(at.clerk), organisation=at.organisation, terms=NEXT)


def rests(at: School, year: SchoolYear, first: date, last: date, title: str) -> None:
    actions.add_holiday(actor=actor(at.head), school_year=year, first=first, last=last, title=title)


def test_public_holidays_of_the_year_are_offered_until_they_are_in_the_calendar(at: School) -> None:
    assert ("Tết Dương lịch", date(2027, 1, 1), date(2027, 1, 1), True) in offered(at.year)

    rests(at, at.year, date(2027, 1, 1), date(2027, 1, 1), "Tết Tây")

    assert "Tết Dương lịch" not in [title for title, *_rest in offered(at.year)]


def test_what_is_over_is_not_offered(at: School) -> None:
    in_may = [one.title for one in queries.proposed_holidays(at.year, date(2027, 5, 2))]

    assert in_may == []
    assert "Ngày Quốc tế lao động" in [one.title for one in queries.proposed_holidays(at.year, date(2027, 5, 1))]


def test_own_holidays_of_the_year_before_are_offered_on_the_same_dates(at: School) -> None:
    rests(at, at.year, *TET, "Nghỉ Tết Nguyên đán")
    found = [row for row in offered(following(at)) if not row[3]]

    # 04/02/2028 is a Friday; the Sunday inside stays, for the days follow one another.
    assert found == [("Nghỉ Tết Nguyên đán", date(2028, 2, 4), date(2028, 2, 12), False)]


def test_the_clerk_takes_some_changes_one_and_leaves_the_others(at: School, client_of: ClientOf) -> None:
    rests(at, at.year, *TET, "Nghỉ Tết Nguyên đán")
    year = following(at)
    proposals, clerk = queries.proposed_holidays(year, TODAY), client_of(at.clerk)
    page = f"/years/{year.public_id}/holidays/proposed/"
    place = next(n for n, one in enumerate(proposals) if not one.is_public)
    assert "Nghỉ Tết Nguyên đán" in clerk.get(page).content.decode()

    wrong = {f"take_{place}": "on", f"first_{place}": "24/01/2028", f"last_{place}": ""}
    assert clerk.post(page, wrong).status_code == 422
    assert not SpecialDay.objects.filter(school_year=year).exists()

    answer = clerk.post(page, {**wrong, f"last_{place}": "30/01/2028"})

    assert answer.status_code == 303
    days = list(SpecialDay.objects.filter(school_year=year).order_by("day").values_list("day", "title"))
    assert days == [(date(2028, 1, 24) + timedelta(days=n), "Nghỉ Tết Nguyên đán") for n in range(7)]


def test_one_wrong_day_takes_none(at: School, client_of: ClientOf) -> None:
    proposals = queries.proposed_holidays(at.year, TODAY)
    assert len(proposals) > 1
    form = {}
    for number, one in enumerate(proposals):
        first, last = f"{one.first:%d/%m/%Y}", f"{one.last:%d/%m/%Y}"
        form |= {f"take_{number}": "on", f"first_{number}": first, f"last_{number}": last}
    form[f"first_{number}"] = form[f"last_{number}"] = "01/08/2030"

    assert client_of(at.clerk).post(f"/years/{at.year.public_id}/holidays/proposed/", form).status_code == 422
    assert not SpecialDay.objects.filter(school_year=at.year).exists()


def test_nobody_else_takes_them(at: School, world: World, client_of: ClientOf) -> None:
    page = f"/years/{at.year.public_id}/holidays/proposed/"
    for who in (at.pupils[0], at.guardians[0], world.elsewhere.clerk, world.elsewhere.head):
        assert client_of(who).get(page).status_code == 404
        assert client_of(who).post(page, {"take_0": "on"}).status_code == 404
    assert not SpecialDay.objects.filter(school_year=at.year).exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 9)), max_size=6))
def test_all_that_is_offered_can_be_taken(at: School, holidays: list[tuple[int, int]]) -> None:
    SpecialDay.objects.all().delete()
    year = SchoolYear.objects.filter(organisation=at.organisation).order_by("-starts_on").first()
    if year == at.year:
        year = following(at)
    for begins, length in holidays:
        first = at.year.starts_on + timedelta(days=begins)
        days = [first + timedelta(days=n) for n in range(length) if first + timedelta(days=n) <= at.year.ends_on]
        of = {"organisation": at.organisation, "school_year": at.year, "kind": "holiday", "title": f"Nghỉ {length}"}
        SpecialDay.objects.bulk_create([SpecialDay(day=day, **of) for day in days], ignore_conflicts=True)

    proposals = queries.proposed_holidays(year, TODAY)
    actions.add_holidays(
        actor=actor(at.head), school_year=year,
        holidays=[actions.Holiday(one.first, one.last, one.title) for one in proposals],
    )  # fmt: skip

    assert queries.proposed_holidays(year, TODAY) == []


def test_tet_is_offered_by_the_moon_until_the_calendar_says_something_of_it(at: School) -> None:
    moon = [one for one in queries.proposed_holidays(at.year, TODAY) if one.is_by_moon]
    assert [(one.first, one.last, one.is_public) for one in moon] == [(date(2027, 2, 1), date(2027, 2, 13), False)]

    rests(at, at.year, *TET, "Nghỉ Tết Đinh Mùi")

    assert not [one for one in queries.proposed_holidays(at.year, TODAY) if one.is_by_moon]
    assert not [one for one in queries.proposed_holidays(following(at), TODAY) if one.is_by_moon]
