"""Who could give a lesson of a teacher who is away: by subject, free period and fairness."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
    is_elsewhere: bool = False


#: Where somebody teaches in a half-day: staff id, day, session; campuses, None is the main one.
Places = Mapping[tuple[int, date, str], Collection[int | None]]
#: When somebody is taken: staff id, day, session, period.
Taken = tuple[int, date, str, int]


def candidates(
    teachers: Sequence[Teacher],
    *,
    subject: int,
    school_class: int,
    when: tuple[date, str, int],
    campus: int | None,
    taken: Collection[Taken],
    away: Collection[tuple[int, date]],
    places: Places,
) -> list[Candidate]:
    """Those who are free then, the best first: of the subject, fewest covers, of the class, at school that half-day.

    Who teaches at another campus in that half-day comes last, for there is a way between.

    campus  where the lesson is
    taken   own lessons and covers of everybody
    away    (staff id, day) of those who are absent themselves
    """
    day, session, period = when
    found = [
        Candidate(
            staff=each.staff,
            name=each.name,
            same_subject=subject in each.subjects,
            knows_class=school_class in each.classes,
            is_there=campus in places.get((each.staff, day, session), ()),
            covers=each.covers,
            is_elsewhere=any(place != campus for place in places.get((each.staff, day, session), ())),
        )
        for each in teachers
        if (each.staff, day, session, period) not in taken and (each.staff, day) not in away
    ]
    return sorted(found, key=_rank)


def proposals(offered: Sequence[Sequence[Candidate]]) -> list[int | None]:
    """Whom to take for each of some lessons, so that no one colleague is asked for all of them.

    offered  who is free for each lesson, as `candidates` gives them; two lessons are never at the same time
    returns  a staff id of each, None where nobody is free without a way between campuses
    """
    asked: Counter[int] = Counter()
    found: list[int | None] = []
    for free in offered:
        near = [each for each in free if not each.is_elsewhere]
        best = min(near, key=lambda each: _rank(each, asked[each.staff]), default=None)
        found.append(best.staff if best else None)
        if best:
            asked[best.staff] += 1
    return found


def _rank(each: Candidate, more: int = 0) -> tuple[bool, bool, int, bool, bool]:
    return each.is_elsewhere, not each.same_subject, each.covers + more, not each.knows_class, not each.is_there
