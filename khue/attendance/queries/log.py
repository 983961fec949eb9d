"""The lesson log of a class: its weeks, what is not written, what was corrected."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from django.db.models import Exists, OuterRef, Q, QuerySet

from khue.attendance.models import (
    Absence,
    ClosedWeek,
    LessonCorrection,
    LessonLog,
    LogRules,
    PlannedPeriod,
    SignedMonth,
)
from khue.foundation import clock
from khue.foundation.compiled import compiled
from khue.schools.models import ClassSubject, SchoolClass
from khue.timetable import queries as timetable
from khue.timetable.models import Slot
from khue.timetable.queries import Lesson

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class AbsentPupil:
    """One pupil in the log's column of the absent."""

    full_name: str
    kind: str
    minutes: int | None

    @property
    def noted(self) -> str:
        """As the log's column has it: name, letter, and minutes of who came late."""
        return f"{self.full_name} ({self.kind} {self.minutes}′)" if self.minutes else f"{self.full_name} ({self.kind})"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One period of the week. `log` is None until its roll was taken, `lesson` where the timetable changed since."""

    day: date
    session: str
    period: int
    subject: str
    teacher: str
    lesson: Lesson | None
    log: LessonLog | None
    absent: Sequence[AbsentPupil]
    is_corrected: bool

    @property
    def absentees(self) -> str:
        """All of `absent` in one text."""
        return ", ".join([pupil.noted for pupil in self.absent])


@dataclass(frozen=True, slots=True)
class WeekLog:
    """A week of a class's log, in the order of the printed form.

    signed  what the board signed, by first day of the month
    """

    monday: date
    lines: Sequence[LogLine]
    closed: ClosedWeek | None
    signed: Mapping[date, SignedMonth]
    rules: LogRules

    @property
    def unsigned(self) -> int:
        """Lessons up to today that are not signed."""
        due = [line for line in self.lines if line.day <= clock.today()]
        return sum(1 for line in due if not (line.log and line.log.is_signed))


def log_rules(organisation_id: int) -> LogRules:
    """How the school keeps its log; the usual way where it has said nothing. One query."""
    found = _rules(organisation_id)
    return found[0] if found else LogRules(organisation_id=organisation_id)


@compiled
def _rules(organisation_id: int) -> QuerySet[LogRules]:
    return LogRules.objects.filter(organisation_id=organisation_id)


def week_log(school_class: SchoolClass, monday: date) -> WeekLog:
    """A week of the log of a class the actor may open. Eight queries, however many lessons and pupils."""
    sunday = monday + WEEK - timedelta(days=1)
    plan = timetable.week_of_class(school_class, monday)
    logs = _logs_between(school_class.id, monday, sunday)
    absent = _absent_of([log.id for log in logs])
    corrected = {log.id for log in logs if vars(log)["is_corrected"]}
    by_place = {(log.slot_id, log.day): log for log in logs}
    lines = []
    for day in plan.days:
        for lesson in plan.lessons_on(day.day):
            log = by_place.pop((lesson.slot_id, day.day), None)
            lines.append(_planned_line(lesson, log, absent, corrected))
    lines += [_left_line(log, absent, corrected) for log in _with_slots(by_place.values())]
    closed = _closed(school_class.id, monday)
    return WeekLog(
        monday=monday,
        lines=sorted(lines, key=lambda line: (line.day, line.session, line.period, line.subject)),
        closed=closed[0] if closed else None,
        signed={row.month: row for row in _signed(school_class.id, monday.replace(day=1), sunday.replace(day=1))},
        rules=log_rules(school_class.organisation_id),
    )


@compiled
def _logs_between(school_class_id: int, first: date, last: date) -> QuerySet[LessonLog]:
    rows = LessonLog.objects.filter(class_subject__school_class_id=school_class_id, day__gte=first, day__lte=last)
    return rows.annotate(is_corrected=Exists(LessonCorrection.objects.filter(lesson_id=OuterRef("id"))))


@compiled
def _closed(school_class_id: int, monday: date) -> QuerySet[ClosedWeek]:
    return ClosedWeek.objects.filter(school_class_id=school_class_id, monday=monday)


@compiled
def _signed(school_class_id: int, month: date, next_month: date) -> QuerySet[SignedMonth]:
    return SignedMonth.objects.filter(Q(month=month) | Q(month=next_month), school_class_id=school_class_id)


def _with_slots(logs: Collection[LessonLog]) -> Collection[LessonLog]:
    """The same with what the timetable does not tell any more. One query, none where there are none."""
    if not logs:
        return ()
    rows = LessonLog.objects.filter(id__in=[log.id for log in logs])
    return rows.select_related("slot__staff__person", "class_subject__subject")


def _absent_of(log_ids: Collection[int]) -> Mapping[int, list[AbsentPupil]]:
    found: dict[int, list[AbsentPupil]] = defaultdict(list)
    for lesson, name, kind, minutes in _absences(log_ids):
        found[lesson].append(AbsentPupil(name, kind, minutes))
    return found


@compiled
def _absences(log_ids: Collection[int]) -> QuerySet[Absence, tuple[int, str, str, int | None]]:
    rows = Absence.objects.filter(lesson_id__in=log_ids).order_by("enrolment__person__sort_key", "enrolment_id")
    return rows.values_list("lesson_id", "enrolment__person__full_name", "kind", "minutes")


def _planned_line(
    lesson: Lesson, log: LessonLog | None, absent: Mapping[int, list[AbsentPupil]], corrected: Collection[int]
) -> LogLine:
    key = log.id if log else 0
    return LogLine(
        lesson.day, lesson.session, lesson.period, lesson.subject_name, lesson.teacher, lesson, log,
        absent.get(key, []), key in corrected,
    )  # fmt: skip


def _left_line(log: LessonLog, absent: Mapping[int, list[AbsentPupil]], corrected: Collection[int]) -> LogLine:
    """A lesson whose place in the timetable is another today: what was written stays."""
    slot = log.slot
    return LogLine(
        log.day, slot.session, slot.period, log.class_subject.subject.name, slot.staff.person.full_name, None, log,
        absent.get(log.id, []), log.id in corrected,
    )  # fmt: skip


def unsigned_lessons(school_class: SchoolClass, monday: date) -> list[Lesson]:
    """The lessons of a class's week, up to today, that nobody has signed. Four queries."""
    plan = timetable.week_of_class(school_class, monday)
    due = [x for day in plan.days if day.day <= clock.today() for x in plan.lessons_on(day.day)]
    return _without_signature(due)


def _without_signature(lessons: Sequence[Lesson]) -> list[Lesson]:
    if not lessons:
        return []
    days = [lesson.day for lesson in lessons]
    signed = set(_signed_lessons({lesson.slot_id for lesson in lessons}, min(days), max(days)))
    return [lesson for lesson in lessons if (lesson.slot_id, lesson.day) not in signed]


@compiled
def _signed_lessons(slot_ids: Collection[int], first: date, last: date) -> QuerySet[LessonLog, tuple[int, date]]:
    rows = LessonLog.objects.filter(slot_id__in=slot_ids, day__gte=first, day__lte=last).exclude(signed_at=None)
    return rows.values_list("slot_id", "day")


def open_weeks(school_class: SchoolClass, first: date, last: date) -> list[date]:
    """Mondays of the weeks that ended between two days, have lessons, and are not closed. Two queries."""
    days = LessonLog.objects.filter(
        class_subject__school_class=school_class, day__range=(first - WEEK, last)
    ).values_list("day", flat=True)
    taught = {day - timedelta(days=day.weekday()) for day in days.distinct()}
    closed = set(ClosedWeek.objects.filter(school_class=school_class).values_list("monday", flat=True))
    ended = {monday for monday in taught if first <= monday + timedelta(days=6) <= last}
    return sorted(ended - closed)


def corrections_of(lesson: LessonLog) -> list[LessonCorrection]:
    """What was changed in a lesson after its week was closed, the latest first. One query."""
    return _corrections(lesson.id)


@compiled
def _corrections(lesson_id: int) -> QuerySet[LessonCorrection]:
    return LessonCorrection.objects.filter(lesson_id=lesson_id).order_by("-id")


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What stands in the form before anybody types: the period's number in the plan and what it is about."""

    plan_number: int
    title: str


def prefilled(slot: Slot, day: date) -> Prefilled:
    """The next period of the subject's plan; without a plan, what the lesson before was about. Two queries.

    The next: as many after the last numbered one as lessons were held since. Of a double period the second follows the
    first, and lessons of a day whose log nobody has written yet are counted too.
    """
    class_subject = slot.class_subject
    rows = _held_before(class_subject.id, day, slot.session, slot.period)
    unnumbered = sum(1 for _row in takewhile(lambda row: row[0] is None, rows))
    last = rows[unnumbered][0] if unnumbered < len(rows) else 0
    number = (last or 0) + unnumbered + 1
    of_class = class_subject.school_class
    planned = _planned(of_class.school_year_id, class_subject.subject_id, of_class.grade, number)
    return Prefilled(number, planned[0] if planned else rows[0][1] if rows else "")


@compiled
def _held_before(
    class_subject_id: int, day: date, session: str, period: int
) -> QuerySet[LessonLog, tuple[int | None, str]]:
    earlier = Q(slot__session__lt=session) | Q(slot__session=session, slot__period__lt=period)
    held = LessonLog.objects.filter(Q(day__lt=day) | Q(earlier, day=day), class_subject_id=class_subject_id)
    return held.order_by("-day", "-slot__session", "-slot__period").values_list("plan_number", "title")


@compiled
def _planned(school_year_id: int, subject_id: int, grade: int, number: int) -> QuerySet[PlannedPeriod, str]:
    rows = PlannedPeriod.objects.filter(school_year_id=school_year_id, subject_id=subject_id, grade=grade)
    return rows.filter(number=number).values_list("title", flat=True)


def plan_of(class_subject: ClassSubject) -> list[PlannedPeriod]:
    """The plan of a subject for the grade, in order; empty where there is none. One query."""
    rows = PlannedPeriod.objects.filter(
        school_year_id=class_subject.school_class.school_year_id,
        subject_id=class_subject.subject_id,
        grade=class_subject.school_class.grade,
    )
    return list(rows.order_by("number"))
