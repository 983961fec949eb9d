"""The values a plan is made of: the school's week, the lessons to be placed in it, and names.

The solver's day has one period more than the school's before each half-day. It is taken in every class by an *opening*
that never moves, so that the rule against holes also makes every half-day begin with its first period.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from khue.timetable.solver.problem import Grid

OPENING = "—"


@dataclass(frozen=True, slots=True)
class When:
    """A period of the school's week. weekday 1 Monday to 7 Sunday; session "am" or "pm"; periods from 1."""

    weekday: int
    session: str
    period: int


@dataclass(frozen=True, slots=True)
class Frame:
    """The week of a school: days from Monday, periods of each half-day; names as a reader says them."""

    days: tuple[str, ...]
    morning: int
    afternoon: int
    period_names: tuple[str, ...] = ()

    @property
    def grid(self) -> Grid:
        """The solver's week: see the module."""
        names = self.period_names or tuple(
            [f"am {n}" for n in range(1, self.morning + 1)] + [f"pm {n}" for n in range(1, self.afternoon + 1)]
        )
        periods = (OPENING, *names[: self.morning], OPENING, *names[self.morning :])
        return Grid(self.days, periods, ((0, self.morning), (self.morning + 1, self.morning + self.afternoon + 1)))

    def time(self, when: When) -> int:
        """The solver's number of a period of the school's week."""
        first = 0 if when.session == "am" else self.morning + 1
        return (when.weekday - 1) * (self.morning + self.afternoon + 2) + first + when.period

    def when(self, time: int) -> When:
        """The other way round."""
        day, place = divmod(time, self.morning + self.afternoon + 2)
        return When(day + 1, "am", place) if place <= self.morning else When(day + 1, "pm", place - self.morning - 1)

    def openings(self) -> list[int]:
        """The times before each half-day."""
        length = self.morning + self.afternoon + 2
        return [day * length + first for day in range(len(self.days)) for first in (0, self.morning + 1)]

    def periods(self) -> list[When]:
        """Every period of the week in order."""
        return [
            When(day, session, period)
            for day in range(1, len(self.days) + 1)
            for session, count in (("am", self.morning), ("pm", self.afternoon))
            for period in range(1, count + 1)
        ]

    def has(self, when: When) -> bool:
        """Whether there is such a period."""
        last = self.morning if when.session == "am" else self.afternoon
        return 1 <= when.weekday <= len(self.days) and when.session in ("am", "pm") and 1 <= when.period <= last


@dataclass(frozen=True, slots=True)
class ClassPart:
    """One class-subject of a lesson to be placed."""

    class_subject: int
    school_class: int
    subject: int
    subject_name: str
    grade: int
    campus: int | None
    staff: int
    hue: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A block of the draft, in the order of its key. `at` is where it begins, None while it has no place."""

    key: int
    duration: int
    parts: tuple[ClassPart, ...]
    at: When | None = None
    is_locked: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What people and classes are called; led: the classes each teacher leads."""

    classes: Mapping[int, str]
    staff: Mapping[int, str]
    led: Mapping[int, int]
