"""A teacher is away; somebody else gives the lessons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.messaging import actions as messaging
from khue.messaging.actions import Note
from khue.schools.models import StaffMember
from khue.timetable import labels, queries
from khue.timetable.access import Permission
from khue.timetable.actions.versions import hold_week
from khue.timetable.models import Absence, Cover
from khue.timetable.planning.frame import When
from khue.timetable.queries import OpenLesson

LONGEST_DAYS = 200


class AbsenceNotInOrder(Refusal):
    code = "absence_not_in_order"
    message = gettext_lazy("Ngày cuối phải từ ngày đầu trở đi và không quá 200 ngày. Hãy sửa ngày cuối.")
    field = "ends_on"


class NoSuchLesson(Refusal):
    code = "no_such_lesson"
    message = gettext_lazy("Ngày này giáo viên vắng không có tiết đó, hoặc đã có người dạy thay. Hãy tải lại trang.")


class NobodyChosen(Refusal):
    code = "nobody_chosen"
    message = gettext_lazy("Hãy chọn người dạy thay.")


class SubstituteBusy(Refusal):
    code = "substitute_busy"
    message = gettext_lazy("Giáo viên được chọn đang bận tiết này. Hãy chọn người khác.")


@transaction.atomic
def record_absence(
    *, actor: Actor, staff: StaffMember, starts_on: date, ends_on: date, reason: str, at: datetime
) -> Absence:
    """Note that a teacher is away from a day to a day, both included.

    refuses  AbsenceNotInOrder
    """
    require(actor, Permission.TIMETABLE_WRITE, within=staff)
    if not 0 <= (ends_on - starts_on).days < LONGEST_DAYS:
        raise AbsenceNotInOrder
    absence = Absence.objects.create(
        organisation_id=staff.organisation_id,
        staff=staff,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        told_at=at,
    )
    audit.record(actor, "teacher_absence.recorded", absence, staff=staff.id)
    return absence


@transaction.atomic
def withdraw_absence(*, actor: Actor, absence: Absence, at: datetime) -> None:
    """The teacher is there after all: every cover that was found is taken back, and the substitutes are told."""
    require(actor, Permission.TIMETABLE_WRITE, within=absence)
    covers = Cover.objects.filter(absence=absence, withdrawn_at=None).select_related(
        "slot__class_subject__school_class", "slot__class_subject__subject", "staff"
    )
    for cover in covers:
        withdraw_cover(actor=actor, cover=cover, at=at)
    Absence.objects.filter(id=absence.id).update(withdrawn_at=at)
    audit.record(actor, "teacher_absence.withdrawn", absence)


@dataclass(frozen=True, slots=True)
class Substitute:
    """Who gives one lesson of an absence: a slot, its day, and a member of the staff, by their ids."""

    slot_id: int
    day: date
    staff_id: int


@transaction.atomic
def assign_covers(*, actor: Actor, absence: Absence, substitutes: Sequence[Substitute], at: datetime) -> list[Cover]:
    """Let colleagues give lessons of an absence, and tell each of them. All of these lessons, or none.

    refuses  NobodyChosen; NoSuchLesson; SubstituteBusy, also when somebody else was quicker
    """
    require(actor, Permission.TIMETABLE_WRITE, within=absence)
    if not substitutes:
        raise NobodyChosen
    hold_week(absence.organisation_id)
    lessons = {(each.slot_id, each.day): each for each in queries.open_lessons(absence)}
    made = []
    for wanted in substitutes:
        lesson = lessons.pop((wanted.slot_id, wanted.day), None)
        if lesson is None or lesson.cover is not None:
            raise NoSuchLesson
        made.append(_cover(actor, absence, lesson, wanted.staff_id, at))
    return made


@transaction.atomic
def assign_cover(*, actor: Actor, absence: Absence, slot_id: int, day: date, staff_id: int, at: datetime) -> Cover:
    """Let a colleague give one lesson of an absence, and tell them. Refuses what assign_covers refuses."""
    require(actor, Permission.TIMETABLE_WRITE, within=absence)
    wanted = Substitute(slot_id, day, staff_id)
    (made,) = assign_covers(actor=actor, absence=absence, substitutes=[wanted], at=at)
    return made


def _cover(actor: Actor, absence: Absence, lesson: OpenLesson, staff_id: int, at: datetime) -> Cover:
    if staff_id not in {each.staff for each in lesson.candidates}:
        raise SubstituteBusy
    try:
        with transaction.atomic():
            cover = Cover.objects.create(
                organisation_id=absence.organisation_id,
                absence=absence,
                slot_id=lesson.slot_id,
                staff_id=staff_id,
                day=lesson.day,
                session=lesson.session,
                period=lesson.period,
                assigned_at=at,
            )
    except IntegrityError:
        raise SubstituteBusy from None
    audit.record(actor, "cover.assigned", cover, day=lesson.day.isoformat(), staff=staff_id)
    _tell(actor, cover, _("Thầy/Cô được phân công dạy thay"), f"{lesson.subject} {lesson.class_name}", at)
    return cover


@transaction.atomic
def withdraw_cover(*, actor: Actor, cover: Cover, at: datetime) -> None:
    """Take a cover back; the lesson is the absent teacher's again until somebody else is found."""
    require(actor, Permission.TIMETABLE_WRITE, within=cover)
    Cover.objects.filter(id=cover.id).update(withdrawn_at=at)
    audit.record(actor, "cover.withdrawn", cover, day=cover.day.isoformat())
    taught = cover.slot.class_subject
    _tell(actor, cover, _("Thầy/Cô thôi dạy thay"), f"{taught.subject.name} {taught.school_class.name}", at)


def _tell(actor: Actor, cover: Cover, subject: str, what: str, at: datetime) -> None:
    when = labels.said(When(cover.day.isoweekday(), cover.session, cover.period))
    note = Note(
        kind="timetable.cover",
        key=f"timetable.cover:{cover.public_id}",
        subject=subject,
        body=f"{what}: {when}, {cover.day:%d/%m/%Y}",
        link=f"{reverse('timetable:week')}?view=teacher&week={cover.day.isoformat()}",
        caused_by_id=actor.account_id,
    )
    messaging.notify(
        actor=actor,
        organisation_id=cover.organisation_id,
        note=note,
        recipients=[cover.staff.person_id],
        at=at,
    )
