"""Leave of pupils: asked by a guardian, decided by the homeroom teacher, taken back by who asked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.attendance.access import Permission
from khue.attendance.events import LeaveChanged, RollTaken
from khue.attendance.models import Absence, ClosedWeek, LeaveRequest, SignedMonth
from khue.attendance.queries import leave as queries
from khue.foundation import audit, clock, events, files
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.models import StoredFile
from khue.foundation.turns import wait_for_turn
from khue.schools.models import Enrolment

ATTACHMENT = "attendance.leave"
#: A reason may follow the absence, and leave may be asked for the weeks ahead.
DAYS_BACK = timedelta(days=7)
DAYS_AHEAD = timedelta(days=60)
LONGEST = timedelta(days=30)


class LeaveDaysWrong(Refusal):
    code = "leave_days_wrong"
    message = _("Xin nghỉ được từ 7 ngày trước đến 60 ngày tới, mỗi lần tối đa 31 ngày. Hãy chọn lại ngày.")
    field = "last_day"


class LeaveAlreadyAsked(Refusal):
    code = "leave_already_asked"
    message = _("Những ngày này đã có đơn xin nghỉ. Hãy rút đơn cũ nếu muốn thay đổi.")
    field = "first_day"


class LeaveDecided(Refusal):
    code = "leave_decided"
    message = _("Đơn này đã được giải quyết hoặc đã rút.")


class LeaveOver(Refusal):
    code = "leave_over"
    message = _("Những ngày nghỉ đã qua, không rút đơn được nữa.")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper added to a request: a doctor's note."""

    stream: BinaryIO
    name: str


@transaction.atomic
def ask_leave(
    *,
    actor: Actor,
    enrolment: Enrolment,
    first_day: date,
    last_day: date,
    session: str,
    reason: str,
    attachment: Attachment | None,
    at: datetime,
) -> LeaveRequest:
    """Ask leave for a pupil. Both days are included.

    session  "am", "pm", or empty for all day
    refuses  LeaveDaysWrong; LeaveAlreadyAsked where a request for one of the days stands; what `files.store` refuses;
             Forbidden to a guardian who may not decide for the pupil, or whom a court has barred
    """
    require(actor, Permission.LEAVE_ASK, within=enrolment)
    if not queries.may_ask(actor, enrolment) or actor.person_id is None:
        raise Forbidden
    today = at.astimezone(clock.VIETNAM).date()
    in_reach = today - DAYS_BACK <= first_day <= last_day <= today + DAYS_AHEAD
    if not in_reach or last_day - first_day > LONGEST:
        raise LeaveDaysWrong
    wait_for_turn(f"attendance.leave:{enrolment.id}")  # two guardians may ask for the same days at once
    if _standing(enrolment, first_day, last_day, session):
        raise LeaveAlreadyAsked
    file = _kept(actor, attachment, enrolment, at) if attachment else None
    asked = LeaveRequest.objects.create(
        organisation_id=enrolment.organisation_id, enrolment=enrolment, first_day=first_day, last_day=last_day,
        session=session, reason=reason, attachment=file, asked_at=at, asked_by_id=actor.person_id,
    )  # fmt: skip
    audit.record(actor, "leave.asked", asked, first_day=first_day, last_day=last_day, session=session)
    _publish(asked)
    return asked


def _kept(actor: Actor, attachment: Attachment, enrolment: Enrolment, at: datetime) -> StoredFile:
    return files.store(
        actor=actor,
        stream=attachment.stream,
        name=attachment.name,
        purpose=ATTACHMENT,
        organisation_id=enrolment.organisation_id,
        at=at,
    )


def _standing(enrolment: Enrolment, first_day: date, last_day: date, session: str) -> bool:
    rows = LeaveRequest.objects.filter(
        enrolment=enrolment,
        first_day__lte=last_day,
        last_day__gte=first_day,
        state__in=[LeaveRequest.State.WAITING, LeaveRequest.State.APPROVED],
    )
    return (rows.filter(session__in=["", session]) if session else rows).exists()


@transaction.atomic
def approve_leave(*, actor: Actor, leave: LeaveRequest, answer: str, at: datetime) -> None:
    """Grant leave: the rolls to come are filled with it, absences already noted without a reason become excused.

    refuses  LeaveDecided; Forbidden to any but the homeroom teacher. Weeks that are closed stay as they are
    """
    require(actor, Permission.LEAVE_DECIDE, within=leave)
    leave = _decided(actor, leave, LeaveRequest.State.APPROVED, answer, at)
    excused = _excuse(leave)
    audit.record(actor, "leave.approved", leave, answer=answer, excused=sorted(excused))
    _publish(leave)
    for lesson_id in sorted(excused):
        events.publish(
            RollTaken(
                organisation_id=leave.organisation_id,
                lesson_id=lesson_id,
                newly_missing=[],
                no_longer_missing=[leave.enrolment_id],
            )
        )


def _excuse(leave: LeaveRequest) -> list[int]:
    """Excuse what was noted on the days of the leave. Returns the lessons."""
    rows = Absence.objects.select_for_update(of=("self",)).filter(
        enrolment_id=leave.enrolment_id,
        lesson__day__range=(leave.first_day, leave.last_day),
        kind=Absence.Kind.UNEXCUSED,
    )
    if leave.session:
        rows = rows.filter(lesson__slot__session=leave.session)
    school_class = leave.enrolment.school_class_id
    closed = set(ClosedWeek.objects.filter(school_class_id=school_class).values_list("monday", flat=True))
    signed = set(SignedMonth.objects.filter(school_class_id=school_class).values_list("month", flat=True))
    found = [
        (key, lesson)
        for key, lesson, day in rows.order_by("id").values_list("id", "lesson_id", "lesson__day")
        if day - timedelta(days=day.weekday()) not in closed and day.replace(day=1) not in signed
    ]
    Absence.objects.filter(id__in=[key for key, _lesson in found]).update(kind=Absence.Kind.EXCUSED)
    return [lesson for _key, lesson in found]


@transaction.atomic
def decline_leave(*, actor: Actor, leave: LeaveRequest, answer: str, at: datetime) -> None:
    """Do not grant leave, and say why.

    refuses  LeaveDecided; Forbidden to any but the homeroom teacher
    """
    require(actor, Permission.LEAVE_DECIDE, within=leave)
    leave = _decided(actor, leave, LeaveRequest.State.DECLINED, answer, at)
    audit.record(actor, "leave.declined", leave, answer=answer)
    _publish(leave)


def _decided(actor: Actor, leave: LeaveRequest, state: str, answer: str, at: datetime) -> LeaveRequest:
    locked = LeaveRequest.objects.select_for_update(of=("self",)).get(id=leave.id)
    if not queries.may_decide(actor, leave.enrolment):
        raise Forbidden
    if locked.state != LeaveRequest.State.WAITING:
        raise LeaveDecided
    locked.state, locked.answer, locked.decided_at = state, answer, at
    locked.decided_by_id, locked.decided_by_name = actor.account_id, actor.name
    locked.save(update_fields=["state", "answer", "decided_at", "decided_by_id", "decided_by_name"])
    return locked


@transaction.atomic
def withdraw_leave(*, actor: Actor, leave: LeaveRequest, at: datetime) -> None:
    """Take a request back, also one that was granted, as long as its last day is not over.

    refuses  LeaveDecided, LeaveOver; Forbidden to a guardian who may not decide for the pupil
    """
    require(actor, Permission.LEAVE_ASK, within=leave)
    if not queries.may_ask(actor, leave.enrolment):
        raise Forbidden
    locked = LeaveRequest.objects.select_for_update(of=("self",)).get(id=leave.id)
    if not locked.is_open:
        raise LeaveDecided
    if locked.last_day < at.astimezone(clock.VIETNAM).date():
        raise LeaveOver
    locked.state = LeaveRequest.State.WITHDRAWN
    locked.save(update_fields=["state"])
    audit.record(actor, "leave.withdrawn", locked)
    _publish(locked)


def _publish(leave: LeaveRequest) -> None:
    events.publish(LeaveChanged(organisation_id=leave.organisation_id, leave_id=leave.id, state=leave.state))
