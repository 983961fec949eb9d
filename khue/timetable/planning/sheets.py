"""A week as the sheets a school hangs on its wall: classes across, or teachers down."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from khue.timetable.planning.differences import Taught
from khue.timetable.planning.frame import When

#: So many classes stand beside each other on an A3 sheet and can still be read.
CLASSES_ACROSS = 16
SESSIONS = ("am", "pm")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Some of those whose week it is, with the periods in which any of them has a lesson.

    session  "am" or "pm"
    whose    key and name, in the order in which they stand
    cells    by key and period
    """

    session: str
    whose: Sequence[tuple[int, str]]
    periods: Sequence[When]
    cells: Mapping[tuple[int, When], Sequence[Taught]]

    def days(self) -> list[tuple[int, list[When]]]:
        """The periods of each weekday."""
        found: dict[int, list[When]] = defaultdict(list)
        for when in self.periods:
            found[when.weekday].append(when)
        return list(found.items())

    def count(self, key: int) -> int:
        """How many periods somebody has on this sheet."""
        return sum(len(self.cells.get((key, when), ())) for when in self.periods)


Whose = Callable[[Taught], tuple[int, str]]


def of_class(taught: Taught) -> tuple[int, str]:
    """Whose lesson it is on the sheet of classes."""
    return taught.class_id, taught.class_name


def of_teacher(taught: Taught) -> tuple[int, str]:
    """Whose lesson it is on the sheet of teachers."""
    return taught.staff_id, taught.teacher


def sheets(taught: Sequence[Taught], whose: Whose, order: Callable[[str], object], *, across: int) -> list[Sheet]:
    """One half-day after the other, at most `across` on a sheet; whoever has nothing in a half-day is not on its sheet.

    order   by which names stand
    """
    found = []
    for session in SESSIONS:
        lessons = [each for each in taught if each.session == session]
        people = sorted({whose(each) for each in lessons}, key=lambda each: (order(each[1]), each[0]))
        for first in range(0, len(people), across):
            some = people[first : first + across]
            here = [each for each in lessons if whose(each) in set(some)]
            cells: dict[tuple[int, When], list[Taught]] = defaultdict(list)
            for each in here:
                cells[whose(each)[0], each.when].append(each)
            found.append(Sheet(session, some, list(_periods(here)), cells))
    return found


def _periods(taught: Iterable[Taught]) -> Iterator[When]:
    """Every period from the first of each day to the last that anybody has, so that all days look alike."""
    rows = list(taught)
    for session in SESSIONS:
        here = [each for each in rows if each.session == session]
        if here:
            last = max(each.period for each in here)
            for weekday in range(1, max(each.weekday for each in here) + 1):
                for period in range(1, last + 1):
                    yield When(weekday, session, period)


def short_names(names: Iterable[str]) -> dict[str, str]:
    """The given name of each, as a narrow cell has it: "Hoa"; where it is shared "L.T.Hoa", and else the whole name."""
    every = sorted(set(names))
    given = Counter(_given(name) for name in every)
    initials = Counter(_with_initials(name) for name in every)
    plain = {name: _given(name) for name in every if given[_given(name)] == 1}
    marked = {name: _with_initials(name) for name in every if name not in plain and initials[_with_initials(name)] == 1}
    found = {name: plain.get(name) or marked.get(name) or name for name in every}
    twice = {short for short, count in Counter(found.values()).items() if count > 1}
    return {name: name if short in twice else short for name, short in found.items()}


def _given(name: str) -> str:
    return name.split()[-1] if name.split() else name


def _with_initials(name: str) -> str:
    *before, last = name.split() or [name]
    return "".join(f"{word[0]}." for word in before) + last
