"""A timetable week for a generated school: greedy, free of conflicts, good enough to live a day with."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

DAYS = range(1, 7)
PERIODS = range(1, 6)
#: Day and period of the flag ceremony, in which nothing is taught, and of the hour with the homeroom teacher.
ASSEMBLY, CLASS_HOUR = (1, 1), (6, 5)


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
    taken: set[tuple[str, int, int, str, int]] = set()
    on_day: dict[tuple[int, int], int] = defaultdict(int)
    placed: list[Placed] = []

    def lay(teaching: Teaching, day: int, period: int) -> None:
        on_day[teaching.class_subject, day] += 1
        taken.add(("class", teaching.class_key, day, teaching.session, period))
        taken.add(("teacher", teaching.teacher, day, teaching.session, period))
        placed.append(Placed(teaching, day, period))

    for teaching in teachings:
        if teaching.has_class_hour and _is_free(taken, teaching, *CLASS_HOUR):
            lay(teaching, *CLASS_HOUR)
    for teaching in sorted(teachings, key=lambda t: (-t.periods, t.class_subject)):
        free = [(day, period) for day in DAYS for period in PERIODS if _is_free(taken, teaching, day, period)]
        free = [place for place in free if place != ASSEMBLY]
        chance.shuffle(free)
        for _ in range(teaching.periods - on_day[teaching.class_subject, CLASS_HOUR[0]]):
            if not free:
                break
            day, period = min(free, key=lambda slot: (on_day[teaching.class_subject, slot[0]], slot[1]))
            free.remove((day, period))
            lay(teaching, day, period)
    return placed


def _is_free(taken: set[tuple[str, int, int, str, int]], teaching: Teaching, day: int, period: int) -> bool:
    when = (day, teaching.session, period)
    return ("class", teaching.class_key, *when) not in taken and ("teacher", teaching.teacher, *when) not in taken
