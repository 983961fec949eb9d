"""The hours of periods as people write them, and what a way between two campuses costs in periods."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import combinations

MINUTES = 60
LONGEST_WAY = 240
_HOUR = r"(\d{1,2})\s*[:hg.]\s*(\d{2})?"
_HOURS = re.compile(rf"\s*{_HOUR}\s*(?:-|–|—|đến)\s*{_HOUR}\s*", re.IGNORECASE | re.ASCII)

Hours = tuple[time, time]
#: The hours of each period at one campus, by half-day and number.
Bells = Mapping[tuple[str, int], Hours]


def read_hours(text: str) -> Hours | None:
    """From "7:00-7:45", "7h00 – 7h45" or "7h đến 7h45" to the hours; None where it is none or ends before it begins."""
    found = _HOURS.fullmatch(text)
    if found is None:
        return None
    numbers = [int(each or 0) for each in found.groups()]
    if max(numbers[0], numbers[2]) > 23 or max(numbers[1], numbers[3]) >= MINUTES:
        return None
    start, end = time(numbers[0], numbers[1]), time(numbers[2], numbers[3])
    return (start, end) if start < end else None


def written_hours(hours: Hours) -> str:
    """As `read_hours` reads them."""
    return f"{hours[0]:%H:%M} - {hours[1]:%H:%M}"


@dataclass(frozen=True, slots=True)
class Disorder:
    """The first period whose hours do not follow those before it: one is missing, or two run at once."""

    session: str
    period: int
    is_missing: bool


def disorder(bells: Bells) -> Disorder | None:
    """What is wrong with the hours of a day; None where every period follows the one before."""
    before: time | None = None
    for session in ("am", "pm"):
        numbers = sorted(period for half, period in bells if half == session)
        for place, period in enumerate(numbers, start=1):
            if period != place:
                return Disorder(session, place, is_missing=True)
            start, end = bells[session, period]
            if before is not None and start < before:
                return Disorder(session, period, is_missing=False)
            before = end
    return None


def free_periods(minutes: int, here: Bells, there: Bells) -> int | None:
    """How many periods must stay free between a lesson at one campus and the next at another, either way round.

    So many that whichever two periods of a half-day are meant, `minutes` lie between them. None without any bells.
    """
    if not here or not there:
        return None
    longest = max(period for _session, period in (*here, *there))
    pairs = [(here, there), (there, here)]
    return next(free for free in range(longest + 1) if all(_is_enough(minutes, free, a, b) for a, b in pairs))


def _is_enough(minutes: int, free: int, before: Bells, after: Bells) -> bool:
    return all(
        _minute(after[session, period + 1 + free][0]) - _minute(end) >= minutes
        for (session, period), (_start, end) in before.items()
        if (session, period + 1 + free) in after
    )


def _minute(at: time) -> int:
    return at.hour * MINUTES + at.minute


#: Free periods between two campuses; None is the main one.
Ways = Mapping[frozenset[int | None], int]


def longest_way(campuses: Iterable[int | None], ways: Ways, usual: int) -> int:
    """The free periods that are enough between any two of these campuses; `usual` where nobody measured the way."""
    places: Sequence[int | None] = sorted(set(campuses), key=lambda each: (each is not None, each or 0))
    return max((way_between(one, other, ways, usual) for one, other in combinations(places, 2)), default=0)


def way_between(one: int | None, other: int | None, ways: Ways, usual: int) -> int:
    """The free periods between two campuses; `usual` where nobody measured the way."""
    return ways.get(frozenset({one, other}), usual)
