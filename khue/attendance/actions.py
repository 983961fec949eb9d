"""Taking the roll of a lesson."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.attendance.access import Permission
from khue.attendance.events import RollTaken
from khue.attendance.models import Absence, LessonLog
from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.schools import queries as schools
from khue.timetable import queries as timetable
from khue.timetable.models import Slot


class NoSuchLesson(Refusal):
    code = "no_such_lesson"
    message = _("Ngày %(day)s không có tiết học này theo thời khoá biểu. Hãy chọn lại ngày.")


class LessonNotYet(Refusal):
    code = "lesson_not_yet"
    message = _("Chưa đến ngày học (%(day)s), chưa điểm danh được.")


@transaction.atomic
def take_roll(
    *, actor: Actor, slot: Slot, day: date, absences: Mapping[int, str], mode: str, title: str, at: datetime
) -> LessonLog:
    """Take the roll of one lesson, or correct it: whoever is not named was there.

    absences  enrolment id -> kind of Absence: P excused, K without a reason, M late, T skipped the lesson
    mode      "classroom" or "online"
    title     what was taught, as the lesson log prints it; may be empty
    refuses   NoSuchLesson, LessonNotYet; Forbidden to a teacher of another class; NotFound for a pupil of another class
    """
    require(actor, Permission.ROLL_TAKE, within=slot)
    if not (slot.staff.person_id == actor.person_id or schools.teaches(actor, slot.class_subject)):
        raise Forbidden
    _refuse_wrong_day(slot, day, at)
    known = {member.enrolment_id for member in schools.learners(slot.class_subject, day)}
    if not known.issuperset(absences) or not set(absences.values()) <= set(Absence.Kind.values):
        raise NotFound
    lesson, _is_new = LessonLog.objects.update_or_create(
        slot=slot,
        day=day,
        defaults={
            "organisation_id": slot.organisation_id,
            "class_subject_id": slot.class_subject_id,
            "mode": mode,
            "title": title,
            "taken_at": at,
            "taken_by_id": actor.account_id,
        },
    )
    before = dict(Absence.objects.filter(lesson=lesson).values_list("enrolment_id", "kind"))
    _replace(lesson, before, absences)
    audit.record(actor, "roll.taken", lesson, day=day, mode=mode, before=before, after=dict(absences))
    missing = sorted(e for e, k in absences.items() if k == Absence.Kind.UNEXCUSED and before.get(e) != k)
    events.publish(RollTaken(organisation_id=lesson.organisation_id, lesson_id=lesson.id, newly_missing=missing))
    return lesson


def _refuse_wrong_day(slot: Slot, day: date, at: datetime) -> None:
    if day > at.astimezone(clock.VIETNAM).date():
        raise LessonNotYet(day=f"{day:%d/%m/%Y}")
    if not timetable.taught_on(slot, day):
        raise NoSuchLesson(day=f"{day:%d/%m/%Y}")


def _replace(lesson: LessonLog, before: Mapping[int, str], after: Mapping[int, str]) -> None:
    gone = [enrolment for enrolment in before if enrolment not in after]
    if gone:
        Absence.objects.filter(lesson=lesson, enrolment_id__in=gone).delete()
    Absence.objects.bulk_create(
        [
            Absence(organisation_id=lesson.organisation_id, lesson=lesson, enrolment_id=enrolment, kind=kind)
            for enrolment, kind in after.items()
        ],
        update_conflicts=True,
        unique_fields=["lesson", "enrolment"],
        update_fields=["kind"],
    )
