"""How many periods a draft gives each teacher, against what is owed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from khue.schools import queries as schools
from khue.schools.queries import TeacherLoad
from khue.timetable.models import Draft, DraftPart
from khue.timetable.queries.planning import day_of

#: More periods than a week has: whoever owes none stands last.
WEEK = Decimal(100)


@dataclass(frozen=True, slots=True)
class DraftLoad:
    """One teacher in a draft. planned: periods a week; placed: those of them that have a place."""

    teacher: TeacherLoad
    planned: int
    placed: int

    @property
    def over(self) -> Decimal | None:
        """Above what is owed, below it where negative; None where nothing is owed."""
        return self.teacher.load.over if self.teacher.load else None

    @property
    def is_too_much(self) -> bool:
        """More overtime than TT 05/2025 allows."""
        return self.teacher.load is not None and self.teacher.load.is_too_much


def loads_of(draft: Draft) -> list[DraftLoad]:
    """Everybody with periods in the draft or owing some, in name order. Five queries.

    source  TT 05/2025/TT-BGDĐT, as schools counts what is owed; domain §9.2
    """
    planned: Counter[int] = Counter()
    placed: Counter[int] = Counter()
    rows = DraftPart.objects.filter(lesson__draft=draft)
    for staff, duration, weekday in rows.values_list("staff_id", "lesson__duration", "lesson__weekday"):
        planned[staff] += duration
        placed[staff] += duration if weekday is not None else 0
    found = []
    for each in schools.teacher_loads(draft.term.school_year, draft.term.number, day_of(draft)):
        count = planned[each.staff.id]
        if each.load is not None:
            each = replace(each, load=replace(each.load, taught=Decimal(count)))
        if count or each.load is not None:
            found.append(DraftLoad(each, count, placed[each.staff.id]))
    return found


@dataclass(frozen=True, slots=True)
class LoadHeaps:
    """Teachers by what a head has to look at; in each, the most above what is owed first.

    too_many  more overtime than is allowed;  more  overtime within it;  others  enough, less, or nothing owed
    """

    too_many: list[DraftLoad]
    more: list[DraftLoad]
    others: list[DraftLoad]


def heaps_of(loads: Sequence[DraftLoad]) -> LoadHeaps:
    """The loads of `loads_of` in heaps."""
    ranked = sorted(loads, key=lambda each: -(each.over if each.over is not None else -WEEK))
    return LoadHeaps(
        [each for each in ranked if each.is_too_much],
        [each for each in ranked if not each.is_too_much and (each.over or 0) > 0],
        [each for each in ranked if not each.is_too_much and (each.over or 0) <= 0],
    )
