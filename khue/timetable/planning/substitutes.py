"""Who could give a lesson of a teacher who is away: by subject, free period and fairness."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Teacher:
    """A colleague. covers: lessons given for others this term."""

    staff: int
    name: str
    subjects: Collection[int]
    classes: Collection[int]
    covers: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague who is free for one lesson."""

    staff: int
    name: str
    same_subject: bool
    knows_class: bool
    is_there: bool
    covers: int


#: When somebody is taken: staff id, day, session, period.
Taken = tuple[int, date, str, int]


def candidates(
    teachers: Sequence[Teacher],
    *,
    subject: int,
    school_class: int,
    when: tuple[date, str, int],
    taken: Collection[Taken],
    away: Collection[tuple[int, date]],
) -> list[Candidate]:
    """Those who are free then, the best first: of the subject, fewest covers, of the class, at school that half-day.

    taken   own lessons and covers of everybody
    away    (staff id, day) of those who are absent themselves
    """
    day, session, period = when
    there = {staff for staff, on, half, _period in taken if (on, half) == (day, session)}
    found = [
        Candidate(
            staff=each.staff,
            name=each.name,
            same_subject=subject in each.subjects,
            knows_class=school_class in each.classes,
            is_there=each.staff in there,
            covers=each.covers,
        )
        for each in teachers
        if (each.staff, day, session, period) not in taken and (each.staff, day) not in away
    ]
    return sorted(found, key=_rank)


def proposals(offered: Sequence[Sequence[Candidate]]) -> list[int | None]:
    """Whom to take for each of some lessons, so that no one colleague is asked for all of them.

    offered  who is free for each lesson, as `candidates` gives them; two lessons are never at the same time
    returns  a staff id of each, None where nobody is free
    """
    asked: Counter[int] = Counter()
    found: list[int | None] = []
    for free in offered:
        best = min(free, key=lambda each: _rank(each, asked[each.staff]), default=None)
        found.append(best.staff if best else None)
        if best:
            asked[best.staff] += 1
    return found


def _rank(each: Candidate, more: int = 0) -> tuple[bool, int, bool, bool]:
    return not each.same_subject, each.covers + more, not each.knows_class, not each.is_there
