"""School days and teaching weeks of a year: what the calendar says, corrected by holidays and make-up days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

SUNDAY = 7


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days of one term, both ends included."""

    term_id: int
    number: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Special:
    """A day that is not what the calendar says. `taught_as` is a weekday 1-7 of a make-up day; None is a holiday."""

    title: str
    taught_as: int | None


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """What one day is to a school.

    taught_as  the weekday whose timetable is taught, 1 Monday - 7 Sunday; None when there is no school
    title      of the holiday or make-up day; empty on an ordinary day
    """

    day: date
    taught_as: int | None
    title: str = ""

    @property
    def is_school_day(self) -> bool:
        return self.taught_as is not None


@dataclass(frozen=True, slots=True)
class Week:
    """One calendar week of a term, Monday to Sunday.

    number   1-35, counted over the whole year; None for a week without school, such as Tết
    """

    number: int | None
    term_id: int
    starts_on: date
    ends_on: date


def school_day(day: date, terms: Sequence[Stretch], specials: Mapping[date, Special]) -> SchoolDay:
    """What that day is: school from Monday to Saturday within a term, unless the school said otherwise."""
    special = specials.get(day)
    if special is not None:
        return SchoolDay(day, special.taught_as, special.title)
    in_term = any(term.starts_on <= day <= term.ends_on for term in terms)
    weekday = day.isoweekday()
    return SchoolDay(day, weekday if in_term and weekday != SUNDAY else None)


def teaching_weeks(terms: Sequence[Stretch], specials: Mapping[date, Special]) -> list[Week]:
    """The weeks of the terms in order. A week counts when at least one of its days, Monday to Friday, is taught.

    terms    in order of time; a term that begins in mid-week begins a week of its own
    source   domain §2.4: 35 = 18 + 17 teaching weeks; term 2 has more calendar weeks because of Tết
    """
    return list(_weeks(tuple(terms), tuple(specials.items())))


@lru_cache(maxsize=512)
def _weeks(terms: tuple[Stretch, ...], special_days: tuple[tuple[date, Special], ...]) -> tuple[Week, ...]:
    """Worked out once for each calendar there is: many pages say which week it is."""
    specials = dict(special_days)
    weeks: list[Week] = []
    number = 0
    for term in terms:
        monday = term.starts_on - timedelta(days=term.starts_on.isoweekday() - 1)
        while monday <= term.ends_on:
            days = [monday + timedelta(days=n) for n in range(5)]
            is_taught = any(school_day(day, [term], specials).is_school_day for day in days)
            number += is_taught
            weeks.append(
                Week(
                    number=number if is_taught else None,
                    term_id=term.term_id,
                    starts_on=max(monday, term.starts_on),
                    ends_on=min(monday + timedelta(days=6), term.ends_on),
                )
            )
            monday += timedelta(days=7)
    return tuple(weeks)
