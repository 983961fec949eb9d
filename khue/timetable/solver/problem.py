"""What has to be placed, when, and under which rules: a school's week as plain values.

A *block* is one or several periods on end of one thing taught. A *resource* is whatever can be in one place at a time:
a teacher, a class, a room. A *time* is a number: day * periods of a day + period, both counted from 0.
Every rule has a weight in percent: 100 must hold; less is a wish, reported and preferred but never enforced.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MUST = 100


class Kind(StrEnum):
    """What a resource is; it changes how it is spoken of and nothing else."""

    TEACHER = "teacher"
    CLASS = "class"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Grid:
    """The week.

    sessions   periods that follow each other, as (first, last) of a day; nothing taught on end crosses from one into
               the next, and a free period between two sessions is nobody's gap
    """

    days: tuple[str, ...]
    periods: tuple[str, ...]
    sessions: tuple[tuple[int, int], ...]

    @property
    def size(self) -> int:
        """How many times the week has."""
        return len(self.days) * len(self.periods)

    def time(self, day: int, period: int) -> int:
        """The number of a period of a day."""
        return day * len(self.periods) + period

    def day(self, time: int) -> int:
        """The day a time falls on."""
        return time // len(self.periods)

    def period(self, time: int) -> int:
        """The period of its day."""
        return time % len(self.periods)

    def label(self, time: int) -> str:
        """As a person says it: "Thứ 2, tiết 1", in the names the grid was given."""
        return f"{self.days[self.day(time)]}, {self.periods[self.period(time)]}"

    def starts(self, duration: int) -> Iterator[int]:
        """The times at which a block of so many periods may begin without crossing a session or a day."""
        for day in range(len(self.days)):
            for first, last in self.sessions:
                for period in range(first, last - duration + 2):
                    yield self.time(day, period)


@dataclass(frozen=True, slots=True)
class Resource:
    """A teacher, a class or part of one, or a room.

    closed   times at which it is not there; they are never counted as gaps
    """

    name: str
    kind: Kind
    closed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Block:
    """What is placed as one.

    resources   numbers in Problem.resources: all are taken for the whole block
    place       the campus it is taught at, where a school has several; blocks without one are taught anywhere
    """

    name: str
    duration: int
    resources: tuple[int, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class AllowedStarts:
    """Each of the blocks begins at one of these times."""

    blocks: tuple[int, ...]
    starts: frozenset[int]
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class Apart:
    """Any two of the blocks begin at least so many days apart.

    adjoining   when two fall on one day all the same (a rule below 100), they follow each other without a break
    """

    blocks: tuple[int, ...]
    days: int
    adjoining: bool = False
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class SameDay:
    """All the blocks are taught on one day."""

    blocks: tuple[int, ...]
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class SameStart:
    """All the blocks begin at the same time of the week: the electives of a grade."""

    blocks: tuple[int, ...]
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class AtOnce:
    """At most so many of the blocks run at any time: the two computer rooms of a school, or 1 for "never together".

    A block that is named twice counts twice: two subjects taught in it need two rooms.
    """

    blocks: tuple[int, ...]
    most: int
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class GapsPerDay:
    """At most so many free periods between two lessons of one session, on any day."""

    resource: int
    most: int
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class GapsPerWeek:
    """At most so many such free periods in the whole week."""

    resource: int
    most: int
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class PeriodsPerDay:
    """On a day at least and at most so many periods.

    free_days   a day without any is allowed, whatever the least is
    """

    resource: int
    least: int
    most: int
    free_days: bool = True
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class PeriodsOnEnd:
    """At most so many periods without a free one between them."""

    resource: int
    most: int
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class DaysPerWeek:
    """At most so many days with anything taught between two periods of the day, both included."""

    resource: int
    most: int
    first: int
    last: int
    weight: int = MUST


@dataclass(frozen=True, slots=True)
class Travel:
    """Between two blocks of one session at different places so many periods stay free."""

    resource: int
    periods: int
    weight: int = MUST


DayRule = GapsPerDay | GapsPerWeek | PeriodsPerDay | PeriodsOnEnd | DaysPerWeek
BlockRule = AllowedStarts | Apart | SameDay | SameStart | AtOnce
Rule = BlockRule | DayRule | Travel


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole week to be made; resources and blocks are spoken of by their number here."""

    name: str
    grid: Grid
    resources: tuple[Resource, ...]
    blocks: tuple[Block, ...]
    rules: tuple[Rule, ...]


Timetable = tuple[int | None, ...]
"""When each block begins, in the order of Problem.blocks; None while it has no time."""
