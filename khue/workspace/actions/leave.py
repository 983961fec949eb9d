"""Leave of the staff: asked for, granted or declined by the board, taken back; and the days of a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from khue.foundation import audit, events
from khue.foundation.actor import SYSTEM, Actor, require
from khue.foundation.errors import Forbidden
from khue.foundation.models import StoredFile
from khue.foundation.text import nfc
from khue.messaging import actions as messaging
from khue.registry.queries import Colleague, colleagues
from khue.workspace import labels
from khue.workspace.access import Permission, decides_on
from khue.workspace.events import StaffLeaveGranted, StaffLeaveWithdrawn
from khue.workspace.leave_days import half_days_between
from khue.workspace.models import LeaveAllowance, StaffLeave
from khue.workspace.queries.leave import balance_of, leave_path
from khue.workspace.queries.people import colleague
from khue.workspace.refusals import (
    AnswerMissing,
    CoversOneself,
    LeaveAskedAlready,
    LeaveDaysWrong,
    LeaveDecided,
    LeaveOver,
    NotEnoughDays,
    NotOfTheStaff,
    OwnLeave,
)

LONGEST_DAYS = 200
State = StaffLeave.State


@dataclass(frozen=True, slots=True)
class Wish:
    """What one of the staff asks for.

    kind       a code of StaffLeave.Kind
    half_days  working time in halves of a day; None: Monday to Friday between the two days
    cover      who stands in meanwhile
    paper      a doctor's note, stored under queries.leave.PAPER
    """

    kind: str
    first_day: date
    last_day: date
    reason: str
    half_days: int | None = None
    cover: Colleague | None = None
    paper: StoredFile | None = None


@transaction.atomic
def ask_leave(*, actor: Actor, organisation_id: int, wish: Wish, at: datetime) -> StaffLeave:
    """Ask for leave, for oneself.

    refuses  LeaveDaysWrong, LeaveAskedAlready, NotEnoughDays, CoversOneself, NotOfTheStaff; Forbidden to who is nobody
    source   Labour Code 45/2019/QH14, articles 113 (annual leave), 115 (personal leave)
    """
    require(actor, Permission.WORK, within=organisation_id)
    if actor.person_id is None:
        raise Forbidden
    cover = colleague(organisation_id, wish.cover.public_id) if wish.cover else None
    if cover is not None and cover.person_id == actor.person_id:
        raise CoversOneself
    half_days = _half_days(wish)
    _refuse_beyond_allowance(organisation_id, actor.person_id, wish, half_days)
    try:
        with transaction.atomic():
            made = StaffLeave.objects.create(
                organisation_id=organisation_id, person_id=actor.person_id, kind=wish.kind, first_day=wish.first_day,
                last_day=wish.last_day, half_days=half_days, reason=nfc(wish.reason), paper=wish.paper,
                covered_by_id=cover.person_id if cover else None, asked_at=at,
                of_board=actor.may(Permission.DECIDE, organisation_id),
            )  # fmt: skip
    except IntegrityError as error:
        if "staff_leave_once_a_day" not in str(error):
            raise
        raise LeaveAskedAlready from None
    audit.record(
        actor, "staff_leave.asked", made, kind=wish.kind, first_day=wish.first_day, last_day=wish.last_day,
        half_days=half_days,
    )  # fmt: skip
    return made


@transaction.atomic
def grant_leave(*, actor: Actor, leave: StaffLeave, answer: str, at: datetime) -> None:
    """Let somebody go; they, and whoever stands in, are told. Refuses LeaveDecided, OwnLeave; see access.decides_on."""
    _require_decider(actor, leave)
    found = _decided(actor, leave, State.APPROVED, answer, at)
    audit.record(actor, "staff_leave.granted", found, answer=answer)
    events.publish(StaffLeaveGranted(*_fact(found, at)))
    _tell(actor, found, at)


@transaction.atomic
def decline_leave(*, actor: Actor, leave: StaffLeave, answer: str, at: datetime) -> None:
    """Say no, with the reason; who asked is told. Refuses LeaveDecided, OwnLeave, AnswerMissing."""
    _require_decider(actor, leave)
    if not answer.strip():
        raise AnswerMissing
    found = _decided(actor, leave, State.DECLINED, answer, at)
    audit.record(actor, "staff_leave.declined", found, answer=answer)
    _tell(actor, found, at)


@transaction.atomic
def withdraw_leave(*, actor: Actor, leave: StaffLeave, on: date) -> None:
    """Take leave back: who asked for it, before it is over. What was opened for it is closed again.

    on       today
    refuses  LeaveDecided, LeaveOver
    """
    if actor.person_id is None or leave.person_id != actor.person_id:
        raise Forbidden
    found = StaffLeave.objects.select_for_update().get(id=leave.id)
    if found.state not in (State.WAITING, State.APPROVED):
        raise LeaveDecided
    if found.last_day < on:
        raise LeaveOver
    granted_at = found.decided_at if found.state == State.APPROVED else None
    found.state = State.WITHDRAWN
    found.save(update_fields=["state"])
    audit.record(actor, "staff_leave.withdrawn", found)
    if granted_at is not None:
        events.publish(StaffLeaveWithdrawn(*_fact(found, granted_at)))


@transaction.atomic
def set_allowance(
    *, actor: Actor, organisation_id: int, people: Sequence[Colleague], year: int, half_days: int
) -> None:
    """Say how many days of annual leave these people have in a calendar year. Again corrects it.

    half_days  in halves of a day
    refuses    NotOfTheStaff
    """
    require(actor, Permission.DECIDE, within=organisation_id)
    staff = {each.public_id: each for each in colleagues(organisation_id)}
    if any(each.public_id not in staff for each in people):
        raise NotOfTheStaff
    for of_staff in (staff[each.public_id] for each in people):
        row, _made = LeaveAllowance.objects.update_or_create(
            organisation_id=organisation_id,
            person_id=of_staff.person_id,
            year=year,
            defaults={"half_days": half_days},
        )
        audit.record(actor, "leave_allowance.set", row, person=of_staff.person_id, year=year, half_days=half_days)


def _half_days(wish: Wish) -> int:
    span = (wish.last_day - wish.first_day).days + 1
    if not 0 < span <= LONGEST_DAYS:
        raise LeaveDaysWrong
    half_days = half_days_between(wish.first_day, wish.last_day) if wish.half_days is None else wish.half_days
    if not 0 < half_days <= 2 * span:
        raise LeaveDaysWrong
    return half_days


def _refuse_beyond_allowance(organisation_id: int, person_id: int, wish: Wish, half_days: int) -> None:
    if wish.kind != StaffLeave.Kind.ANNUAL:
        return
    still = balance_of(organisation_id, person_id, wish.first_day.year).left
    if still is not None and half_days > still:
        raise NotEnoughDays(left=labels.days(still), asked=labels.days(half_days))


def _require_decider(actor: Actor, leave: StaffLeave) -> None:
    """Who decides there may ask about the own leave too, and is refused in words by `_decided`."""
    if not decides_on(actor, leave):
        require(actor, Permission.DECIDE, within=leave)


def _decided(actor: Actor, leave: StaffLeave, state: str, answer: str, at: datetime) -> StaffLeave:
    found = StaffLeave.objects.select_for_update().get(id=leave.id)
    if found.person_id == actor.person_id:
        raise OwnLeave
    if found.state != State.WAITING:
        raise LeaveDecided
    found.state, found.answer, found.decided_at, found.decided_by_name = state, nfc(answer), at, actor.name
    found.save(update_fields=["state", "answer", "decided_at", "decided_by_name"])
    return found


def _fact(leave: StaffLeave, granted_at: datetime) -> tuple[int, int, int, date, date, datetime]:
    return leave.organisation_id, leave.id, leave.person_id, leave.first_day, leave.last_day, granted_at


def _tell(actor: Actor, leave: StaffLeave, at: datetime) -> None:
    is_granted = leave.state == State.APPROVED
    days = f"{leave.first_day:%d/%m/%Y} – {leave.last_day:%d/%m/%Y}"
    told = [(leave.person_id, "asked", _("Đơn nghỉ được duyệt") if is_granted else _("Đơn nghỉ không được duyệt"))]
    if is_granted and leave.covered_by_id:
        told.append((leave.covered_by_id, "cover", _("Thầy/Cô làm thay việc của người nghỉ")))
    for person_id, part, subject in told:
        note = messaging.Note(
            kind="work", key=f"staff_leave:{leave.id}:{part}", subject=subject, body=f"{days}. {leave.answer}".strip(),
            link=leave_path(leave), caused_by_id=actor.account_id,
        )  # fmt: skip
        messaging.notify(actor=SYSTEM, organisation_id=leave.organisation_id, note=note, recipients=[person_id], at=at)
