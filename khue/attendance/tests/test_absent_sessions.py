from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.attendance.absent_sessions import HalfDay, missed_sessions

MONDAY = date(2026, 11, 23)


def half(day: int, session: str, held: int, missed: int) -> HalfDay:
    return HalfDay(MONDAY + timedelta(days=day), session, held, missed)


@pytest.mark.parametrize(
    ("half_days", "one_a_day", "each"),
    [
        ([], 0, 0),
        ([half(0, "am", 5, 5)], 1, 1),
        ([half(0, "am", 5, 4)], 0, 0),  # was at one lesson
        ([half(0, "am", 1, 1)], 1, 1),
        ([half(0, "am", 0, 0)], 0, 0),  # no roll, no absence
        ([half(0, "am", 5, 5), half(0, "pm", 3, 3)], 1, 2),
        ([half(0, "am", 5, 5), half(0, "pm", 3, 1)], 1, 1),
        ([half(0, "am", 5, 5), half(1, "am", 5, 5), half(5, "pm", 2, 2)], 3, 3),
        ([half(day, "am", 5, 5) for day in range(45)], 45, 45),
        ([half(day, "am", 5, 5) for day in range(46)], 46, 46),
    ],
)
def test_a_session_is_missed_when_all_its_lessons_were(half_days: list[HalfDay], one_a_day: int, each: int) -> None:
    assert missed_sessions(half_days, one_session=True) == one_a_day
    assert missed_sessions(half_days, one_session=False) == each


HALF_DAYS = st.builds(half, st.integers(0, 20), st.sampled_from(["am", "pm"]), st.integers(0, 5), st.integers(0, 5))


@given(st.lists(HALF_DAYS))
def test_a_plan_of_one_session_never_counts_more_and_never_less_than_half(half_days: list[HalfDay]) -> None:
    one, each = (missed_sessions(half_days, one_session=way) for way in (True, False))

    assert one <= each <= 2 * one
