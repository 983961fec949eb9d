"""Showing a line to the school's office, and what the office does about it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, live
from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.errors import NotFound, Refusal
from khue.messaging import access
from khue.messaging.access import Permission
from khue.messaging.actions.conversations import channel_of
from khue.messaging.models import Conversation, Line, Report


class NoReasonGiven(Refusal):
    code = "no_reason_given"
    message = _("Hãy viết ngắn gọn lí do.")
    field = "reason"


class AlreadyDecided(Refusal):
    code = "already_decided"
    message = _("Tin này đã được xử lí. Tải lại trang để xem kết quả.")


@transaction.atomic
def report_line(*, actor: Actor, line: Line, reason: str, at: datetime) -> Report:
    """Ask the school's office to look at a line of a conversation the actor may open. Again changes nothing.

    refuses  NoReasonGiven
    """
    _require_member(actor, line, at)
    if not reason.strip():
        raise NoReasonGiven
    made, is_new = Report.objects.get_or_create(
        line=line,
        reporter_id=actor.person_id,
        defaults={"organisation_id": line.organisation_id, "reason": reason.strip(), "reported_at": at},
    )
    if is_new:
        audit.record(actor, "line.reported", made, line=line.id, conversation=line.conversation_id)
    return made


@transaction.atomic
def open_report(*, actor: Actor, report: Report) -> None:
    """Note that somebody of the office reads a reported line and what stands around it."""
    require(actor, Permission.REPORT_DECIDE, within=report)
    audit.record(actor, "report.opened", report, line=report.line_id)


@transaction.atomic
def decide_report(*, actor: Actor, report: Report, hides: bool, reason: str, at: datetime) -> None:
    """Hide the line from its members, with a reason they read, or leave it; decides every open report of the line.

    refuses  NoReasonGiven, AlreadyDecided; a report about the actor's own line is for somebody else of the office
    """
    require(actor, Permission.REPORT_DECIDE, within=report)
    if not Report.objects.filter(access.reports(actor), id=report.id).exists():
        raise NotFound
    if not reason.strip():
        raise NoReasonGiven
    still = Report.objects.filter(line_id=report.line_id, decision=Report.Decision.OPEN)
    decision = Report.Decision.HIDDEN if hides else Report.Decision.KEPT
    decided = still.update(
        decision=decision, decided_at=at, decided_by_name=actor.name, decision_reason=reason.strip()
    )  # fmt: skip
    if not decided:
        raise AlreadyDecided
    if hides:
        Line.objects.filter(id=report.line_id).update(hidden_at=at, hidden_reason=reason.strip())
    audit.record(actor, "report.decided", report, line=report.line_id, decision=str(decision), reason=reason.strip())
    live.send(channel_of(report.line.conversation), "line", {"id": report.line_id})


def _require_member(actor: Actor, line: Line, at: datetime) -> None:
    mine = access.conversations(actor, at.astimezone(VIETNAM).date())
    if not Conversation.objects.filter(mine, id=line.conversation_id).exists():
        raise NotFound
