"""What actions share when a case moves: acts of higher rooms, steps that open, papers at the end."""

from collections.abc import Iterable
from datetime import datetime

from khue.foundation import events
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.procedures import extensions, numbering
from khue.procedures.events import CaseFinished, ResultIssued
from khue.procedures.facts import facts_of
from khue.procedures.models import Case, Slip, Step
from khue.procedures.refusals import ReasonMissing
from khue.procedures.versions import Version

#: The field in which an officer says why; a refusal without it is refused.
REASON = "reason"


def after_act(actor: Actor, kept: Version, case: Case, key: str, at: datetime) -> None:
    """Let the room that owns the act do it, if the sheet names one; what it found out joins the case."""
    if not key:
        return
    on = at.astimezone(VIETNAM).date()
    done = extensions.acts[key].do(actor, facts_of(case, kept), on, at)
    if done is not None:
        case.data = {**case.data, **done.data}
        case.subject_id = done.subject_id or case.subject_id


def opened_steps(kept: Version, case: Case, tasks: Iterable[str], at: datetime) -> list[Step]:
    """The rows of tasks that begin now, not saved."""
    rows = []
    for task in tasks:
        plan = kept.sheet.tasks.get(task)
        office = case.partner_id if plan is not None and plan.place == "partner" else None
        rows.append(
            Step(
                organisation_id=office or case.organisation_id,
                case=case,
                task=task,
                title=kept.names[task],
                role=plan.role if plan else "",
                opened_at=at,
            )
        )
    return rows


def finish(case: Case, kept: Version, ends: str, at: datetime) -> None:
    """Bring a case to its end: its paper, its state, and the news for the rooms above.

    refuses  ReasonMissing for a refusal without a reason
    source   domain §5.1: refusal in writing, with the reason
    """
    reason = str(case.data.get(REASON, "")).strip()
    if ends == "refused" and not reason:
        raise ReasonMissing
    case.finished_at, case.finished_on = at, at.astimezone(VIETNAM).date()
    case.ends, case.status = ends, Case.Status.FINISHED
    case.reason = reason if ends == "refused" else ""
    content = {"title": kept.title, "applicant": case.applicant_name, "subject": case.subject_name}
    if ends == "refused":
        numbering.issue(case, Slip.Kind.REFUSAL, {**content, "reason": reason}, at)
    else:
        slip = numbering.issue(case, Slip.Kind.RESULT, content, at)
        events.publish(ResultIssued(organisation_id=case.organisation_id, case_id=case.id, slip_id=slip.id))
    events.publish(CaseFinished(organisation_id=case.organisation_id, case_id=case.id, ends=ends))
