"""The vectors of domain §5.1, and what must hold for any calendar."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from khue.foundation.clock import VIETNAM
from khue.procedures import working_days
from khue.procedures.working_days import days_used, due_on, is_working_day, moved, next_working_day, received_on

#: National Day of 2026: Monday 31 August is swapped to Saturday 22 August.
NATIONAL_DAY = {
    date(2026, 8, 22): True, date(2026, 8, 31): False, date(2026, 9, 1): False, date(2026, 9, 2): False,
}  # fmt: skip
FIVE = time(17)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM)


def test_received_on_a_friday_afternoon_five_days_end_on_the_next_friday() -> None:
    received = received_on(at(date(2026, 9, 11), 15), FIVE, NATIONAL_DAY)

    assert (received, due_on(received, 5, NATIONAL_DAY)) == (date(2026, 9, 11), date(2026, 9, 18))


def test_three_days_over_national_day_end_on_the_monday_after() -> None:
    received = received_on(at(date(2026, 8, 28), 10), FIVE, NATIONAL_DAY)

    assert due_on(received, 3, NATIONAL_DAY) == date(2026, 9, 7)


def test_a_worked_saturday_counts() -> None:
    assert due_on(date(2026, 8, 21), 1, NATIONAL_DAY) == date(2026, 8, 22)
    assert due_on(date(2026, 8, 21), 1, {}) == date(2026, 8, 24)


def test_what_comes_after_hours_counts_from_the_next_working_day() -> None:
    assert received_on(at(date(2026, 9, 11), 17, 1), FIVE, {}) == date(2026, 9, 14)
    assert received_on(at(date(2026, 9, 11), 17), FIVE, {}) == date(2026, 9, 11)
    assert received_on(at(date(2026, 9, 12), 9), FIVE, {}) == date(2026, 9, 14)


def test_a_copy_of_a_diploma_is_due_the_same_day_or_after_three_the_next() -> None:
    for hour, day in ((14, date(2026, 9, 11)), (16, date(2026, 9, 14))):
        received = received_on(at(date(2026, 9, 11), hour), time(15), {})
        assert due_on(received, 0, {}) == day


def test_a_supplement_asked_on_the_second_day_leaves_three_of_five() -> None:
    received = date(2026, 9, 14)
    used = days_used(received, date(2026, 9, 16), {})

    assert used == 2
    assert moved(date(2026, 9, 21), 5 - used, {}) == date(2026, 9, 24)


CALENDARS = st.dictionaries(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.booleans(), max_size=40)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(DAYS, st.integers(1, 60), CALENDARS)
def test_a_deadline_is_a_working_day_and_exactly_so_many_away(day: date, days: int, calendar: dict[date, bool]) -> None:
    due = due_on(day, days, calendar)

    assert is_working_day(due, calendar)
    assert days_used(day, due, calendar) == days
    assert days_used(day, due - timedelta(days=1), calendar) == days - 1


@given(DAYS, st.integers(-20, 20), CALENDARS)
def test_going_back_and_forth_over_working_days_ends_where_it_began(
    day: date, days: int, calendar: dict[date, bool]
) -> None:
    begun = next_working_day(day, calendar)

    assert moved(moved(begun, days, calendar), -days, calendar) == begun


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)), CALENDARS)
def test_nothing_is_received_before_it_came_or_on_a_day_off(came: datetime, calendar: dict[date, bool]) -> None:
    came = came.replace(tzinfo=VIETNAM)
    received = received_on(came, FIVE, calendar)

    assert received >= came.date()
    assert is_working_day(received, calendar)
    assert received - came.date() < working_days.FURTHEST
