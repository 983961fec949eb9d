"""Working on a case: doing a step, asking for what is missing, apologising, withdrawing."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from khue.foundation import audit, events
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.foundation.text import nfc
from khue.procedures import attaching, filling, numbering, working_days, writing
from khue.procedures.access import require_applicant, require_doer, require_worker
from khue.procedures.attaching import FREELY, NO_PAPERS, Papers, Put
from khue.procedures.events import CaseApologised, SupplementAsked
from khue.procedures.models import Case, Slip, Step, Supplement
from khue.procedures.queries.calendar import exceptions_from
from khue.procedures.queries.knowledge import known_of
from khue.procedures.reach import reaching
from khue.procedures.refusals import (
    AnswerEmpty,
    ApologisedAlready,
    AskedAlready,
    CaseIsOver,
    CaseWaits,
    NothingAsked,
    NothingWanted,
    NotLate,
    PromiseTooEarly,
    StepIsDone,
)
from khue.procedures.sheets import ANYBODY
from khue.procedures.step_map import Move
from khue.procedures.stepping import REASON, after_act, finish, opened_steps, require_reason, tell_finished, undoing
from khue.procedures.versions import Version, version
from khue.procedures.writing import StepDone


def do_step(*, actor: Actor, step: Step, given: Mapping[str, Any], at: datetime, papers: Papers = NO_PAPERS) -> Case:
    """Do a step: keep what was filled in, let the next ones begin, and end the case where the drawing says so.

    A partner's step moves a case of another office: the scope is raised to both, and the trail says so.
    given    by the names of the form's fields; papers: by the same, and by FREELY's what the form did not ask for
    refuses  StepIsDone; CaseWaits; CaseIsOver; FieldsWrong; PaperMissing; ReasonMissing; TooManyFiles; what
             files.store and the step's own act refuse
    """
    require_doer(actor, step)

    kept = version(step.case.definition.public_id)
    plan = kept.sheet.tasks.get(step.task, ANYBODY)
    # Only an act and a file refuse after something was written: else the transaction that is open is enough.
    with undoing(plan.act, papers), reaching(actor, step.case.organisation_id, step.case.partner_id) as beyond:
        case = _locked(step.case_id)
        if case.status == Case.Status.SUPPLEMENT:
            raise CaseWaits
        if step.task not in kept.map.place(case.state).tasks:
            raise StepIsDone
        known = known_of(case.subject)
        filled = filling.taken(plan.form, given, known)
        attaching.refuse_missing(plan.form.papers, papers, known)
        case.data = {**case.data, **filled}
        if not plan.act:
            require_reason(kept, case, step.task)
        asked = [*plan.form.papers, FREELY]
        attaching.put(actor, Put(case, at, is_applicants=False, step=step, asked=asked), papers)
        after_act(actor, kept, case, plan.act, at)
        move = kept.map.after(case.state, step.task, case.data)
        case.state, case.status = move.state, Case.Status.WORKED_ON
        _write(case, kept, move, StepDone(step.id, filled, actor.account_id, actor.name, at))
        audit.record(actor, "case.step_done", case, task=step.task, filled=filled, ends=case.ends, beyond=beyond)
    return case


def _write(case: Case, kept: Version, move: Move, done: StepDone) -> None:
    is_over = move.place.is_over
    paper = finish(case, kept, kept.sheet.outcome(move.place.ends), done.at) if is_over else None
    was_open, slip = writing.do_step(done, case, opened_steps(kept, case, move.opened), paper)
    if not was_open:
        raise StepIsDone
    if slip is not None:
        tell_finished(case, slip)


@transaction.atomic
def ask_supplement(*, actor: Actor, case: Case, wanted: str, at: datetime) -> Supplement:
    """Ask the applicant for everything that is missing, once; the clock stops.

    refuses  CaseIsOver; AskedAlready; NothingWanted
    source   domain §5.1: supplement asked once, clock stopped
    """
    require_worker(actor, case)

    wanted = _text(wanted)
    case = _locked(case.id)
    earlier = Supplement.objects.filter(case=case).first()
    if earlier is not None:
        raise AskedAlready(day=f"{earlier.asked_at.astimezone(VIETNAM):%d/%m/%Y}")
    if not wanted:
        raise NothingWanted
    # Asked before the day from which the deadline counts, it takes none of its days.
    today = max(at.astimezone(VIETNAM).date(), case.received_on)
    exceptions = exceptions_from(case.received_on)
    assert case.due_on is not None  # only a case that waits has none
    # What was late stays late: its days left are below zero and it is due in the past again.
    left = working_days.days_used(today, case.due_on, exceptions) - working_days.days_used(
        case.due_on, today, exceptions
    )
    made = Supplement.objects.create(
        organisation_id=case.organisation_id, case=case, wanted=wanted, asked_at=at, asked_by_name=actor.name,
        days_left=left,
    )  # fmt: skip
    case.status, case.due_on = Case.Status.SUPPLEMENT, None
    case.save(update_fields=["status", "due_on"])
    numbering.issue(case, Slip.Kind.SUPPLEMENT, {"wanted": wanted, "applicant": case.applicant_name}, at)
    audit.record(actor, "case.supplement_asked", case, wanted=wanted, days_left=left)
    events.publish(SupplementAsked(organisation_id=case.organisation_id, case_id=case.id))
    return made


@transaction.atomic
def answer_supplement(
    *, actor: Actor, case: Case, proof: str, answer: str, at: datetime, papers: Papers = NO_PAPERS
) -> Case:
    """Give what was missing, in words, in files, or both; the clock goes on with the days that were left.

    proof    the dossier code, from who proved the birth date beside it; "" from the applicant signed in
    papers   under the name of FREELY
    refuses  NothingAsked; AnswerEmpty; TooManyFiles; what files.store refuses
    source   domain §5.1: due = return date + remaining days
    """
    require_applicant(actor, case, proof)

    answer = _text(answer)
    if not answer and not papers.get(FREELY.name):
        raise AnswerEmpty
    with reaching(actor, case.organisation_id, case.partner_id) as beyond:
        case = _locked(case.id)
        asked = Supplement.objects.filter(case=case, answered_at=None).first()
        if asked is None:
            raise NothingAsked
        exceptions = exceptions_from(case.received_on)
        kept = version(case.definition.public_id)
        returned = working_days.received_on(at, kept.received_until, exceptions)
        asked.answer, asked.answered_at = answer, at
        asked.save(update_fields=["answer", "answered_at"])
        case.status = Case.Status.WORKED_ON
        case.due_on = working_days.moved(returned, asked.days_left, exceptions)
        case.save(update_fields=["status", "due_on"])
        attaching.put(actor, Put(case, at, is_applicants=True, asked=[FREELY]), papers)
        audit.record(actor, "case.supplement_answered", case, answer=answer, due_on=case.due_on, beyond=beyond)
    return case


@transaction.atomic
def refuse_unanswered(*, actor: Actor, case: Case, reason: str, at: datetime) -> Slip:
    """End a case whose applicant was asked for what is missing and gave no answer: a refusal, in writing.

    The clock begins again that day with the days that were left, so that it counts as decided in time where it was.
    refuses  CaseIsOver; NothingAsked where nothing is waited for; ReasonMissing
    source   domain §5.1: refusal in writing, with the reason
    """
    require_worker(actor, case)

    case = _locked(case.id)
    asked = Supplement.objects.filter(case=case, answered_at=None).first()
    if asked is None:
        raise NothingAsked
    kept = version(case.definition.public_id)
    day = at.astimezone(VIETNAM).date()
    case.data = {**case.data, REASON: _text(reason)}
    case.due_on = working_days.moved(day, asked.days_left, exceptions_from(case.received_on))
    paper = finish(case, kept, "refused", at)
    Step.objects.filter(case=case, done_at=None).update(
        done_at=at, done_by_id=actor.account_id, done_by_name=actor.name
    )
    case.save(update_fields=["data", "due_on", "status", "ends", "reason", "finished_at", "finished_on"])
    slip = numbering.issue(case, paper.kind, paper.content, at)
    audit.record(actor, "case.unanswered", case, reason=case.reason)
    tell_finished(case, slip.id)
    return slip


@transaction.atomic
def apologise(*, actor: Actor, case: Case, promised_on: date, reason: str, at: datetime) -> Slip:
    """Apologise for being late, once, and name a new day. Being late stays counted by the first day.

    refuses  CaseIsOver; NotLate; ApologisedAlready; PromiseTooEarly
    source   domain §5.1: phiếu xin lỗi và hẹn lại ngày trả
    """
    require_worker(actor, case)

    case = _locked(case.id)
    today = at.astimezone(VIETNAM).date()
    if case.due_on is None or case.due_on >= today:
        raise NotLate
    if case.promised_on is not None:
        raise ApologisedAlready
    if promised_on <= today or not working_days.is_working_day(promised_on, exceptions_from(today)):
        raise PromiseTooEarly
    case.promised_on = promised_on
    case.save(update_fields=["promised_on"])
    content = {
        "applicant": case.applicant_name, "reason": _text(reason), "due_on": f"{case.due_on:%d/%m/%Y}",
        "promised_on": f"{promised_on:%d/%m/%Y}",
    }  # fmt: skip
    slip = numbering.issue(case, Slip.Kind.APOLOGY, content, at)
    audit.record(actor, "case.apologised", case, promised_on=promised_on, due_on=case.due_on)
    events.publish(CaseApologised(organisation_id=case.organisation_id, case_id=case.id))
    return slip


@transaction.atomic
def withdraw_case(*, actor: Actor, case: Case, proof: str, at: datetime) -> Case:
    """Take a dossier back before it is decided. Its open steps end with it.

    proof    as in answer_supplement
    refuses  CaseIsOver
    """
    require_applicant(actor, case, proof)

    with reaching(actor, case.organisation_id, case.partner_id) as beyond:
        case = _locked(case.id)
        Step.objects.filter(case=case, done_at=None).update(done_at=at, done_by_name=case.applicant_name)
        case.status, case.ends = Case.Status.STOPPED, ""
        case.finished_at, case.finished_on = at, at.astimezone(VIETNAM).date()
        case.save(update_fields=["status", "ends", "finished_at", "finished_on"])
        audit.record(actor, "case.withdrawn", case, beyond=beyond)
    return case


def _locked(case_id: int) -> Case:
    case = first(_with_lock(case_id))
    if case.finished_on is not None:
        raise CaseIsOver
    return case


@compiled
def _with_lock(case_id: int) -> QuerySet[Case]:
    rows = Case.objects.select_for_update(of=("self",)).select_related("definition", "subject").filter(id=case_id)
    return rows.defer("definition__bpmn", "definition__sheet", "definition__steps")


def _text(text: str) -> str:
    return nfc(text.replace("\x00", "")).strip()[:4000]
