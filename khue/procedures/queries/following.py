"""A case as its applicant sees it: step by step, with days and papers, and no name of an officer's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import BigIntegerField, DateTimeField, IntegerField, QuerySet, Value

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


@dataclass(frozen=True, slots=True)
class Issued:
    """A paper that was issued. kind: of Slip.Kind."""

    kind: str
    number: int
    year: int
    issued_at: datetime


@dataclass(frozen=True)
class Followed:
    """What the tracking page shows.

    title       of the procedure, as it was when the case was filed
    wants       what was asked for and not given yet, "" for nothing
    sorry       why the office is late, as its apology says; "" where it says nothing or there is none
    may_rate    it is over and nobody rated it yet
    """

    case: Case
    title: str
    status: str
    steps: Sequence[Seen]
    slips: Sequence[Issued]
    wants: str
    sorry: str
    rated: int | None
    may_rate: bool
    notes: Sequence[extensions.Note]
    signed: bool
    waits_for_signature: bool
    attachments: Sequence[Attachment]


def followed(case: Case) -> Followed:
    """What the applicant may know, in the scope of the case's offices.

    One query; one more each for a missing supplement, an apology, the end of a case (two), its files, and its notes.
    """
    kept = version(case.definition.public_id)
    names = {case.organisation_id: case.organisation.name}
    if case.partner is not None:
        names[case.partner.id] = case.partner.name
    steps, slips, has_files = list[Seen](), list[Issued](), False
    for what, _id, text, number, year, begun_at, done_at in _course(case.id):
        if what == _STEP:
            steps.append(Seen(text, names.get(number, ""), begun_at, done_at))
        elif what == _SLIP:
            slips.append(Issued(text, number, year, begun_at))
        else:
            has_files = True
    wanted = next(iter(_unanswered(case.id)), "") if case.status == Case.Status.SUPPLEMENT else ""
    rated = next(iter(_scores(case.id)), None) if case.ends else None
    signed = bool(case.ends) and bool(_signed(case.id))
    return Followed(
        case=case,
        title=kept.title,
        status=str(labels.STATUSES[Case.Status(case.status)]),
        steps=steps,
        slips=slips,
        wants=wanted,
        sorry=next(iter(_apology(case.id)), {}).get("reason", "") if case.promised_on else "",
        rated=rated,
        may_rate=bool(case.ends) and rated is None,
        notes=notes_of(case),
        signed=signed,
        waits_for_signature=case.ends == "granted" and not signed and kept.key in extensions.signed_results,
        attachments=attachments_of(case.id) if has_files else (),
    )


def notes_of(case: Case) -> Sequence[extensions.Note]:
    """What the room of the procedure says about a case: a place in a queue. In the scope of the case's office."""
    kept = version(case.definition.public_id)
    notes = extensions.notes.get(kept.key)
    return notes(facts_of(case, kept)) if notes else ()


_STEP, _SLIP, _FILE = range(3)
_Line = tuple[int, int, str, int, int, datetime, datetime | None]


@compiled
def _course(case_id: int) -> QuerySet[Step, _Line]:
    """Steps, slips and the first file of a case, each in its order: what it is, its words, place or number, days."""
    nothing, never = Value(0, BigIntegerField()), Value(None, DateTimeField())
    steps = Step.objects.filter(case_id=case_id).annotate(what=Value(_STEP, IntegerField()))
    slips = Slip.objects.filter(case_id=case_id).annotate(what=Value(_SLIP, IntegerField()))
    files = Attachment.objects.filter(case_id=case_id).annotate(what=Value(_FILE, IntegerField()))
    return (
        steps.values_list("what", "id", "title", "organisation_id", nothing, "opened_at", "done_at")
        .union(
            slips.values_list("what", "id", "kind", "number", "year", "issued_at", never),
            files.values_list("what", "id", "title", nothing, nothing, "attached_at", never)[:1],
            all=True,
        )
        .order_by("what", "id")
    )


@compiled
def _unanswered(case_id: int) -> QuerySet[Supplement, str]:
    return Supplement.objects.filter(case_id=case_id, answered_at=None).values_list("wanted", flat=True)


@compiled
def _apology(case_id: int) -> QuerySet[Slip, dict[str, str]]:
    return Slip.objects.filter(case_id=case_id, kind=Slip.Kind.APOLOGY.value).values_list("content", flat=True)


@compiled
def _scores(case_id: int) -> QuerySet[Rating, int]:
    return Rating.objects.filter(case_id=case_id).values_list("score", flat=True)


@compiled
def _signed(case_id: int) -> QuerySet[SignedResult, int]:
    return SignedResult.objects.filter(slip__case_id=case_id).values_list("id", flat=True)
