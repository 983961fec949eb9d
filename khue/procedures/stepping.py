"""What actions share when a case moves: acts of higher rooms, steps that open, papers at the end."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from django.db import transaction

from khue.foundation import events
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.events import Event
from khue.foundation.joined import joined
from khue.procedures import extensions
from khue.procedures.events import CaseFinished, ResultIssued
from khue.procedures.facts import facts_of
from khue.procedures.models import Case, Slip
from khue.procedures.refusals import ReasonMissing
from khue.procedures.sheets import ANYBODY
from khue.procedures.versions import Version
from khue.procedures.writing import Opened, Paper

#: The field in which an officer says why; a refusal without it is refused.
REASON = "reason"


def after_act(actor: Actor, kept: Version, case: Case, key: str, at: datetime) -> bool:
    """Let the room that owns the act do it, if the sheet names one. Whether it found out what joins the case."""
    if not key:
        return False
    on = at.astimezone(VIETNAM).date()
    done = extensions.acts[key].do(actor, facts_of(case, kept), on, at)
    if done is None:
        return False
    case.data = {**case.data, **done.data}
    case.subject_id = done.subject_id or case.subject_id
    return True


def undoing(*later: object) -> AbstractContextManager[None]:
    """The transaction of an action that refuses before it writes; with a savepoint where one of these may refuse later.

    later  the act of a room above, files that are sent along
    """
    return transaction.atomic() if any(later) else joined()


def require_reason(kept: Version, case: Case, task: str) -> None:
    """Refuse with ReasonMissing where doing the task now would refuse the case without saying why."""
    place = kept.map.after(case.state, task, case.data).place
    if place.is_over and kept.sheet.outcome(place.ends) == "refused" and not _reason(case):
        raise ReasonMissing


def _reason(case: Case) -> str:
    return str(case.data.get(REASON, "")).strip()


def opened_steps(kept: Version, case: Case, tasks: Iterable[str]) -> list[Opened]:
    """The tasks that begin now, each where it is to be done."""
    opened = []
    for task in tasks:
        plan = kept.sheet.tasks.get(task, ANYBODY)
        office = case.partner_id if plan.place == "partner" else None
        opened.append(Opened(office or case.organisation_id, task, kept.names[task], plan.role))
    return opened


def finish(case: Case, kept: Version, ends: str, at: datetime) -> Paper:
    """Bring a case to its end. The paper that says so, to be written with it.

    refuses  ReasonMissing for a refusal without a reason
    source   domain §5.1: refusal in writing, with the reason
    """
    reason = _reason(case)
    is_refused = ends == "refused"
    if is_refused and not reason:
        raise ReasonMissing
    case.finished_at, case.finished_on = at, at.astimezone(VIETNAM).date()
    case.ends, case.status = ends, Case.Status.FINISHED
    case.reason = reason if is_refused else ""
    content = {"title": kept.title, "applicant": case.applicant_name, "subject": case.subject_name}
    if is_refused:
        return Paper(Slip.Kind.REFUSAL, {**content, "reason": reason})
    return Paper(Slip.Kind.RESULT, content)


def tell_finished(case: Case, slip_id: int) -> None:
    """Tell the rooms above that a case ended, and of its result where there is one."""
    events.publish(*told_of_end(case, slip_id))


def told_of_end(case: Case, slip_id: int) -> list[Event]:
    """What the rooms above are told of a case that ended."""
    told: list[Event] = [CaseFinished(organisation_id=case.organisation_id, case_id=case.id, ends=case.ends)]
    if case.ends != "refused":
        told.append(ResultIssued(organisation_id=case.organisation_id, case_id=case.id, slip_id=slip_id))
    return told
