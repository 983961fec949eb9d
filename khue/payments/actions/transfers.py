"""Money that came by bank: written once however often the bank tells of it, and placed where its content allows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.payments import ledger, payment_codes, reconciling
from khue.payments.access import Permission
from khue.payments.ledger import Book, Event, Received, Side
from khue.payments.lines import Line, content_of, sorted_out
from khue.payments.models import BankLine, CollectionAccount, Entry, Invoice
from khue.payments.payers import written_name
from khue.payments.queries.invoices import Family, key_of, refuse_strangers
from khue.payments.queries.statements import kept_like
from khue.payments.refusals import AlreadyAssigned, AlreadyReturned, NothingToSettle, ReasonMissing
from khue.registry import queries as registry
from khue.registry.models import Person

#: What the books say of a transfer and a person may say is dealt with.
SETTLED_BY_HAND = (BankLine.State.DUPLICATE, BankLine.State.OVER, BankLine.State.UNDER)


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
    told = list(lines)
    found = sorted_out(told, kept_like(account.id, told))
    family_of = _families_named(account.organisation_id, [line.purpose for line in found.new])
    made = BankLine.objects.bulk_create(
        BankLine(
            organisation_id=account.organisation_id,
            account=account,
            reference=line.reference,
            content=content_of(line),
            on=line.on,
            amount=line.amount,
            purpose=line.purpose,
            payer=line.payer,
            state=BankLine.State.UNKNOWN,
            family_id=family_of.get(line.purpose),
            told_at=at,
        )
        for line in found.new
    )
    renamed = _number(account, found.numbers)
    _write(actor, account, made, renamed, today, at)
    unknown = sum(line.family_id is None for line in made)
    audit.record(actor, "bank_lines.taken", account, new=len(made), known=found.known, unknown=unknown)
    return Taken(new=len(made), known=found.known, unknown=unknown)


def _number(account: CollectionAccount, numbers: Mapping[str, str]) -> set[Family]:
    """Keep the bank's number of lines that were told without one. Returns whose they are."""
    families = set()
    for line in BankLine.objects.filter(account=account, reference__in=list(numbers)):
        BankLine.objects.filter(id=line.id).update(reference=numbers[line.reference])
        if line.family_id is not None:
            families.add((line.organisation_id, line.family_id))
    return families


def _families_named(organisation_id: int, purposes: Collection[str]) -> dict[str, int]:
    """The family whose invoices a content names; none where it names no invoice, or those of several families."""
    named = {purpose: payment_codes.numbers_in(purpose) for purpose in purposes}
    numbers = {number for found in named.values() for number in found}
    rows = Invoice.objects.filter(organisation_id=organisation_id, id__in=numbers)
    family_of = dict(rows.values_list("id", "family_id"))
    found = {purpose: {family_of[n] for n in numbers if n in family_of} for purpose, numbers in named.items()}
    return {purpose: next(iter(families)) for purpose, families in found.items() if len(families) == 1}


def _write(
    actor: Actor,
    account: CollectionAccount,
    lines: Sequence[BankLine],
    renamed: Collection[Family],
    today: date,
    at: datetime,
) -> None:
    """Into the ledger, with a receipt for every family that is known."""
    closed = ledger.closed_through(account.organisation_id)
    entries = ledger.write(actor, account.organisation_id, [_came(line, closed) for line in lines], at)
    families = {(line.organisation_id, line.family_id) for line in lines if line.family_id is not None}
    judged = reconciling.judge({*families, *renamed})
    names = _names({family_id for _organisation, family_id in families})
    received = [
        _received(
            line,
            line.family_id,
            written_name(line.payer, names.get(line.family_id, ())),
            entries[f"bank:{line.id}"],
            judged,
        )
        for line in sorted(lines, key=lambda line: (line.on, line.reference, line.amount))
        if line.family_id is not None
    ]
    ledger.give_receipts(account.organisation_id, received, at, today)


def _names(families: Collection[int]) -> dict[int, list[str]]:
    """Names of those who look after the child in whose name each family is billed. One query."""
    if not families:
        return {}
    found = registry.guardians_of(families)
    return {child: [each.guardian_name for each in rows if not each.is_barred] for child, rows in found.items()}


def _received(line: BankLine, family_id: int, payer: str, entry: Entry, judged: reconciling.Judged) -> Received:
    about = judged.about((line.organisation_id, family_id), key_of(line.reference, line.amount))
    return Received(entry, family_id, payer, line.amount, line.account_id, about)


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
    refuses  AlreadyAssigned; NotFound for people whom the school has asked for nothing
    """
    require(actor, Permission.MONEY_TAKE, within=line)
    refuse_strangers(line.organisation_id, family)
    ledger.lock(line.organisation_id)
    waiting = BankLine.objects.filter(id=line.id, family_id=None).exclude(state=BankLine.State.RETURNED)
    if not waiting.update(family_id=family.id, state=BankLine.State.ASSIGNED):
        raise AlreadyAssigned
    on = ledger.open_day(line.organisation_id, today)
    event = Event(f"assign:{line.id}", on, (Side(Book.UNKNOWN, line.amount), _to_family(line, family.id)))
    entry = ledger.write(actor, line.organisation_id, [event], at)[event.key]
    judged = reconciling.judge({(line.organisation_id, family.id)})
    payer = written_name(line.payer, _names({family.id}).get(family.id, ())) or family.full_name
    received = _received(line, family.id, payer, entry, judged)
    ledger.give_receipts(line.organisation_id, [received], at, today)
    audit.record(actor, "bank_line.assigned", line, family=family.id, amount=line.amount)


@transaction.atomic
def return_line(*, actor: Actor, line: BankLine, reason: str, today: date, at: datetime) -> None:
    """Write back a transfer that the bank took back, or told of under two numbers. Its receipt is void from now on.

    today    the day it is written on, or the first open one after it
    refuses  AlreadyReturned, ReasonMissing
    """
    require(actor, Permission.MONEY_TAKE, within=line)
    if not reason.strip():
        raise ReasonMissing
    ledger.lock(line.organisation_id)
    standing = BankLine.objects.filter(id=line.id).exclude(state=BankLine.State.RETURNED)
    if not standing.update(state=BankLine.State.RETURNED):
        raise AlreadyReturned
    family_id = BankLine.objects.values_list("family_id", flat=True).get(id=line.id)
    on = ledger.open_day(line.organisation_id, today)
    of = Side(Book.UNKNOWN, line.amount) if family_id is None else Side(Book.FAMILY, line.amount, family_id=family_id)
    sides = (of, Side(Book.BANK, -line.amount, account_id=line.account_id))
    ledger.write(actor, line.organisation_id, [Event(f"returned:{line.id}", on, sides, reason.strip())], at)
    if family_id is not None:
        reconciling.judge({(line.organisation_id, family_id)})
    audit.record(actor, "bank_line.returned", line, family=family_id, amount=line.amount, reason=reason)


@transaction.atomic
def settle_line(*, actor: Actor, line: BankLine, note: str) -> None:
    """Say that nothing is left to do about money that was too much, too little or came twice. The books stay.

    What follows from the books may change with every payment: in another state the transfer waits again.
    note     what was done: given back, left for next month, talked over; may be empty
    refuses  NothingToSettle: money that nobody has placed is placed or written back, and what fits waits for nothing
    """
    require(actor, Permission.MONEY_TAKE, within=line)
    waiting = BankLine.objects.filter(id=line.id, state__in=SETTLED_BY_HAND).exclude(settled_as=F("state"))
    if not waiting.update(settled_as=F("state")):
        raise NothingToSettle
    audit.record(actor, "bank_line.settled", line, state=line.state, note=note.strip())


@transaction.atomic
def reopen_line(*, actor: Actor, line: BankLine) -> None:
    """There is something left to do after all. Where it waits already nothing changes."""
    require(actor, Permission.MONEY_TAKE, within=line)
    if BankLine.objects.filter(id=line.id).exclude(settled_as="").update(settled_as=""):
        audit.record(actor, "bank_line.reopened", line, state=line.state)
