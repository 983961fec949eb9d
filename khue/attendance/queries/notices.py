"""What a family is to hear of a half-day: what is recorded now, beside what it was told."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from khue.attendance.models import Absence, LessonLog
from khue.attendance.queries.rolls import MISSING_WITHOUT_REASON
from khue.timetable import queries as timetable


@dataclass(frozen=True, slots=True)
class Noted:
    """What is recorded of one pupil in one lesson. `kind` is as Absence has it."""

    kind: str
    period: int
    subject: str


@dataclass(frozen=True, slots=True)
class HalfDayOfLesson:
    """The half-day of a lesson: all its lessons with a roll, and what is recorded of some pupils, by lesson.

    taken_by_id  the account that took the roll of the lesson
    """

    organisation_id: int
    day: date
    session: str
    taken_by_id: int | None
    lessons: Mapping[int, Noted]
    noted: Mapping[int, Mapping[int, Noted]]

    def missing(self, enrolment_id: int) -> dict[int, Noted]:
        """Lessons that the pupil misses without a reason, by lesson id."""
        found = self.noted.get(enrolment_id, {})
        return {lesson: noted for lesson, noted in found.items() if noted.kind in MISSING_WITHOUT_REASON}


def half_day_of(lesson_id: int, enrolment_ids: Collection[int]) -> HalfDayOfLesson:
    """What is recorded now of these pupils in the half-day of a lesson. Three queries."""
    lesson = LessonLog.objects.select_related("slot", "class_subject").get(id=lesson_id)
    fields = ("held", "lesson__class_subject__subject__name")
    same = {"lesson__day": lesson.day, "lesson__slot__session": lesson.slot.session}
    noted: dict[int, dict[int, Noted]] = defaultdict(dict)
    rows = Absence.objects.filter(enrolment_id__in=enrolment_ids, **same)
    rows = rows.annotate(held=timetable.held_period("lesson__")).order_by("held")
    for enrolment, key, kind, period, subject in rows.values_list("enrolment_id", "lesson_id", "kind", *fields):
        noted[enrolment][key] = Noted(kind, period, subject)
    logs = LessonLog.objects.filter(
        class_subject__school_class=lesson.class_subject.school_class_id,
        day=lesson.day,
        slot__session=lesson.slot.session,
    )
    held = logs.annotate(held=timetable.held_period()).values_list("id", "held", "class_subject__subject__name")
    lessons = {key: Noted("", period, subject) for key, period, subject in held}
    return HalfDayOfLesson(lesson.organisation_id, lesson.day, lesson.slot.session, lesson.taken_by_id, lessons, noted)
