"""From recorded years to sheets that are compared and confirmed."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from khue.foundation import audit, scope
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Forbidden
from khue.records import access
from khue.records.access import Permission
from khue.records.models import Step, Transcript, YearSheet
from khue.records.queries.compiled_years import Drafted, drafted_of
from khue.records.queries.sheets import names_of
from khue.records.refusals import DataDiffer, NothingToDo
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, SchoolClass

State = YearSheet.State
#: Before anybody has signed, a sheet follows what is recorded.
OPEN = (State.COMPLETE, State.COMPARED, State.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What became of a class. differ: signed sheets whose year has changed since, to be corrected by a new version."""

    made: int = 0
    refreshed: int = 0
    unchanged: int = 0
    incomplete: int = 0
    differ: list[str] = field(default_factory=list)


@transaction.atomic
def prepare_class(*, actor: Actor, school_class: SchoolClass, at: datetime) -> Prepared:
    """Make the sheets of a class whose year is complete, and bring those that nobody has signed to what is recorded.

    A sheet whose content changed is complete again: it has to be compared and confirmed anew.
    cost  twenty statements, however many pupils
    """
    require(actor, Permission.SHEET_PREPARE, within=school_class)
    _refuse_unless_mine(actor, school_class)
    drafts = drafted_of(actor, school_class)
    kept = _locked(YearSheet.objects.filter(school_class=school_class, is_latest=True))
    sheets = {sheet.enrolment_id: sheet for sheet in kept}
    complete = [one for one in drafts if one.content is not None]
    changed = [one for one in complete if one.enrolment_id in sheets and one.differs_from(sheets[one.enrolment_id])]
    open_ = [one for one in changed if sheets[one.enrolment_id].state in OPEN]
    new = [one for one in complete if one.enrolment_id not in sheets]
    made = _made(actor, school_class, new, at)
    refreshed = _refreshed(actor, [(one, sheets[one.enrolment_id]) for one in open_], at)
    differ = [one.person.full_name for one in changed if one not in open_]
    if made or refreshed:
        audit.record(actor, "sheets.prepared", school_class, made=made, refreshed=refreshed)
    return Prepared(made, refreshed, len(complete) - made - len(changed), len(drafts) - len(complete), differ)


def _refuse_unless_mine(actor: Actor, school_class: SchoolClass) -> None:
    if not actor.may(Permission.SHEET_READ_ALL, school_class):
        access.refuse_unless_leading(actor, school_class)


def _locked(rows: QuerySet[YearSheet]) -> list[YearSheet]:
    return list(rows.select_for_update(of=("self",)).select_related("transcript__person").order_by("id"))


def _made(actor: Actor, school_class: SchoolClass, drafts: Sequence[Drafted], at: datetime) -> int:
    if not drafts:
        return 0
    transcripts = _transcripts(actor, school_class.organisation_id, [one.person.id for one in drafts], at)
    sheets = []
    for one in drafts:
        sheet = YearSheet(
            organisation_id=school_class.organisation_id, transcript=transcripts[one.person.id],
            school_year_id=school_class.school_year_id, enrolment_id=one.enrolment_id, school_class=school_class,
            made_at=at,
        )  # fmt: skip
        fill(sheet, one)
        sheets.append(sheet)
    YearSheet.objects.bulk_create(sheets)
    note(actor, sheets, "completed", at)
    return len(sheets)


def _transcripts(actor: Actor, organisation_id: int, people: list[int], at: datetime) -> dict[int, Transcript]:
    """The one transcript of each of these people, opened where there is none, taken over from another school."""
    rows = [Transcript(organisation_id=organisation_id, person_id=one, opened_at=at) for one in people]
    Transcript.objects.bulk_create(rows, ignore_conflicts=True)
    found = {row.person_id: row for row in Transcript.objects.filter(person_id__in=people)}
    elsewhere = [one for one in people if one not in found or found[one].organisation_id != organisation_id]
    if elsewhere:
        # A pupil who came from another school of this node brings the transcript along; its old sheets stay there.
        with scope.raised(actor):
            Transcript.objects.filter(person_id__in=elsewhere).update(organisation_id=organisation_id)
        found = {row.person_id: row for row in Transcript.objects.filter(person_id__in=people)}
        for one in elsewhere:
            audit.record(actor, "transcript.taken_over", found[one])
    return found


def fill(sheet: YearSheet, draft: Drafted) -> None:
    """Put what is recorded into a sheet."""
    previous = sheet.previous.digest if sheet.previous else ""
    sheet.content = draft.content_for(sheet, sheet.transcript.public_id.hex, previous)
    sheet.digest = hashlib.sha256(sheet.content).hexdigest()
    sheet.source = draft.fingerprint


def _refreshed(actor: Actor, pairs: Sequence[tuple[Drafted, YearSheet]], at: datetime) -> int:
    for draft, sheet in pairs:
        fill(sheet, draft)
        sheet.state, sheet.made_at = State.COMPLETE, at
    sheets = [sheet for _draft, sheet in pairs]
    YearSheet.objects.bulk_update(sheets, ["content", "digest", "source", "state", "made_at"])
    note(actor, sheets, "refreshed", at)
    return len(sheets)


@transaction.atomic
def compare_class(*, actor: Actor, school_class: SchoolClass, at: datetime) -> int:
    """The homeroom teacher has compared the sheets of the class with what is recorded. Returns how many.

    refuses  DataDiffer where something changed since the sheets were made; NothingToDo
    """
    require(actor, Permission.SHEET_COMPARE, within=school_class)
    access.refuse_unless_leading(actor, school_class)
    sheets = _locked(YearSheet.objects.filter(school_class=school_class, is_latest=True, state=State.COMPLETE))
    _refuse_differing(actor, school_class, sheets)
    _move(actor, sheets, State.COMPARED, "compared", at, role="homeroom")
    audit.record(actor, "sheets.compared", school_class, count=len(sheets))
    return len(sheets)


@transaction.atomic
def compare_subject(*, actor: Actor, class_subject: ClassSubject, at: datetime) -> int:
    """A subject's teacher has compared its results on the sheets of the class. Returns how many. Moves no sheet on.

    refuses  DataDiffer; NothingToDo
    """
    require(actor, Permission.SHEET_COMPARE, within=class_subject)
    if not actor.is_system and not schools.teaches(actor, class_subject):
        raise Forbidden
    school_class = class_subject.school_class
    sheets = _locked(YearSheet.objects.filter(school_class=school_class, is_latest=True, state__in=OPEN))
    _refuse_differing(actor, school_class, sheets)
    note(actor, sheets, "compared", at, role="subject_teacher", subject=class_subject.subject.code)
    audit.record(actor, "sheets.compared", class_subject, count=len(sheets))
    return len(sheets)


@transaction.atomic
def confirm_class(*, actor: Actor, school_class: SchoolClass, at: datetime) -> int:
    """The head confirms the sheets of a class that were compared: from now on they may be signed. Returns how many.

    refuses  DataDiffer; NothingToDo
    """
    require(actor, Permission.SHEET_CONFIRM, within=school_class)
    sheets = _locked(YearSheet.objects.filter(school_class=school_class, is_latest=True, state=State.COMPARED))
    _refuse_differing(actor, school_class, sheets)
    _move(actor, sheets, State.CONFIRMED, "confirmed", at, role="head")
    audit.record(actor, "sheets.confirmed", school_class, count=len(sheets))
    return len(sheets)


def _refuse_differing(actor: Actor, school_class: SchoolClass, sheets: list[YearSheet]) -> None:
    if not sheets:
        raise NothingToDo
    drafts = {one.enrolment_id: one for one in drafted_of(actor, school_class)}
    differing = [
        sheet for sheet in sheets
        if sheet.enrolment_id not in drafts or drafts[sheet.enrolment_id].differs_from(sheet)
    ]  # fmt: skip
    if differing:
        raise DataDiffer(names=names_of(differing))


def _move(actor: Actor, sheets: list[YearSheet], state: State, kind: str, at: datetime, *, role: str) -> None:
    YearSheet.objects.filter(id__in=[sheet.id for sheet in sheets]).update(state=state)
    note(actor, sheets, kind, at, role=role)


def note(
    actor: Actor, sheets: Sequence[YearSheet], kind: str, at: datetime, *, role: str = "", subject: str = ""
) -> None:
    """Write the step of each of these sheets. One statement."""
    Step.objects.bulk_create(
        Step(
            organisation_id=sheet.organisation_id, sheet_id=sheet.id, kind=kind, role=role, subject=subject,
            digest=sheet.digest, by_id=actor.account_id, by_name=actor.name, at=at,
        )
        for sheet in sheets
    )  # fmt: skip
