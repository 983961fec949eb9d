"""Whether a family is told something of a half-day: pure, so that every order of rolls can be put to the test."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class News:
    """What the family is told: `missed` for the first time, or what was said of `taken_back` is not so any more.

    told  what stands as told afterwards
    """

    told: Collection[int]
    missed: Collection[int] = ()
    taken_back: Collection[int] = ()


def news(told: Collection[int], missing: Collection[int]) -> News | None:
    """What follows from what is recorded now, beside what the family was told; None where it needs to hear nothing.

    told     lessons of the half-day that the family was told the pupil missed without a reason
    missing  lessons it misses now. Once told of a half-day, a family hears of it again only when something told was
             taken back: one message a half-day, not one a lesson
    """
    if not told:
        return News(told=sorted(missing), missed=sorted(missing)) if missing else None
    taken_back = sorted(set(told) - set(missing))
    return News(told=sorted(missing), taken_back=taken_back) if taken_back else None
