"""Who was there: a lesson's roll, a pupil's absences, a school's day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet, Value

from khue.attendance.access import Permission
from khue.attendance.models import Absence, LessonLog
from khue.attendance.queries.leave import on_leave
from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.schools import queries as schools
from khue.timetable import queries as timetable
from khue.timetable.models import Slot
from khue.timetable.queries import Lesson

MISSING_WITHOUT_REASON = (Absence.Kind.UNEXCUSED, Absence.Kind.SKIPPED)


@dataclass(frozen=True, slots=True)
class RollRow:
    """One pupil of the roll; `kind` is empty for one who is there.

    on_leave  the pupil has leave for this half-day
    """

    enrolment_id: int
    full_name: str
    kind: str
    minutes: int | None = None
    on_leave: bool = False


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
    """A school's day: lessons with a roll, pupils missing in at least one of them.

    has_begun  a lesson of the year has a roll
    """

    logged: int
    missing_excused: int
    missing_unexcused: int
    has_begun: bool = False


def roll_of(actor: Actor, slot: Slot, day: date) -> Roll:
    """The roll of a lesson whose slot came from `timetable.slot_of`; before it is taken, leave fills it. Four queries.

    Raises NotFound to pupils and families: they see the lesson, but nobody else's absences.
    """
    if not actor.may(Permission.ROLL_READ, slot):
        raise NotFound
    log = next(iter(_log(slot.id, day)), None)
    noted = {enrolment: (kind, minutes) for enrolment, kind, minutes in _noted(log.id)} if log else {}
    members = schools.learners(slot.class_subject, day)
    leave = on_leave([member.enrolment_id for member in members], day, slot.session)
    rows = []
    for member in members:
        has_leave = member.enrolment_id in leave
        usual = Absence.Kind.EXCUSED.value if has_leave and log is None else ""
        kind, minutes = noted.get(member.enrolment_id, (usual, None))
        rows.append(RollRow(member.enrolment_id, member.full_name, kind, minutes, has_leave))
    return Roll(log, rows)


@compiled
def _log(slot_id: int, day: date) -> QuerySet[LessonLog]:
    return LessonLog.objects.filter(slot_id=slot_id, day=day)


@compiled
def _noted(log_id: int) -> QuerySet[Absence, tuple[int, str, int | None]]:
    return Absence.objects.filter(lesson_id=log_id).values_list("enrolment_id", "kind", "minutes")


def absences_of(actor: Actor, enrolment_ids: Sequence[int], first: date, last: date) -> list[PupilAbsence]:
    """Absences of pupils the actor may see, between two days, newest first. One query."""
    return [PupilAbsence(*row) for row in _absences(actor, clock.today(), enrolment_ids, first, last)]


@compiled
def _absences(
    actor: Actor, today: date, enrolment_ids: Sequence[int], first: date, last: date
) -> QuerySet[Absence, tuple[int, date, int, str, str, str]]:
    rows = Absence.objects.filter(
        enrolment_id__in=enrolment_ids,
        enrolment__in=schools.visible_enrolments(actor, today).order_by(),
        lesson__day__gte=first,
        lesson__day__lte=last,
    )
    rows = rows.annotate(held=timetable.held_period("lesson__"))
    return rows.order_by("-lesson__day", "lesson__slot__session", "held").values_list(
        "enrolment_id",
        "lesson__day",
        "held",
        "lesson__slot__session",
        "lesson__class_subject__subject__name",
        "kind",
    )


def day_of_school(organisation_id: int, day: date, since: date | None = None) -> DayCount:
    """A school's day, and whether a roll was taken from the day `since`, when its year began, until then. One query."""
    counted = _counted_day(organisation_id, day, since or day)
    logged, excused, unexcused, begun = (sum(numbers) for numbers in zip(*counted, (0, 0, 0, 0), strict=True))
    return DayCount(logged, excused, unexcused, bool(begun))


@compiled
def _counted_day(organisation_id: int, day: date, since: date) -> QuerySet[LessonLog, tuple[int, int, int, int]]:
    """Rows of lessons with a roll, of pupils missing in them (with a reason, without), of any roll since that day."""
    logs = LessonLog.objects.filter(organisation_id=organisation_id, day=day).order_by().values("day")
    logged = logs.annotate(logged=Count("id")).values_list("logged", Value(0), Value(0), Value(0))
    rows = Absence.objects.filter(lesson__organisation_id=organisation_id, lesson__day=day).order_by()
    missing = rows.values("lesson__day").annotate(
        excused=Count("enrolment", distinct=True, filter=Q(kind=Absence.Kind.EXCUSED)),
        unexcused=Count("enrolment", distinct=True, filter=Q(kind__in=MISSING_WITHOUT_REASON)),
    )
    begun = LessonLog.objects.filter(organisation_id=organisation_id, day__gte=since, day__lte=day).order_by()
    return logged.union(
        missing.values_list(Value(0), "excused", "unexcused", Value(0)),
        begun.values_list(Value(0), Value(0), Value(0), Value(1))[:1],
        all=True,
    )


def periods_by_mode(organisation_ids: Collection[int], first: date, last: date) -> dict[tuple[int, int, str], int]:
    """Lessons held, by (school, grade, mode), between two days: what indicators A5 and A6 count. One query."""
    rows = (
        LessonLog.objects.filter(organisation_id__in=organisation_ids, day__range=(first, last))
        .values_list("organisation_id", "class_subject__school_class__grade", "mode")
        .annotate(Count("id"))
    )
    return {(school, grade, mode): count for school, grade, mode, count in rows}


@dataclass(frozen=True, slots=True)
class LessonToLog:
    """A lesson of the day, whether its roll is taken and whether what was taught is signed."""

    lesson: Lesson
    is_logged: bool
    is_signed: bool


def may_take(actor: Actor, slot: Slot, day: date) -> bool:
    """Whether the actor may take the roll of this slot on that day."""
    return may_write(actor, slot, day, is_correction=False) and actor.may(Permission.ROLL_TAKE, slot)


def may_write(actor: Actor, slot: Slot, day: date, *, is_correction: bool) -> bool:
    """Whether the lesson is the actor's to write: its teacher's, a teacher's of the class-subject, or of whoever gives
    it in their place that day; the board's too when it is put right with a reason.
    """
    own = slot.staff.person_id == actor.person_id or schools.teaches(actor, slot.class_subject)
    return own or (is_correction and actor.may(Permission.LOG_SIGN, slot)) or timetable.covers(actor, slot, day)


def lessons_held(organisation_id: int, grades: Collection[int], first: date, last: date) -> QuerySet[LessonLog]:
    """Lessons held at a school in these grades between two days: the rows behind A5 and A6. One query; page it."""
    rows = LessonLog.objects.filter(
        organisation_id=organisation_id, day__gte=first, day__lte=last, class_subject__school_class__grade__in=grades
    )
    return rows.select_related("class_subject__school_class", "class_subject__subject", "slot__staff__person")
