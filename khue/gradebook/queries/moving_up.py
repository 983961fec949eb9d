"""Who of a year moves up, who stays, and who is still to be decided, class by class."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from django.db.models import QuerySet

from khue.foundation.actor import Actor, require
from khue.foundation.compiled import compiled
from khue.gradebook.access import Permission
from khue.gradebook.models import ClassMeeting, PrimaryYear, PupilYear
from khue.gradebook.year_results import Outcome
from khue.schools import queries as schools
from khue.schools.models import SchoolClass, SchoolYear


@dataclass(slots=True)
class ClassMove:
    """Where a class goes.

    name         of the class a year later; empty where its grade is the school's last
    up, stays    enrolments that move up, and that repeat the grade
    open, moved  how many are still to be decided, and how many have their place in the next year already
    waits        the head has not approved the class's results, so nobody of it moves
    """

    school_class: SchoolClass
    name: str
    up: list[int] = field(default_factory=list)
    stays: list[int] = field(default_factory=list)
    open: int = 0
    moved: int = 0
    waits: bool = False


def moving_up(actor: Actor, school_year: SchoolYear) -> list[ClassMove]:
    """The classes of a year in order. Five queries, however many pupils. Forbidden to who does not decide years."""
    require(actor, Permission.YEAR_DECIDE, within=school_year)
    classes = sorted(schools.open_classes_of_year(actor, school_year), key=schools.class_order)
    grades = {one.grade for one in classes}
    approved = set(_approved(school_year.id))
    decisions = _decisions(school_year)
    places: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for key, school_class, is_over in schools.places_of_year(school_year):
        places[school_class].append((key, is_over))
    return [_move(one, grades, places[one.id], decisions, one.id in approved) for one in classes]


def _move(
    one: SchoolClass,
    grades: set[int],
    places: Sequence[tuple[int, bool]],
    decisions: Mapping[int, bool],
    is_approved: bool,
) -> ClassMove:
    is_last = one.grade in schools.LAST_GRADES and one.grade + 1 not in grades
    move = ClassMove(one, "" if is_last else schools.next_name(one.name, one.grade))
    move.waits = not is_approved and not _is_primary(one)
    for enrolment, is_over in places:
        if is_over:
            move.moved += 1
        elif move.waits or enrolment not in decisions:
            move.open += 1
        elif decisions[enrolment]:
            move.up.append(enrolment)
        else:
            move.stays.append(enrolment)
    return move


def _is_primary(one: SchoolClass) -> bool:
    return one.grade <= 5


def _decisions(school_year: SchoolYear) -> dict[int, bool]:
    """Whether a pupil moves up, by enrolment, for those of whom that is decided."""
    found = {key: outcome == Outcome.PROMOTED for key, outcome in _settled(school_year.id)}
    for key, level, promoted in _of_primary(school_year.id):
        moves = True if level else promoted  # 0 is Chưa hoàn thành: the head decides
        if moves is not None:
            found[key] = moves
    return found


@compiled
def _approved(school_year_id: int) -> QuerySet[ClassMeeting, int]:
    rows = ClassMeeting.objects.filter(school_class__school_year_id=school_year_id).exclude(approved_at=None)
    return rows.values_list("school_class_id", flat=True)


@compiled
def _settled(school_year_id: int) -> QuerySet[PupilYear, tuple[int, str]]:
    rows = PupilYear.objects.filter(enrolment__school_class__school_year_id=school_year_id)
    return rows.filter(outcome__in=[Outcome.PROMOTED.value, Outcome.REPEAT.value]).values_list(
        "enrolment_id", "outcome"
    )


@compiled
def _of_primary(school_year_id: int) -> QuerySet[PrimaryYear, tuple[int, int, bool | None]]:
    rows = PrimaryYear.objects.filter(enrolment__school_class__school_year_id=school_year_id, level__isnull=False)
    return cast(
        "QuerySet[PrimaryYear, tuple[int, int, bool | None]]", rows.values_list("enrolment_id", "level", "promoted")
    )
