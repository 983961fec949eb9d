"""Cases and steps as the offices see them: what waits for me, one case, and the figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Avg, Count, Q, QuerySet, Value, Window

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first, one
from khue.procedures import access, extensions
from khue.procedures.access import Permission
from khue.procedures.facts import facts_of
from khue.procedures.models import FINISHED_IN_TIME, Attachment, Case, Rating, SignedResult, Slip, Step, Supplement
from khue.procedures.queries.attachments import attachments_of
from khue.procedures.queries.following import notes_of
from khue.procedures.queries.knowledge import known_of
from khue.procedures.reach import reaching
from khue.procedures.sheets import Field
from khue.procedures.versions import Version, version

_HEAVY = ("definition__bpmn", "definition__sheet", "definition__steps")


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Cases the actor may open, with office and procedure. One query; page it before use."""
    rows = Case.objects.filter(access.cases(actor))
    return rows.select_related("organisation", "partner", "definition__procedure").defer(*_HEAVY)


def case_of(actor: Actor, public_id: UUID) -> Case:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_cases(actor).select_related("subject"), public_id=public_id)


def waiting_steps(actor: Actor) -> QuerySet[Step]:
    """Steps that wait for the actor, those due first, with their cases. One query; page it before use.

    Without those of procedures that an office works on elsewhere, all cases together.
    """
    rows = _mine(actor).exclude(case__definition__procedure__key__in=sorted(_elsewhere()))
    return rows.select_related("case__definition__procedure", "organisation").defer(
        *(f"case__{name}" for name in _HEAVY)
    )


def waiting_elsewhere(actor: Actor) -> list[extensions.Elsewhere]:
    """Pages on which other steps wait for the actor. One query."""
    known = _elsewhere()
    rows = _mine(actor).filter(case__definition__procedure__key__in=sorted(known)).order_by()
    waiting = set(rows.values_list("case__definition__procedure__key", flat=True).distinct())
    return list(dict.fromkeys(page for key, page in known.items() if key in waiting))


def _elsewhere() -> dict[str, extensions.Elsewhere]:
    return dict(extensions.worked_elsewhere.items())


def _mine(actor: Actor) -> QuerySet[Step]:
    return Step.objects.filter(access.steps(actor), done_at=None).exclude(case__status=Case.Status.SUPPLEMENT)


@dataclass(frozen=True, slots=True)
class WaitingCases:
    """How many steps wait for somebody, how many of them are past their day, and those due first."""

    count: int
    late: int
    first: Sequence[Step]


def waiting_cases(actor: Actor, on: date, most: int) -> WaitingCases:
    """What waits for the actor at the counter. One query: the first rows bring the counts of all."""
    everything = waiting_steps(actor).annotate(
        all=Window(Count("id")), late=Window(Count("id", filter=Q(case__due_on__lt=on)))
    )  # fmt: skip
    first = list(everything.order_by("case__due_on", "id")[:most])
    return WaitingCases(first[0].all, first[0].late, first) if first else WaitingCases(0, 0, first)


def count_waiting(actor: Actor, on: date) -> tuple[int, int]:
    """How many steps `waiting_steps` lists, and how many of them are past their day. One query."""
    return next(iter(_count_waiting(actor, on)), (0, 0))


@compiled
def _count_waiting(actor: Actor, on: date) -> QuerySet[Step, tuple[int, int]]:
    rows = waiting_steps(actor).order_by().values(all=Value(1))
    counted = rows.annotate(count=Count("id"), late=Count("id", filter=Q(case__due_on__lt=on)))
    return counted.values_list("count", "late")


def step_of(actor: Actor, public_id: UUID) -> Step:
    """A step that waits for the actor, with its case. Raises NotFound."""
    rows = Step.objects.filter(access.steps(actor), done_at=None).select_related("case__subject", "case__definition")
    return one(rows.defer(*(f"case__{name}" for name in _HEAVY)), public_id=public_id)


def open_step(case_id: int) -> Step:
    """The step at which a case waits, with its case, for actions of rooms above. Raises NotFound."""
    return first(_open_steps(case_id))


@compiled
def _open_steps(case_id: int) -> QuerySet[Step]:
    rows = Step.objects.filter(case_id=case_id, done_at=None).select_related("case__definition")
    return rows.defer(*(f"case__{name}" for name in _HEAVY)).order_by("id")


@dataclass(frozen=True, slots=True)
class Filled:
    """Something that was filled in. value: as it is read."""

    title: str
    value: str


@dataclass(frozen=True)
class CaseCard:
    """One case with everything its office knows. mine: steps the actor may do now; signed: the result can be taken."""

    case: Case
    filled: Sequence[Filled]
    steps: Sequence[Step]
    mine: Sequence[Step]
    slips: Sequence[Slip]
    supplement: Supplement | None
    attachments: Sequence[Attachment]
    notes: Sequence[extensions.Note]
    works: bool
    signed: bool
    waits_for_signature: bool


def case_card(actor: Actor, case: Case) -> CaseCard:
    """Five queries, one more once it was granted, and those of the rooms that offered choices or have notes on it."""
    kept = version(case.definition.public_id)
    steps = list(Step.objects.filter(case=case).order_by("id"))
    works = access.works_on(actor, case.organisation_id)
    mine = []
    if case.status != Case.Status.SUPPLEMENT:
        mine = list(Step.objects.filter(access.steps(actor), case=case, done_at=None).order_by("id"))
    filled = [*_filled(kept.sheet.filing.fields, case.data)]
    for step in steps:
        plan = kept.sheet.tasks.get(step.task)
        if step.done_at is not None and plan is not None:
            filled += _filled(plan.form.fields, _read_as_offered(actor, kept, step, case))
    with reaching(actor, case.organisation_id):  # a partner too reads what it decides on, and what its applicant reads
        attachments, notes = attachments_of(case.id), notes_of(case)
    signed = case.ends == "granted" and SignedResult.objects.filter(slip__case=case).exists()
    return CaseCard(
        case=case, filled=filled, steps=steps, mine=mine, works=works,
        slips=list(Slip.objects.filter(case=case).order_by("id")),
        supplement=Supplement.objects.filter(case=case).first(),
        attachments=attachments,
        notes=notes,
        signed=signed,
        waits_for_signature=case.ends == "granted" and not signed and kept.key in extensions.signed_results,
    )  # fmt: skip


def _read_as_offered(actor: Actor, kept: Version, step: Step, case: Case) -> dict[str, object]:
    """What a step was filled in with; what was chosen from a room above in that room's words, or not at all."""
    said = dict(step.data)
    for field in kept.sheet.tasks[step.task].form.fields:
        if field.offered and said.get(field.name) not in (None, ""):
            offered = extensions.choices[field.offered](actor, facts_of(case, kept), step.organisation_id)
            said[field.name] = dict(offered).get(str(said[field.name]), "")
    return said


def _filled(fields: Sequence[Field], data: dict[str, object]) -> list[Filled]:
    return [
        Filled(field.title, _read(field, data[field.name]))
        for field in fields
        if data.get(field.name) not in (None, "")
    ]


def _read(field: Field, value: object) -> str:
    if isinstance(value, bool):
        return "✓" if value else "–"
    if field.format == "date":
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}"
    return dict(field.choices).get(str(value), str(value))


@dataclass(frozen=True)
class Asked:
    """The form of a task as it is asked now: what is known stands by, what is offered can be chosen.

    known   (title, value) of what the platform knows and does not ask
    """

    fields: Sequence[Field]
    known: Sequence[Filled]
    choices: dict[str, Sequence[tuple[str, str]]]


def asked_at(actor: Actor, step: Step) -> Asked:
    """What a step asks of its doer."""
    kept = version(step.case.definition.public_id)
    plan = kept.sheet.tasks.get(step.task)
    fields = plan.form.fields if plan else ()
    known = known_of(step.case.subject) if any(field.known_as for field in fields) else {}
    offered = {
        field.name: extensions.choices[field.offered](actor, facts_of(step.case, kept), step.organisation_id)
        for field in fields
        if field.offered in extensions.choices
    }
    return Asked(
        fields=[field for field in fields if not known.get(field.known_as)],
        known=[Filled(field.title, known[field.known_as]) for field in fields if known.get(field.known_as)],
        choices=offered,
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """How an office, or all below one, did from a day to a day.

    finished, in_time      decided in the period, and those decided by the day they were due
    withdrawn              taken back in the period; they count neither as in time nor as late
    open_in_time, overdue  still open today
    waiting                for their applicants: the clock stands
    decided_online         of those decided: filed through the platform, not by post and at no desk
    received, online       filed in the period
    content                mean of the ratings, 0 to 2; None without any
    """

    finished: int
    in_time: int
    withdrawn: int
    open_in_time: int
    overdue: int
    waiting: int
    decided_online: int
    received: int
    online: int
    ratings: int
    content: float | None

    @property
    def in_time_ratio(self) -> float | None:
        """Share in time of those decided; None where nothing was decided."""
        return self.in_time / self.finished if self.finished else None


def figures(actor: Actor, first: date, last: date, today: date) -> Figures:
    """On-time statistics of the offices whose cases the actor reads, exactly as domain §5.1 defines them. Two queries.

    Among cases finished in the period, the share finished on or before the day they were due; open ones apart.
    """
    places = actor.organisations(Permission.CASE_READ)
    mine = Q() if places is None else Q(organisation_id__in=sorted(places))
    decided = Q(finished_on__range=(first, last)) & ~Q(ends="")
    is_open = Q(finished_on=None)
    received = Q(filed_at__date__range=(first, last))
    counted = Case.objects.filter(mine).aggregate(
        finished=Count("id", filter=decided),
        in_time=Count("id", filter=decided & FINISHED_IN_TIME),
        withdrawn=Count("id", filter=Q(finished_on__range=(first, last), ends="")),
        open_in_time=Count("id", filter=is_open & Q(due_on__gte=today)),
        overdue=Count("id", filter=is_open & Q(due_on__lt=today)),
        waiting=Count("id", filter=is_open & Q(due_on=None)),
        decided_online=Count("id", filter=decided & Q(channel=Case.Channel.ONLINE)),
        received=Count("id", filter=received),
        online=Count("id", filter=received & Q(channel=Case.Channel.ONLINE)),
    )
    rated = Rating.objects.filter(mine, rated_at__date__range=(first, last)).aggregate(
        ratings=Count("id"), content=Avg("score")
    )
    return Figures(**counted, **rated)


def late_cases(organisation_id: int | None, today: date) -> QuerySet[Case]:
    """Open cases of an office that are overdue and for which nobody apologised yet; of all offices for None."""
    rows = Case.objects.filter(finished_on=None, due_on__lt=today, promised_on=None)
    return rows if organisation_id is None else rows.filter(organisation_id=organisation_id)
