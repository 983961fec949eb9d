"""Who was there: a lesson's roll, a pupil's absences, a school's day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from khue.attendance.models import Absence, LessonLog
from khue.foundation.actor import Actor
from khue.schools import queries as schools
from khue.timetable.models import Slot

MISSING_WITHOUT_REASON = (Absence.Kind.UNEXCUSED, Absence.Kind.SKIPPED)


@dataclass(frozen=True, slots=True)
class RollRow:
    """One pupil of the roll; `kind` is empty for one who is there."""

    enrolment_id: int
    full_name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll of one lesson. `log` is None until it is taken."""

    log: LessonLog | None
    rows: list[RollRow]


@dataclass(frozen=True, slots=True)
class PupilAbsence:
    """One absence as the family sees it."""

    enrolment_id: int
    day: date
    period: int
    session: str
    subject: str
    kind: str


@dataclass(frozen=True, slots=True)
class DayCount:
    """A school's day: lessons with a roll, pupils missing in at least one of them."""

    logged: int
    missing_excused: int
    missing_unexcused: int


def roll_of(slot: Slot, day: date) -> Roll:
    """The roll of a lesson whose slot came from `timetable.slot_of`. Three queries."""
    log = LessonLog.objects.filter(slot=slot, day=day).first()
    kinds = dict(Absence.objects.filter(lesson=log).values_list("enrolment_id", "kind")) if log else {}
    rows = [
        RollRow(member.enrolment_id, member.full_name, kinds.get(member.enrolment_id, ""))
        for member in schools.learners(slot.class_subject, day)
    ]
    return Roll(log, rows)


def logged_slots(slot_ids: Collection[int], day: date) -> set[int]:
    """Which of these slots have their roll taken on that day. One query."""
    return set(LessonLog.objects.filter(slot_id__in=slot_ids, day=day).values_list("slot_id", flat=True))


def absences_of(actor: Actor, enrolment_ids: Sequence[int], first: date, last: date) -> list[PupilAbsence]:
    """Absences of pupils the actor may see, between two days, newest first. One query."""
    rows = Absence.objects.filter(
        enrolment_id__in=enrolment_ids,
        enrolment__in=schools.visible_enrolments(actor).order_by(),
        lesson__day__range=(first, last),
    ).select_related("lesson__slot", "lesson__class_subject__subject")
    return [
        PupilAbsence(
            row.enrolment_id,
            row.lesson.day,
            row.lesson.slot.period,
            row.lesson.slot.session,
            row.lesson.class_subject.subject.name,
            row.kind,
        )
        for row in rows.order_by("-lesson__day", "lesson__slot__session", "lesson__slot__period")
    ]


def day_of_schools(organisation_ids: Collection[int], day: date) -> dict[int, DayCount]:
    """Each school's day by organisation id; schools without any roll are left out. Two queries."""
    lessons = LessonLog.objects.filter(organisation_id__in=organisation_ids, day=day)
    logged = dict(lessons.values_list("organisation_id").annotate(Count("id")))
    counts = (
        Absence.objects.filter(lesson__in=lessons)
        .values_list("organisation_id")
        .annotate(
            excused=Count("enrolment", distinct=True, filter=Q(kind=Absence.Kind.EXCUSED)),
            unexcused=Count("enrolment", distinct=True, filter=Q(kind__in=MISSING_WITHOUT_REASON)),
        )
    )
    missing = {school: (excused, unexcused) for school, excused, unexcused in counts}
    return {school: DayCount(number, *missing.get(school, (0, 0))) for school, number in logged.items()}


def periods_by_mode(organisation_ids: Collection[int], first: date, last: date) -> dict[tuple[int, int, str], int]:
    """Lessons held, by (school, grade, mode), between two days: what indicators A5 and A6 count. One query."""
    rows = (
        LessonLog.objects.filter(organisation_id__in=organisation_ids, day__range=(first, last))
        .values_list("organisation_id", "class_subject__school_class__grade", "mode")
        .annotate(Count("id"))
    )
    return {(school, grade, mode): count for school, grade, mode, count in rows}
