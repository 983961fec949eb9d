"""A timetable week for a generated school, as the planning asks for it: everything placed, no conflicts, no holes."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

DAYS = range(1, 7)
PERIODS = range(1, 6)
#: Day and period of the flag ceremony, in which nothing is taught, and of the hour with the homeroom teacher.
ASSEMBLY, CLASS_HOUR = (1, 1), (6, 5)

#: A day and a period of it.
When = tuple[int, int]
#: Who is in one place at a time in a half-day: a class or a teacher.
Whose = tuple[str, int, str]


@dataclass(frozen=True)
class Teaching:
    """A class-subject with who teaches it and how many periods it takes a week.

    has_class_hour  one of them is the class hour, as far as its teacher is free then
    """

    class_key: int
    class_subject: int
    teacher: int
    session: str
    periods: int
    has_class_hour: bool = False


@dataclass(frozen=True)
class Placed:
    """One period of the week."""

    teaching: Teaching
    weekday: int
    period: int


def session_of(grade: int) -> str:
    """The half-day in which a grade has its lessons: rooms are used twice."""
    return "am" if grade % 2 == 0 else "pm"


def place(teachings: Sequence[Teaching], chance: random.Random) -> list[Placed]:
    """Periods for all teachings, nobody in two places at once. What finds no free period is left out."""
    week = _Week(teachings)
    for teaching in teachings:
        if teaching.has_class_hour and not week.taken(teaching, CLASS_HOUR):
            week.lay(teaching, CLASS_HOUR)
    for teaching in sorted(teachings, key=lambda t: (-t.periods, t.class_subject)):
        hours = [when for when in week.hours[_class(teaching)] if when != CLASS_HOUR]
        chance.shuffle(hours)
        for _ in range(teaching.periods - week.on_day[teaching.class_subject, CLASS_HOUR[0]]):
            free = [when for when in hours if not week.taken(teaching, when)]
            if free:
                week.lay(teaching, min(free, key=lambda when: week.on_day[teaching.class_subject, when[0]]))
            else:
                week.make_room(teaching, hours)
    return [Placed(teaching, *when) for (whose, when), teaching in week.at.items() if whose[0] == "class"]


class _Week:
    """What stands where. A class has as many hours as lessons, every day from the first period on."""

    def __init__(self, teachings: Sequence[Teaching]) -> None:
        self.at: dict[tuple[Whose, When], Teaching] = {}
        self.on_day: Counter[tuple[int, int]] = Counter()
        lessons: Counter[Whose] = Counter()
        with_class_hour: set[Whose] = set()
        for teaching in teachings:
            lessons[_class(teaching)] += teaching.periods
            if teaching.has_class_hour:
                with_class_hour.add(_class(teaching))
        hours = {own: _hours(count, has_class_hour=own in with_class_hour) for own, count in lessons.items()}
        self.hours = defaultdict(set, hours)

    def taken(self, teaching: Teaching, when: When) -> bool:
        return (_class(teaching), when) in self.at or (_teacher(teaching), when) in self.at

    def lay(self, teaching: Teaching, when: When) -> None:
        self.on_day[teaching.class_subject, when[0]] += 1
        self.at[_class(teaching), when] = self.at[_teacher(teaching), when] = teaching

    def make_room(self, teaching: Teaching, hours: Sequence[When]) -> None:
        """Lays a lesson where its class is free, after those in its way have changed two hours (Kempe's chain)."""
        of_class = [when for when in hours if (_class(teaching), when) not in self.at]
        of_teacher = [when for when in hours if (_teacher(teaching), when) not in self.at]
        for here, there in product(of_class, of_teacher):
            chain = list(self._chain(_teacher(teaching), here, there))
            last, goes_to = chain[-1]
            if goes_to in self.hours[_class(last)] and _class(last) != _class(teaching):
                for each, goes_to in chain:
                    self._lift(each, here if goes_to == there else there)
                for each, goes_to in chain:
                    self.lay(each, goes_to)
                self.lay(teaching, here)
                return

    def _chain(self, whose: Whose, here: When, there: When) -> Iterator[tuple[Teaching, When]]:
        """Lessons that change between two hours, one after the other, with where each goes."""
        leaves, goes_to = here, there
        while found := self.at.get((whose, leaves)):
            yield found, goes_to
            whose = _class(found) if whose[0] == "teacher" else _teacher(found)
            leaves, goes_to = goes_to, leaves

    def _lift(self, teaching: Teaching, when: When) -> None:
        self.on_day[teaching.class_subject, when[0]] -= 1
        del self.at[_class(teaching), when], self.at[_teacher(teaching), when]


def _hours(lessons: int, *, has_class_hour: bool) -> set[When]:
    """So many hours of a week without a hole; before the class hour its whole half-day is taught."""
    full = {(CLASS_HOUR[0], period) for period in PERIODS} if has_class_hour else set()
    rest = sorted(((day, period) for day in DAYS for period in PERIODS), key=lambda when: (when[1], when[0]))
    return full | set([when for when in rest if when not in full | {ASSEMBLY}][: max(lessons - len(full), 0)])


def _class(teaching: Teaching) -> Whose:
    return ("class", teaching.class_key, teaching.session)


def _teacher(teaching: Teaching) -> Whose:
    return ("teacher", teaching.teacher, teaching.session)
