"""A case as its applicant sees it: step by step, with days and papers, and no name of an officer's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.procedures import extensions, labels
from khue.procedures.facts import facts_of
from khue.procedures.models import Attachment, Case, Rating, SignedResult, Slip, Step, Supplement
from khue.procedures.queries.attachments import attachments_of
from khue.procedures.versions import version


def case_with(code: str, born_on: date) -> Case | None:
    """The case with this code about somebody born that day, with its office. One query, by the code's index."""
    found = _with_code(code)
    return found[0] if found and found[0].born_on == born_on else None


@compiled
def _with_code(code: str) -> QuerySet[Case]:
    rows = Case.objects.filter(code=code).select_related("organisation", "partner", "definition")
    return rows.defer("definition__bpmn", "definition__sheet", "definition__steps")


@dataclass(frozen=True, slots=True)
class Seen:
    """One step. office: where it is done; done_at: null while it waits."""

    title: str
    office: str
    opened_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Followed:
    """What the tracking page shows.

    title       of the procedure, as it was when the case was filed
    wants       what was asked for and not given yet, "" for nothing
    may_rate    it is over and nobody rated it yet
    """

    case: Case
    title: str
    status: str
    steps: Sequence[Seen]
    slips: Sequence[Slip]
    wants: str
    rated: int | None
    may_rate: bool
    notes: Sequence[extensions.Note]
    signed: bool
    waits_for_signature: bool
    attachments: Sequence[Attachment]


def followed(case: Case) -> Followed:
    """What the applicant may know. Five queries, in the scope of the case's offices."""
    kept = version(case.definition.public_id)
    names = {case.organisation_id: case.organisation.name}
    if case.partner is not None:
        names[case.partner.id] = case.partner.name
    steps = [Seen(s.title, names.get(s.organisation_id, ""), s.opened_at, s.done_at) for s in _steps(case.id)]
    wanted = next(iter(_unanswered(case.id)), "") if case.status == Case.Status.SUPPLEMENT else ""
    rated = next(iter(_scores(case.id)), None) if case.ends else None
    signed = bool(case.ends) and bool(_signed(case.id))
    return Followed(
        case=case,
        title=kept.title,
        status=str(labels.STATUSES[Case.Status(case.status)]),
        steps=steps,
        slips=_slips(case.id),
        wants=wanted,
        rated=rated,
        may_rate=bool(case.ends) and rated is None,
        notes=notes_of(case),
        signed=signed,
        waits_for_signature=case.ends == "granted" and not signed and kept.key in extensions.signed_results,
        attachments=attachments_of(case.id),
    )


def notes_of(case: Case) -> Sequence[extensions.Note]:
    """What the room of the procedure says about a case: a place in a queue. In the scope of the case's office."""
    kept = version(case.definition.public_id)
    notes = extensions.notes.get(kept.key)
    return notes(facts_of(case, kept)) if notes else ()


@compiled
def _steps(case_id: int) -> QuerySet[Step]:
    return Step.objects.filter(case_id=case_id).order_by("id")


@compiled
def _slips(case_id: int) -> QuerySet[Slip]:
    return Slip.objects.filter(case_id=case_id).order_by("id")


@compiled
def _unanswered(case_id: int) -> QuerySet[Supplement, str]:
    return Supplement.objects.filter(case_id=case_id, answered_at=None).values_list("wanted", flat=True)


@compiled
def _scores(case_id: int) -> QuerySet[Rating, int]:
    return Rating.objects.filter(case_id=case_id).values_list("score", flat=True)


@compiled
def _signed(case_id: int) -> QuerySet[SignedResult, int]:
    return SignedResult.objects.filter(slip__case_id=case_id).values_list("id", flat=True)
