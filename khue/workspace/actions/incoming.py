"""Documents that arrive: into the register, to whoever has to see to them, done."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from khue.foundation.actor import Actor, require
from khue.foundation.text import nfc
from khue.messaging import actions as messaging
from khue.registry.queries import Colleague
from khue.workspace import labels
from khue.workspace import register as book
from khue.workspace.access import Permission
from khue.workspace.models import Document
from khue.workspace.queries.documents import path_of
from khue.workspace.queries.people import colleague
from khue.workspace.refusals import DatedInTheFuture, DueInThePast


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the clerk writes of a document that arrived. `kind` a code of symbols.KINDS, `urgency` of Document."""

    symbol: str
    dated_on: date
    issuer: str
    kind: str
    summary: str
    urgency: str = "normal"
    due_on: date | None = None


@transaction.atomic
def register(*, actor: Actor, organisation_id: int, arrival: Arrival, on: date, at: datetime) -> Document:
    """Write a document into this year's register of arrivals under the next number.

    on       the day it arrived
    refuses  DatedInTheFuture
    source   Decree 30/2020/NĐ-CP, article 22
    """
    require(actor, Permission.REGISTER_WRITE, within=organisation_id)
    if arrival.dated_on > on:
        raise DatedInTheFuture
    number = book.next_number(organisation_id, Document.Way.IN, on.year)
    made = Document.objects.create(
        organisation_id=organisation_id,
        way=Document.Way.IN,
        year=on.year,
        number=number,
        registered_on=on,
        state=Document.State.ARRIVED,
        symbol=nfc(arrival.symbol),
        dated_on=arrival.dated_on,
        issuer=nfc(arrival.issuer),
        kind=arrival.kind,
        summary=nfc(arrival.summary),
        urgency=arrival.urgency,
        due_on=arrival.due_on,
        folded=book.searched(number, arrival.symbol, arrival.issuer, arrival.summary),
    )
    book.note(actor, made, "document.registered", at, number=number, symbol=arrival.symbol)
    return made


@transaction.atomic
def correct_arrival(*, actor: Actor, document: Document, arrival: Arrival, at: datetime) -> None:
    """Put right what was written of a document that arrived. Its number and day stay; the history keeps what stood.

    refuses  DatedInTheFuture; NotNow for a document that leaves
    """
    require(actor, Permission.REGISTER_WRITE, within=document)
    found = book.held(document)
    book.refuse_unless(found, Document.State.ARRIVED, Document.State.ASSIGNED, Document.State.DONE)
    if found.registered_on is not None and arrival.dated_on > found.registered_on:
        raise DatedInTheFuture
    now = {**asdict(arrival), **{name: nfc(getattr(arrival, name)) for name in ("symbol", "issuer", "summary")}}
    before = {name: getattr(found, name) for name, value in now.items() if getattr(found, name) != value}
    if not before:
        return
    for name in before:
        setattr(found, name, now[name])
    found.folded = book.searched(found.number, found.symbol, found.issuer, found.summary)
    found.save(update_fields=[*before, "folded"])
    book.note(actor, found, "document.corrected", at, _said(before), before=before)


def _said(before: Mapping[str, object]) -> str:
    """What stood before a correction, for the history: "Trích yếu: Về việc báo cáo"."""
    return "; ".join(f"{labels.ARRIVAL[name]}: {labels.arrival_value(name, value)}" for name, value in before.items())


@transaction.atomic
def assign(
    *, actor: Actor, document: Document, to: Colleague, due_on: date | None, note: str, on: date, at: datetime
) -> None:
    """Give a document to one of the staff to see to, or to another one than before; who gets it is told.

    What was said to be done and is not is given again.

    on       today: a due day may not lie before it
    refuses  NotNow, DueInThePast, NotOfTheStaff
    """
    require(actor, Permission.DECIDE, within=document)
    if due_on is not None and due_on < on:
        raise DueInThePast
    handler = colleague(document.organisation_id, to.public_id)
    found = book.held(document)
    book.refuse_unless(found, Document.State.ARRIVED, Document.State.ASSIGNED, Document.State.DONE)
    found.handler_id, found.due_on, found.state = handler.person_id, due_on, Document.State.ASSIGNED
    found.save(update_fields=["handler", "due_on", "state"])
    book.note(actor, found, "document.assigned", at, f"{handler.full_name}. {note}".strip(), to=handler.person_id)
    messaging.notify(
        actor=actor,
        organisation_id=found.organisation_id,
        note=messaging.Note(
            kind="work",
            key=f"document:{found.id}:{handler.person_id}",
            subject=f"{found.symbol}: {found.summary}",
            body=note,
            link=path_of(found),
        ),
        recipients=[handler.person_id],
        at=at,
    )


@transaction.atomic
def finish(*, actor: Actor, document: Document, note: str, at: datetime) -> None:
    """Say that a document has been seen to: by whoever it was given to, or by those who assign. Refuses NotNow."""
    found = book.held(document)  # who has it now, whatever the caller last read
    if found.handler_id is None or found.handler_id != actor.person_id:
        require(actor, Permission.DECIDE, within=found)
    book.refuse_unless(found, Document.State.ARRIVED, Document.State.ASSIGNED)
    found.state = Document.State.DONE
    found.save(update_fields=["state"])
    book.note(actor, found, "document.finished", at, note)
