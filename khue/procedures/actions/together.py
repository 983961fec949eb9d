"""The same task of many cases of one office, done at once: an admission decides thousands by one rule."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from khue.foundation import audit, events
from khue.foundation.actor import Actor
from khue.foundation.clock import VIETNAM
from khue.procedures import attaching, extensions, filling, writing_many
from khue.procedures.access import require_doer
from khue.procedures.attaching import NO_PAPERS
from khue.procedures.facts import facts_of
from khue.procedures.models import Case, Step
from khue.procedures.queries.knowledge import known_of
from khue.procedures.reach import reaching
from khue.procedures.refusals import CaseIsOver, CaseWaits, StepIsDone
from khue.procedures.sheets import ANYBODY
from khue.procedures.stepping import after_act, finish, opened_steps, told_of_end
from khue.procedures.versions import Version, version
from khue.procedures.writing import StepDone
from khue.procedures.writing_many import Moved

_HEAVY = ("definition__bpmn", "definition__sheet", "definition__steps")


@transaction.atomic
def do_steps(
    *, actor: Actor, organisation_id: int, task: str, given: Mapping[int, Mapping[str, Any]], at: datetime
) -> int:
    """Do one task of many cases of an office, all or none. Each stands afterwards as `do_step` would leave it.

    given    what is filled in, by the id of the case, in the order in which the papers are numbered; a few hundred,
             of cases without a partner
    refuses  StepIsDone; CaseWaits; CaseIsOver; FieldsWrong; PaperMissing; ReasonMissing; what the step's act refuses
    cost     six statements however many they are, and those of an act that can only be asked one by one
    """
    with reaching(actor, organisation_id) as beyond:
        steps = _open_steps(actor, organisation_id, task, list(given))
        _act(actor, steps, given, at)
        moved = [_moved(steps[case_id], at) for case_id in given]
        done = StepDone(0, {}, actor.account_id, actor.name, at)
        slips = writing_many.do_steps(organisation_id, moved, done)
        if len(slips) != len(moved):
            raise StepIsDone
        audit.record_each(actor, "case.step_done", [
            (each.case, {"task": task, "filled": each.filled, "ends": each.case.ends, "beyond": beyond})
            for each in moved
        ])  # fmt: skip
        events.publish(*(
            told for each in moved if (slip := slips[each.case.id]) is not None for told in told_of_end(each.case, slip)
        ))  # fmt: skip
    return len(moved)


def _open_steps(actor: Actor, organisation_id: int, task: str, case_ids: Sequence[int]) -> dict[int, Step]:
    """The open step of each case, with the case, which is locked."""
    rows = Case.objects.filter(id__in=case_ids, organisation_id=organisation_id, partner=None)
    rows = rows.select_for_update(of=("self",)).select_related("definition", "subject").defer(*_HEAVY)
    cases = {case.id: case for case in rows.order_by("id")}
    steps = {step.case_id: step for step in Step.objects.filter(case_id__in=case_ids, task=task, done_at=None)}
    for case_id in case_ids:
        case = cases.get(case_id)
        if case is not None and case.finished_on is not None:
            raise CaseIsOver
        if case is None or case_id not in steps:
            raise StepIsDone
        if case.status == Case.Status.SUPPLEMENT:
            raise CaseWaits
        steps[case_id].case = case
        require_doer(actor, steps[case_id])
    return steps


def _act(actor: Actor, steps: Mapping[int, Step], given: Mapping[int, Mapping[str, Any]], at: datetime) -> None:
    """Fill each case in and let the room above do its part."""
    together: dict[str, list[extensions.CaseFacts]] = {}
    for case_id, said in given.items():
        step = steps[case_id]
        kept = version(step.case.definition.public_id)
        plan = kept.sheet.tasks.get(step.task, ANYBODY)
        known = known_of(step.case.subject) if any(field.known_as for field in plan.form.fields) else {}
        step.data = filling.taken(plan.form, said, known)
        attaching.refuse_missing(plan.form.papers, NO_PAPERS, known)
        step.case.data = {**step.case.data, **step.data}
        if plan.act and extensions.acts[plan.act].many is not None:
            together.setdefault(plan.act, []).append(facts_of(step.case, kept))
        else:
            after_act(actor, kept, step.case, plan.act, at)
    for key, facts in together.items():
        many = extensions.acts[key].many
        assert many is not None  # only such stand here
        many(actor, facts, at.astimezone(VIETNAM).date(), at)


def _moved(step: Step, at: datetime) -> Moved:
    """Where a case comes to by its step, as it is to be written."""
    case: Case = step.case
    kept: Version = version(case.definition.public_id)
    move = kept.map.after(case.state, step.task, case.data)
    case.state, case.status = move.state, Case.Status.WORKED_ON
    paper = finish(case, kept, kept.sheet.outcome(move.place.ends), at) if move.place.is_over else None
    return Moved(step.id, step.data, case, opened_steps(kept, case, move.opened), paper)
