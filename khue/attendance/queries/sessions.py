"""How many sessions pupils missed in a school year, and who comes near the 45 of the rule."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.attendance.absent_sessions import HalfDay, missed_sessions
from khue.attendance.models import Absence, LessonLog
from khue.attendance.queries.log import log_rules
from khue.foundation import clock
from khue.foundation.compiled import compiled
from khue.schools import queries as schools
from khue.schools.models import SchoolClass

MISSING = (Absence.Kind.EXCUSED.value, Absence.Kind.UNEXCUSED.value, Absence.Kind.SKIPPED.value)


def sessions_absent(person_ids: Collection[int], organisation_id: int, first: date, last: date) -> dict[int, int]:
    """By person: the sessions missed at a school in a year, with leave or without. Three queries.

    first, last  the year's first and last day

    source  TT 22/2021, Điều 12; see absent_sessions
    """
    rules = log_rules(organisation_id)
    halves = _half_days(person_ids, organisation_id, first, last)
    return {person: missed_sessions(halves[person], one_session=rules.one_session) for person in person_ids}


def _half_days(person_ids: Collection[int], organisation_id: int, first: date, last: date) -> dict[int, list[HalfDay]]:
    rows = _missed(sorted(person_ids), organisation_id, first, last)
    days = sorted({row[2] for row in rows})
    held = {
        (class_id, day, session): count
        for class_id, day, session, count in _held(sorted({row[1] for row in rows}), days)
    }
    found: dict[int, list[HalfDay]] = defaultdict(list)
    for person, class_id, day, session, missed, electives in rows:
        lessons = held.get((class_id, day, session), 0) + electives
        found[person].append(HalfDay(day, session, lessons, missed))
    return found


#: person, class, day, session, lessons missed, those of them that are electives
_MissedRow = tuple[int, int, date, str, int, int]


@compiled
def _missed(person_ids: Sequence[int], organisation_id: int, first: date, last: date) -> QuerySet[Absence, _MissedRow]:
    rows = Absence.objects.filter(
        organisation_id=organisation_id,
        enrolment__person_id__in=person_ids,
        lesson__day__gte=first,
        lesson__day__lte=last,
        kind__in=MISSING,
    )
    half = ("enrolment__person_id", "enrolment__school_class_id", "lesson__day", "lesson__slot__session")
    counts = (
        rows.values(*half)
        .order_by(*half)
        .annotate(missed=Count("id"), electives=Count("id", filter=Q(lesson__class_subject__is_elective=True)))
    )
    return cast("QuerySet[Absence, _MissedRow]", counts.values_list(*half, "missed", "electives"))


@compiled
def _held(class_ids: Sequence[int], days: Sequence[date]) -> QuerySet[LessonLog, tuple[int, date, str, int]]:
    """Lessons that the whole class has, whose roll was taken: an elective counts where the pupil missed it."""
    rows = LessonLog.objects.filter(
        class_subject__school_class_id__in=class_ids, day__in=days, class_subject__is_elective=False
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


def class_year(school_class: SchoolClass, on: date | None = None) -> list[PupilYear]:
    """The pupils of a class the actor may open, who missed most first. Five queries, however many pupils."""
    members = schools.members(school_class, on or clock.today())
    year = school_class.school_year
    people = [member.person_id for member in members]
    missed = sessions_absent(people, school_class.organisation_id, year.starts_on, year.ends_on)
    counts = _lessons_by_kind([member.enrolment_id for member in members])
    rows = [
        PupilYear(
            member.enrolment_public_id, member.full_name, missed[member.person_id],
            *counts.get(member.enrolment_id, (0, 0, 0)),
        )
        for member in members
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -row.sessions)


def _lessons_by_kind(enrolment_ids: Collection[int]) -> dict[int, tuple[int, int, int]]:
    rows = Absence.objects.filter(enrolment_id__in=enrolment_ids).values("enrolment_id").order_by()
    counted = rows.annotate(
        excused=Count("id", filter=Q(kind=Absence.Kind.EXCUSED)),
        unexcused=Count("id", filter=Q(kind__in=(Absence.Kind.UNEXCUSED, Absence.Kind.SKIPPED))),
        late=Count("id", filter=Q(kind__in=(Absence.Kind.LATE, Absence.Kind.LEFT_EARLY))),
    )
    return {row["enrolment_id"]: (row["excused"], row["unexcused"], row["late"]) for row in counted}
