"""Taking the roll of a lesson, from whatever device and however late it arrives."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.attendance.access import Permission
from khue.attendance.actions.closing import keep_correction, refuse_closed
from khue.attendance.conflicts import StandingRoll, is_overtaken
from khue.attendance.events import RollTaken
from khue.attendance.models import Absence, LessonLog, RollCall
from khue.attendance.queries.rolls import may_write
from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.ids import uuid7
from khue.schools import queries as schools
from khue.timetable import queries as timetable
from khue.timetable.models import Slot

MISSING_WITHOUT_REASON = frozenset({Absence.Kind.UNEXCUSED.value, Absence.Kind.SKIPPED.value})
WITH_MINUTES = frozenset({Absence.Kind.LATE.value, Absence.Kind.LEFT_EARLY.value})
MOST_MINUTES = 240
NOTHING: Mapping[int, int] = MappingProxyType({})


class NoSuchLesson(Refusal):
    code = "no_such_lesson"
    message = _("Ngày %(day)s không có tiết học này theo thời khoá biểu. Hãy chọn lại ngày.")


class LessonNotYet(Refusal):
    code = "lesson_not_yet"
    message = _("Chưa đến ngày học (%(day)s), chưa điểm danh được.")


class RollOvertaken(Refusal):
    code = "roll_overtaken"
    message = _(
        "%(name)s đã điểm danh tiết này lúc %(at)s, sau khi Thầy/Cô mở trang. Hãy xem lại rồi lưu nếu bản của"
        " Thầy/Cô đúng hơn."
    )


@dataclass(frozen=True, slots=True)
class RollStamp:
    """Which roll this is, as its device made it.

    key       made once for this roll: sent twice, it is taken once
    seen      the key of the roll the taker had before the eyes; None where there was none
    taken_at  by the clock of the device
    """

    key: UUID
    seen: UUID | None
    taken_at: datetime


@transaction.atomic
def take_roll(
    *,
    actor: Actor,
    slot: Slot,
    day: date,
    absences: Mapping[int, str],
    mode: str,
    title: str,
    at: datetime,
    minutes: Mapping[int, int] = NOTHING,
    stamp: RollStamp | None = None,
    reason: str = "",
) -> LessonLog:
    """Take the roll of one lesson, or correct it: whoever is not named was there.

    absences  enrolment id -> kind of Absence: P excused, K without a reason, M late, S left early, T skipped
    minutes   enrolment id -> how late, or how long before the end the pupil left
    mode      "classroom" or "online"
    title     what was taught, as the lesson log prints it; may be empty
    stamp     which roll it is; None for a roll taken here and now by whoever sees the standing one
    reason    why it is changed after the week was closed or the month signed; otherwise ignored
    refuses   NoSuchLesson, LessonNotYet; RollOvertaken when somebody took a newer roll meanwhile; WeekClosed,
              MonthSigned without a reason; Forbidden to a teacher of another class; NotFound for another class's pupil
    """
    require(actor, Permission.ROLL_TAKE, within=slot)
    if not may_write(actor, slot, day, is_correction=bool(reason)):
        raise Forbidden
    _refuse_wrong_day(slot, day, at)
    known = {member.enrolment_id for member in schools.learners(slot.class_subject, day)}
    if not known.issuperset(absences) or not set(absences.values()) <= set(Absence.Kind.values):
        raise NotFound
    stamp = stamp or RollStamp(uuid7(), None, at)
    lesson, standing = _lesson(slot, day, at)
    if sent_before := RollCall.objects.filter(key=stamp.key).first():
        return _same(sent_before, lesson)
    _refuse_overtaken(lesson, standing, stamp, actor, at)
    before = dict(Absence.objects.filter(lesson=lesson).values_list("enrolment_id", "kind"))
    if refuse_closed(actor, slot.class_subject.school_class, day, reason):
        stood = {"absences": before, "title": lesson.title}
        keep_correction(actor, lesson, stood, {"absences": dict(absences), "title": title}, reason, at)
    lesson.mode, lesson.title = mode, title
    _stamp(lesson, stamp, actor, at)
    _replace(lesson, before, absences, minutes)
    audit.record(actor, "roll.taken", lesson, day=day, mode=mode, before=before, after=dict(absences))
    _publish(lesson, before, absences)
    return lesson


def _lesson(slot: Slot, day: date, at: datetime) -> tuple[LessonLog, StandingRoll | None]:
    """The lesson, locked, and the roll that holds; a lesson without one is begun."""
    lesson, is_new = LessonLog.objects.get_or_create(
        slot=slot,
        day=day,
        defaults={
            "organisation_id": slot.organisation_id,
            "class_subject_id": slot.class_subject_id,
            "taken_at": at,
        },
    )
    if is_new:
        return lesson, None
    lesson = LessonLog.objects.select_for_update().get(id=lesson.id)
    return lesson, StandingRoll(lesson.roll_key, lesson.taken_by_id, lesson.taken_at)


def _stamp(lesson: LessonLog, stamp: RollStamp, actor: Actor, at: datetime) -> None:
    """Note who took the roll when; a device's clock may lag, but nothing was taken after it arrived."""
    lesson.taken_at, lesson.received_at, lesson.roll_key = min(stamp.taken_at, at), at, stamp.key
    lesson.taken_by_id, lesson.taken_by_name = actor.account_id, actor.name
    lesson.save(update_fields=["mode", "title", "taken_at", "received_at", "roll_key", "taken_by_id", "taken_by_name"])
    RollCall.objects.create(
        organisation_id=lesson.organisation_id, lesson=lesson, key=stamp.key, taken_at=lesson.taken_at,
        received_at=at, taken_by_id=actor.account_id,
    )  # fmt: skip


def _same(call: RollCall, lesson: LessonLog) -> LessonLog:
    """The lesson whose roll was sent under this key before; a key of another lesson is nobody's."""
    if call.lesson_id != lesson.id:
        raise NotFound
    return lesson


def _refuse_wrong_day(slot: Slot, day: date, at: datetime) -> None:
    if day > at.astimezone(clock.VIETNAM).date():
        raise LessonNotYet(day=f"{day:%d/%m/%Y}")
    if not timetable.taught_on(slot, day):
        raise NoSuchLesson(day=f"{day:%d/%m/%Y}")


def _refuse_overtaken(
    lesson: LessonLog, standing: StandingRoll | None, stamp: RollStamp, actor: Actor, at: datetime
) -> None:
    taken_at = min(stamp.taken_at, at)
    if is_overtaken(standing, seen=stamp.seen, by_id=actor.account_id, taken_at=taken_at):
        when = lesson.taken_at.astimezone(clock.VIETNAM)
        raise RollOvertaken(name=lesson.taken_by_name or _("Giáo viên khác"), at=f"{when:%H:%M %d/%m/%Y}")


def _replace(
    lesson: LessonLog, before: Mapping[int, str], after: Mapping[int, str], minutes: Mapping[int, int]
) -> None:
    gone = [enrolment for enrolment in before if enrolment not in after]
    if gone:
        Absence.objects.filter(lesson=lesson, enrolment_id__in=gone).delete()
    if not after:
        return
    Absence.objects.bulk_create(
        [
            Absence(
                organisation_id=lesson.organisation_id, lesson=lesson, enrolment_id=enrolment, kind=kind,
                minutes=_within_reason(minutes.get(enrolment)) if kind in WITH_MINUTES else None,
            )
            for enrolment, kind in sorted(after.items())
        ],
        update_conflicts=True,
        unique_fields=["lesson", "enrolment"],
        update_fields=["kind", "minutes"],
    )  # fmt: skip


def _within_reason(minutes: int | None) -> int | None:
    return minutes if minutes is not None and 0 < minutes <= MOST_MINUTES else None


def _publish(lesson: LessonLog, before: Mapping[int, str], after: Mapping[int, str]) -> None:
    was = {enrolment for enrolment, kind in before.items() if kind in MISSING_WITHOUT_REASON}
    now = {enrolment for enrolment, kind in after.items() if kind in MISSING_WITHOUT_REASON}
    events.publish(
        RollTaken(
            organisation_id=lesson.organisation_id,
            lesson_id=lesson.id,
            newly_missing=sorted(now - was),
            no_longer_missing=sorted(was - now),
        )
    )
