"""How a document gets its number, and how what happens to it is written down."""

from datetime import datetime

from khue.foundation import audit
from khue.foundation.actor import Actor
from khue.foundation.text import fold
from khue.workspace import labels
from khue.workspace.models import Document, Register, Step
from khue.workspace.refusals import NotNow


def next_number(organisation_id: int, way: str, year: int) -> int:
    """The next number of a register, held until this transaction ends: rolled back, it is given to the next document.

    source  Decree 30/2020/NĐ-CP, article 15: numbers run without gaps from 1 January to 31 December
    """
    Register.objects.get_or_create(organisation_id=organisation_id, way=way, year=year)
    book = Register.objects.select_for_update().get(organisation_id=organisation_id, way=way, year=year)
    book.last_number += 1
    book.save(update_fields=["last_number"])
    return book.last_number


def held(document: Document) -> Document:
    """The document as it stands now, kept from everybody else until this transaction ends."""
    return Document.objects.select_for_update().get(id=document.id)


def refuse_unless(document: Document, *states: str) -> None:
    """Refuses NotNow unless the document is in one of these states."""
    if document.state not in states:
        raise NotNow(state=labels.STATES[document.state])


def note(actor: Actor, document: Document, verb: str, at: datetime, words: str = "", **details: object) -> None:
    """Write a step of the document and the same into the audit trail, under "document.registered" and its like."""
    Step.objects.create(
        organisation_id=document.organisation_id,
        document=document,
        verb=verb.removeprefix("document."),
        by_name=actor.name,
        at=at,
        note=words,
    )
    audit.record(actor, verb, document, note=words, **details)


def searched(number: int | None, symbol: str, issuer: str, summary: str) -> str:
    """What a search of the register looks at."""
    return fold(" ".join(filter(None, [str(number or ""), symbol, issuer, summary])))
