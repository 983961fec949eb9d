"""Noting what families are told of a half-day, in the transaction that tells it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from khue.attendance.access import Permission
from khue.attendance.models import AbsenceNotice, LessonLog
from khue.attendance.notices import News, news
from khue.attendance.queries.notices import HalfDayOfLesson, half_day_of
from khue.foundation import audit
from khue.foundation.actor import Actor, require


@dataclass(frozen=True, slots=True)
class Telling:
    """What the family of one pupil is to hear now. `notice` comes with the pupil and the class."""

    half_day: HalfDayOfLesson
    notice: AbsenceNotice
    news: News


@transaction.atomic
def note_told(*, actor: Actor, lesson_id: int, enrolment_ids: Collection[int]) -> list[Telling]:
    """Note what the families of these pupils are told now of the half-day of a lesson; nothing for who needs nothing.

    What is recorded is read once the notes are held: of two workers at two rolls of one half-day, the later finds what
    the earlier has told and what is true by then.
    """
    lesson = LessonLog.objects.select_related("slot").get(id=lesson_id)
    require(actor, Permission.FAMILY_TELL, within=lesson)
    notices = [_held(lesson, enrolment) for enrolment in sorted(enrolment_ids)]
    half_day = half_day_of(lesson_id, enrolment_ids)
    told = []
    for notice in notices:
        found = news(notice.lessons, half_day.missing(notice.enrolment_id))
        if found is None:
            continue
        notice.lessons, notice.sequence = list(found.told), notice.sequence + 1
        notice.save(update_fields=["lessons", "sequence"])
        audit.record(actor, "absence.told", notice, missed=list(found.missed), taken_back=list(found.taken_back))
        told.append(Telling(half_day, notice, found))
    return told


def _held(lesson: LessonLog, enrolment_id: int) -> AbsenceNotice:
    """The note of the half-day, with the pupil, locked until the end of the transaction."""
    notice, _is_new = AbsenceNotice.objects.get_or_create(
        enrolment_id=enrolment_id,
        day=lesson.day,
        session=lesson.slot.session,
        defaults={"organisation_id": lesson.organisation_id},
    )
    rows = AbsenceNotice.objects.select_related("enrolment__person", "enrolment__school_class")
    return rows.select_for_update(of=("self",)).get(id=notice.id)
