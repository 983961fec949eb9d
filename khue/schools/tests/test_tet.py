"""Tết is where the moon is, and the weeks of rest hold it."""

from datetime import UTC, datetime, timedelta

import pytest

from khue.schools.tet import FIRST_DAYS, school_rest

#: A new moon, and how long the moon takes on average; a true one is up to 14 hours off (Meeus, ch. 49).
NEW_MOON, MONTH, OFF = datetime(2000, 1, 6, 18, 14, tzinfo=UTC), timedelta(days=29.530588861), timedelta(hours=15)


@pytest.mark.parametrize("year", sorted(FIRST_DAYS))
def test_every_first_day_has_a_new_moon_and_lies_in_its_weeks(year: int) -> None:
    first = FIRST_DAYS[year]
    begins = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(hours=7)
    months = round((begins + timedelta(hours=12) - NEW_MOON) / MONTH)

    assert begins - OFF <= NEW_MOON + months * MONTH <= begins + timedelta(days=1) + OFF
    assert (1, 21) <= (first.month, first.day) <= (2, 20)
    rest = school_rest(year)
    assert rest is not None
    assert (rest[0].isoweekday(), rest[1].isoweekday(), (rest[1] - rest[0]).days) == (1, 6, 12)
    assert rest[0] + timedelta(days=3) <= first <= rest[1] - timedelta(days=3)  # the eve, and days for visits


def test_a_year_that_is_not_known_has_none() -> None:
    assert school_rest(2041) is None
