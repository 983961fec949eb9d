"""Money that came by bank: written once however often the bank tells of it, and placed where its content allows."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.payments import ledger, payment_codes, reconciling
from khue.payments.access import Permission
from khue.payments.ledger import Book, Event, Received, Side
from khue.payments.lines import Line, told_apart
from khue.payments.models import BankLine, CollectionAccount, Invoice
from khue.payments.refusals import AlreadyAssigned
from khue.registry.models import Person


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of telling: lines seen for the first time, lines known before, and those nobody can place."""

    new: int
    known: int
    unknown: int


@transaction.atomic
def take_lines(*, actor: Actor, account: CollectionAccount, lines: Iterable[Line], today: date, at: datetime) -> Taken:
    """Take what the bank tells of an account. Telling it again, in parts or in another order, changes nothing.

    lines  transfers into the account; whatever names one family's invoices is written to that family
    """
    require(actor, Permission.MONEY_TAKE, within=account)
    ledger.lock(account.organisation_id)
    told = {line.reference: line for line in told_apart(lines)}
    known = set(BankLine.objects.filter(account=account, reference__in=list(told)).values_list("reference", flat=True))
    new = [line for line in told.values() if line.reference not in known]
    family_of = _families_named(account.organisation_id, [line.purpose for line in new])
    made = BankLine.objects.bulk_create(
        BankLine(
            organisation_id=account.organisation_id,
            account=account,
            reference=line.reference,
            on=line.on,
            amount=line.amount,
            purpose=line.purpose,
            payer=line.payer,
            state=BankLine.State.UNKNOWN,
            family_id=family_of.get(line.purpose),
            told_at=at,
        )
        for line in new
    )
    _write(actor, account, made, today, at)
    reconciling.judge({(line.organisation_id, line.family_id) for line in made if line.family_id})
    unknown = sum(line.family_id is None for line in made)
    audit.record(actor, "bank_lines.taken", account, new=len(made), known=len(known), unknown=unknown)
    return Taken(new=len(made), known=len(known), unknown=unknown)


def _families_named(organisation_id: int, purposes: Collection[str]) -> dict[str, int]:
    """The family whose invoices a content names; none where it names no invoice, or those of several families."""
    named = {purpose: payment_codes.numbers_in(purpose) for purpose in purposes}
    numbers = {number for found in named.values() for number in found}
    rows = Invoice.objects.filter(organisation_id=organisation_id, id__in=numbers)
    family_of = dict(rows.values_list("id", "family_id"))
    found = {purpose: {family_of[n] for n in numbers if n in family_of} for purpose, numbers in named.items()}
    return {purpose: next(iter(families)) for purpose, families in found.items() if len(families) == 1}


def _write(actor: Actor, account: CollectionAccount, lines: Sequence[BankLine], today: date, at: datetime) -> None:
    """Into the ledger, with a receipt for every family that is known."""
    closed = ledger.closed_through(account.organisation_id)
    events = [_came(line, closed) for line in lines]
    entries = ledger.write(actor, account.organisation_id, events, at)
    received = [
        Received(entries[f"bank:{line.id}"], line.family_id, line.payer, line.amount, account.id)
        for line in sorted(lines, key=lambda line: (line.on, line.reference))
        if line.family_id is not None
    ]
    ledger.give_receipts(account.organisation_id, received, at, today)


def _came(line: BankLine, closed: date | None) -> Event:
    """What is told of a closed day is written on the first open one; the line keeps the bank's day."""
    to = Side(Book.UNKNOWN, -line.amount) if line.family_id is None else _to_family(line, line.family_id)
    on = line.on if closed is None or line.on > closed else closed + timedelta(days=1)
    return Event(f"bank:{line.id}", on, (Side(Book.BANK, line.amount, account_id=line.account_id), to))


def _to_family(line: BankLine, family_id: int) -> Side:
    return Side(Book.FAMILY, -line.amount, family_id=family_id)


@transaction.atomic
def assign_line(*, actor: Actor, line: BankLine, family: Person, today: date, at: datetime) -> None:
    """Write money that named nobody to a family: it pays the family's oldest invoices.

    today    the day it is written on, or the first open one after it
    refuses  AlreadyAssigned
    """
    require(actor, Permission.MONEY_TAKE, within=line)
    ledger.lock(line.organisation_id)
    waiting = BankLine.objects.filter(id=line.id, family_id=None)
    if not waiting.update(family_id=family.id, state=BankLine.State.ASSIGNED):
        raise AlreadyAssigned
    on = ledger.open_day(line.organisation_id, today)
    event = Event(f"assign:{line.id}", on, (Side(Book.UNKNOWN, line.amount), _to_family(line, family.id)))
    entry = ledger.write(actor, line.organisation_id, [event], at)[event.key]
    received = Received(entry, family.id, line.payer or family.full_name, line.amount, line.account_id)
    ledger.give_receipts(line.organisation_id, [received], at, today)
    reconciling.judge({(line.organisation_id, family.id)})
    audit.record(actor, "bank_line.assigned", line, family=family.id, amount=line.amount)
