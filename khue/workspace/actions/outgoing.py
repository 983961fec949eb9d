"""Documents that the office writes: drafted, submitted, approved or sent back, and released under the next number."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from khue.foundation.actor import Actor, require
from khue.foundation.errors import NotFound
from khue.foundation.text import nfc
from khue.messaging import actions as messaging
from khue.workspace import register as book
from khue.workspace import symbols
from khue.workspace.access import Permission
from khue.workspace.models import Document
from khue.workspace.queries.documents import path_of
from khue.workspace.refusals import ReasonMissing

State = Document.State


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member of staff writes.

    kind        a code of symbols.KINDS
    issuer      to whom it goes, a line each
    copies      nơi nhận, a line each; empty: as the kind has it
    signed_for  a key of labels.POWERS; signer_name empty: whoever approves it
    """

    kind: str
    issuer: str
    summary: str
    body: str = ""
    due_on: date | None = None
    copies: str = ""
    place: str = ""
    signed_for: str = ""
    signer_title: str = ""
    signer_name: str = ""
    urgency: str = "normal"

    @property
    def columns(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "issuer": nfc(self.issuer),
            "summary": nfc(self.summary),
            "body": "\n".join(map(nfc, self.body.splitlines())),
            "due_on": self.due_on,
            "copies": nfc(self.copies),
            "place": nfc(self.place).strip(),
            "signed_for": self.signed_for,
            "signer_title": nfc(self.signer_title).strip(),
            "signer_name": nfc(self.signer_name).strip(),
            "urgency": self.urgency,
            "folded": book.searched(None, "", self.issuer, self.summary),
        }


@transaction.atomic
def draft(
    *, actor: Actor, organisation_id: int, content: Draft, at: datetime, answers: Document | None = None
) -> Document:
    """Begin a document. It has no number until it is released.

    answers  what arrived at the same office and is answered by it; NotFound for any other
    """
    require(actor, Permission.WORK, within=organisation_id)
    if answers is not None and (answers.organisation_id != organisation_id or answers.way != Document.Way.IN):
        raise NotFound
    made = Document.objects.create(
        organisation_id=organisation_id,
        way=Document.Way.OUT,
        state=State.DRAFT,
        drafter_id=actor.person_id,
        answers=answers,
        **content.columns,
    )
    book.note(actor, made, "document.drafted", at)
    return made


@transaction.atomic
def redraft(*, actor: Actor, document: Document, content: Draft, at: datetime) -> None:
    """Change a draft, or one that was sent back. Only whoever drafted it, or those who keep the register."""
    _require_author(actor, document)
    found = book.held(document)
    book.refuse_unless(found, State.DRAFT, State.RETURNED)
    before = {"summary": found.summary, "body": found.body}
    for name, value in content.columns.items():
        setattr(found, name, value)
    found.save(update_fields=list(content.columns))
    book.note(actor, found, "document.redrafted", at, before=before)


@transaction.atomic
def submit(*, actor: Actor, document: Document, note: str, at: datetime) -> None:
    """Hand a draft to those who decide. Refuses NotNow."""
    _require_author(actor, document)
    _move(actor, document, (State.DRAFT, State.RETURNED), State.SUBMITTED, at, "document.submitted", note)


@transaction.atomic
def approve(*, actor: Actor, document: Document, note: str, at: datetime) -> None:
    """Agree with what was submitted; the office may release it. Where no signer was named, it is whoever agrees.

    refuses  NotNow
    """
    require(actor, Permission.DECIDE, within=document)
    Document.objects.filter(id=document.id, signer_name="").update(signer_name=actor.name)
    _move(actor, document, (State.SUBMITTED,), State.APPROVED, at, "document.approved", note)


@transaction.atomic
def send_back(*, actor: Actor, document: Document, note: str, at: datetime) -> None:
    """Give a document back to whoever drafted it, with what has to be changed. Refuses NotNow, ReasonMissing."""
    require(actor, Permission.DECIDE, within=document)
    if not note.strip():
        raise ReasonMissing
    found = _move(actor, document, (State.SUBMITTED, State.APPROVED), State.RETURNED, at, "document.returned", note)
    if found.drafter_id is not None and found.drafter_id != actor.person_id:
        told = messaging.Note(
            kind="work", key=f"document:{found.id}:returned:{at.isoformat()}",
            subject=_("Cần sửa lại: %(summary)s") % {"summary": found.summary}, body=note, link=path_of(found),
        )  # fmt: skip
        messaging.notify(
            actor=actor, organisation_id=found.organisation_id, note=told, recipients=[found.drafter_id], at=at
        )


@transaction.atomic
def release(*, actor: Actor, document: Document, body: str, on: date, at: datetime) -> Document:
    """Give an approved document its day, number and symbol. The number is taken only when all of this is committed.
    What it answers is thereby seen to.

    body     how the issuing body abbreviates itself, "THCSKĐ"
    refuses  NotNow
    source   Decree 30/2020/NĐ-CP, articles 8.3, 15 and 16
    """
    require(actor, Permission.REGISTER_WRITE, within=document)
    found = book.held(document)
    book.refuse_unless(found, State.APPROVED)
    found.number = book.next_number(found.organisation_id, Document.Way.OUT, on.year)
    found.symbol = symbols.symbol(found.number, found.kind, nfc(body).strip())
    found.year, found.dated_on, found.registered_on, found.state = on.year, on, on, State.RELEASED
    found.folded = book.searched(found.number, found.symbol, found.issuer, found.summary)
    found.save()
    book.note(actor, found, "document.released", at, found.symbol, number=found.number, symbol=found.symbol)
    _answered(actor, found, at)
    return found


def _answered(actor: Actor, released: Document, at: datetime) -> None:
    if released.answers_id is None:
        return
    asked = Document.objects.select_for_update().get(id=released.answers_id)
    if asked.state in (State.ARRIVED, State.ASSIGNED):
        asked.state = State.DONE
        asked.save(update_fields=["state"])
    book.note(actor, asked, "document.answered", at, released.symbol, answer=released.id)


def _move(
    actor: Actor, document: Document, states: tuple[str, ...], to: str, at: datetime, verb: str, note: str
) -> Document:
    found = book.held(document)
    book.refuse_unless(found, *states)
    found.state = to
    found.save(update_fields=["state"])
    book.note(actor, found, verb, at, note)
    return found


def _require_author(actor: Actor, document: Document) -> None:
    if document.drafter_id is None or document.drafter_id != actor.person_id:
        require(actor, Permission.REGISTER_WRITE, within=document)
