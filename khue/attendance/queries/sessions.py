"""How many sessions pupils missed in a school year, and who comes near the 45 of the rule."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.attendance.absent_sessions import HalfDay, missed_sessions
from khue.attendance.models import Absence, LessonLog, LogRules
from khue.foundation import clock
from khue.foundation.compiled import compiled
from khue.schools import queries as schools
from khue.schools.models import SchoolClass

MISSING = (Absence.Kind.EXCUSED.value, Absence.Kind.UNEXCUSED.value, Absence.Kind.SKIPPED.value)


#: school, person, class, day, session, lessons missed, those of them that are electives
_MissedRow = tuple[int, int, int, date, str, int, int]


def sessions_absent(enrolment_ids: Sequence[int], first: date, last: date) -> dict[int, int]:
    """By enrolment: the sessions its pupil missed in a year, in whichever class of the school. Five queries.

    A pupil of a class that takes no rolls is left out: nobody counts its sessions.
    first, last  the year's first and last day
    source       TT 22/2021, Điều 12; see absent_sessions
    """
    people = schools.people_of_enrolments(enrolment_ids)
    counting = set(_taking_rolls(sorted({school_class for _person, school_class in people.values()}), first, last))
    if not counting:
        return {}
    rows = _missed(sorted({person for person, _class in people.values()}), first, last)
    one_session = _counting_one_session(sorted({row[0] for row in rows}))
    halves: dict[int, list[HalfDay]] = defaultdict(list)
    one: dict[int, bool] = {}
    held = _lessons_held(rows)
    for organisation, person, class_id, day, session, missed, electives in rows:
        halves[person].append(HalfDay(day, session, held.get((class_id, day, session), 0) + electives, missed))
        one[person] = one_session.get(organisation, True)
    return {
        enrolment: missed_sessions(halves[person], one_session=one.get(person, True))
        for enrolment, (person, school_class) in people.items()
        if school_class in counting
    }


@compiled
def _taking_rolls(class_ids: Sequence[int], first: date, last: date) -> QuerySet[LessonLog, int]:
    rows = LessonLog.objects.filter(
        class_subject__school_class_id__in=class_ids, day__gte=first, day__lte=last
    ).order_by()
    return rows.values_list("class_subject__school_class_id", flat=True).distinct()


def _counting_one_session(organisation_ids: Collection[int]) -> dict[int, bool]:
    return dict(_one_session(list(organisation_ids)))


@compiled
def _one_session(organisation_ids: Sequence[int]) -> QuerySet[LogRules, tuple[int, bool]]:
    return LogRules.objects.filter(organisation_id__in=organisation_ids).values_list("organisation_id", "one_session")


def _lessons_held(rows: Sequence[_MissedRow]) -> dict[tuple[int, date, str], int]:
    if not rows:
        return {}
    days = [row[3] for row in rows]
    held = _held(sorted({row[2] for row in rows}), min(days), max(days))
    return {(class_id, day, session): count for class_id, day, session, count in held}


def lessons_missed_by_half(person_ids: Sequence[int], first: date, last: date) -> Sequence[_MissedRow]:
    """Lessons that each of these people missed, with leave and without, by half-day. One query."""
    return _missed(person_ids, first, last)


def lessons_held_by_half(class_ids: Sequence[int], first: date, last: date) -> Sequence[tuple[int, date, str, int]]:
    """(class, day, session, lessons with a roll) of these classes. One query."""
    return _held(class_ids, first, last)


@compiled
def _missed(person_ids: Sequence[int], first: date, last: date) -> QuerySet[Absence, _MissedRow]:
    rows = Absence.objects.filter(
        enrolment__person_id__in=person_ids, lesson__day__gte=first, lesson__day__lte=last, kind__in=MISSING
    )
    half = (
        "organisation_id", "enrolment__person_id", "enrolment__school_class_id", "lesson__day",
        "lesson__slot__session",
    )  # fmt: skip
    counts = (
        rows.values(*half)
        .order_by(*half)
        .annotate(missed=Count("id"), electives=Count("id", filter=Q(lesson__class_subject__is_elective=True)))
    )
    return cast("QuerySet[Absence, _MissedRow]", counts.values_list(*half, "missed", "electives"))


@compiled
def _held(class_ids: Sequence[int], first: date, last: date) -> QuerySet[LessonLog, tuple[int, date, str, int]]:
    """Lessons that the whole class has, whose roll was taken: an elective counts where the pupil missed it."""
    rows = LessonLog.objects.filter(
        class_subject__school_class_id__in=class_ids,
        day__gte=first,
        day__lte=last,
        class_subject__is_elective=False,
    )
    half = ("class_subject__school_class_id", "day", "slot__session")
    counts = rows.values(*half).order_by(*half).annotate(number=Count("id")).values_list(*half, "number")
    return cast("QuerySet[LessonLog, tuple[int, date, str, int]]", counts)


@dataclass(frozen=True, slots=True)
class PupilYear:
    """One pupil in the homeroom teacher's list.

    sessions  missed this year as the rule counts them; excused, unexcused, late: lessons
    """

    enrolment: UUID
    full_name: str
    sessions: int
    excused: int
    unexcused: int
    late: int

    @property
    def was_always_there(self) -> bool:
        return not (self.sessions or self.excused or self.unexcused or self.late)


def class_year(school_class: SchoolClass, on: date | None = None) -> list[PupilYear]:
    """The pupils of a class the actor may open, who missed most first. Seven queries, however many pupils."""
    members = schools.members(school_class, on or clock.today())
    year = school_class.school_year
    missed = sessions_absent([member.enrolment_id for member in members], year.starts_on, year.ends_on)
    counts = _lessons_by_kind([member.enrolment_id for member in members])
    rows = [
        PupilYear(
            member.enrolment_public_id, member.full_name, missed.get(member.enrolment_id, 0),
            *counts.get(member.enrolment_id, (0, 0, 0)),
        )
        for member in members
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -row.sessions)


def _lessons_by_kind(enrolment_ids: Collection[int]) -> dict[int, tuple[int, int, int]]:
    return {row[0]: row[1:] for row in _by_kind(list(enrolment_ids))}


@compiled
def _by_kind(enrolment_ids: Sequence[int]) -> QuerySet[Absence, tuple[int, int, int, int]]:
    kind = Absence.Kind
    rows = Absence.objects.filter(enrolment_id__in=enrolment_ids).values("enrolment_id").order_by()
    counted = rows.annotate(
        excused=Count("id", filter=Q(kind=kind.EXCUSED.value)),
        unexcused=Count("id", filter=Q(kind__in=(kind.UNEXCUSED.value, kind.SKIPPED.value))),
        late=Count("id", filter=Q(kind__in=(kind.LATE.value, kind.LEFT_EARLY.value))),
    )
    columns = ("enrolment_id", "excused", "unexcused", "late")
    return cast("QuerySet[Absence, tuple[int, int, int, int]]", counted.values_list(*columns))
