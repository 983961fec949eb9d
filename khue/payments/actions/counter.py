"""Cash at the counter, and money given back."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.payments import ledger, reconciling
from khue.payments.access import Permission
from khue.payments.allocation import at_the_counter
from khue.payments.ledger import Book, Event, Received, Side
from khue.payments.models import CollectionAccount, Invoice, Receipt
from khue.payments.queries.invoices import open_of_family, refuse_strangers, standing_of
from khue.payments.refusals import AlreadyPaid, AmountNotPositive, NothingAhead, ReasonMissing, SameFamily
from khue.registry.models import Organisation, Person


@transaction.atomic
def take_cash(
    *,
    actor: Actor,
    organisation: Organisation,
    family: Person,
    payer: str,
    amount: int,
    key: UUID,
    on: date,
    at: datetime,
    ticked: Collection[Invoice] = (),
) -> Receipt:
    """Take cash of a family and give a receipt. The same key gives the same receipt: a form sent twice is one payment.

    What the receipt names stays paid by it, whatever comes later: the ledger keeps it (0100).
    amount   đồng
    ticked   invoices it was handed over for, paid first; then the oldest, and the rest is paid ahead
    refuses  AmountNotPositive, DayClosed, AlreadyPaid; NotFound for people whom the school has asked for nothing
    """  # fmt: skip
    require(actor, Permission.MONEY_TAKE, within=organisation.id)
    refuse_strangers(organisation.id, family)
    if amount <= 0:
        raise AmountNotPositive
    ledger.lock(organisation.id)
    entry_key = f"cash:{key}"
    if ledger.is_written(organisation.id, entry_key):
        return Receipt.objects.get(entry__organisation_id=organisation.id, entry__key=entry_key)
    event = Event(entry_key, on, _sides_of_cash(organisation.id, family.id, amount, ticked))
    written = ledger.write(actor, organisation.id, [event], at)
    about = reconciling.judge({(organisation.id, family.id)}).about((organisation.id, family.id), event.key)
    received = Received(written[event.key], family.id, payer, amount, about=about)
    receipt = ledger.give_receipts(organisation.id, [received], at, on)[0]
    audit.record(actor, "cash.taken", receipt, family=family.id, amount=amount, number=receipt.number)
    return receipt


def _sides_of_cash(organisation_id: int, family_id: int, amount: int, ticked: Collection[Invoice]) -> tuple[Side, ...]:
    """The box is debited; the family is credited for every invoice apart, and for what is paid ahead."""
    left = {each.id: each.total - each.paid for each in open_of_family(organisation_id, family_id)}
    for invoice in ticked:
        if invoice.id not in left:
            raise AlreadyPaid(title=invoice.title)
    share = at_the_counter(amount, left, {invoice.id for invoice in ticked})
    credits: list[tuple[int, int | None]] = [(paid, invoice_id) for invoice_id, paid in share.items()]
    if ahead := amount - sum(share.values()):
        credits.append((ahead, None))
    return (
        Side(Book.CASH, amount),
        *(Side(Book.FAMILY, -paid, family_id=family_id, invoice_id=invoice_id) for paid, invoice_id in credits),
    )


@transaction.atomic
def give_back(
    *,
    actor: Actor,
    organisation: Organisation,
    family: Person,
    amount: int,
    account: CollectionAccount | None,
    reason: str,
    key: UUID,
    on: date,
    at: datetime,
) -> None:
    """Give money back that a family has paid ahead, in cash or from an account. The same key gives it back once.

    refuses  AmountNotPositive, NothingAhead, DayClosed
    """
    require(actor, Permission.MONEY_TAKE, within=organisation.id)
    if amount <= 0:
        raise AmountNotPositive
    ledger.lock(organisation.id)
    source = Side(Book.BANK, -amount, account_id=account.id) if account else Side(Book.CASH, -amount)
    event = Event(f"refund:{key}", on, (Side(Book.FAMILY, amount, family_id=family.id), source), reason)
    ahead = standing_of({(organisation.id, family.id)})[organisation.id, family.id].ahead
    if ledger.is_written(organisation.id, event.key):
        return
    if amount > ahead:
        raise NothingAhead(ahead=f"{ahead:,}".replace(",", "."))
    entry = ledger.write(actor, organisation.id, [event], at)[event.key]
    reconciling.judge({(organisation.id, family.id)})
    audit.record(actor, "money.given_back", entry, family=family.id, amount=amount, reason=reason)


@transaction.atomic
def pass_on(
    *,
    actor: Actor,
    organisation: Organisation,
    family: Person,
    to: Person,
    amount: int,
    reason: str,
    key: UUID,
    on: date,
    at: datetime,
) -> None:
    """Let money that a family has paid ahead pay for another: one transfer was meant for both. Once for each key.

    refuses  AmountNotPositive, NothingAhead, SameFamily, ReasonMissing, DayClosed; NotFound for people whom the school
             has asked for nothing
    """
    require(actor, Permission.MONEY_TAKE, within=organisation.id)
    refuse_strangers(organisation.id, to)
    if amount <= 0:
        raise AmountNotPositive
    if family.id == to.id:
        raise SameFamily
    if not reason.strip():
        raise ReasonMissing
    ledger.lock(organisation.id)
    sides = (Side(Book.FAMILY, amount, family_id=family.id), Side(Book.FAMILY, -amount, family_id=to.id))
    event = Event(f"pass:{key}", on, sides, reason.strip())
    if ledger.is_written(organisation.id, event.key):
        return
    ahead = standing_of({(organisation.id, family.id)})[organisation.id, family.id].ahead
    if amount > ahead:
        raise NothingAhead(ahead=f"{ahead:,}".replace(",", "."))
    entry = ledger.write(actor, organisation.id, [event], at)[event.key]
    reconciling.judge({(organisation.id, family.id), (organisation.id, to.id)})
    audit.record(actor, "money.passed_on", entry, family=family.id, to=to.id, amount=amount, reason=reason)
