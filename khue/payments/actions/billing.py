"""Asking families for money: one invoice a family and account, with the lines of all its children."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.payments import families, ledger
from khue.payments.access import Permission
from khue.payments.ledger import Book, Event, Side
from khue.payments.models import FeeItem, Invoice, InvoiceLine
from khue.payments.refusals import AlreadyCancelled, DueBeforeIssue, FeeNotInForce, NoFees


@dataclass(frozen=True, slots=True)
class Charge:
    """One fee of one child.

    quantity  units of the fee's base
    relief    đồng taken off; with a reason that names its evidence
    """

    child_id: int
    item: FeeItem
    quantity: int = 1
    relief: int = 0
    relief_reason: str = ""

    @property
    def amount(self) -> int:
        return self.item.amount * self.quantity - self.relief


@transaction.atomic
def issue_invoices(
    *,
    actor: Actor,
    organisation_id: int,
    title: str,
    charges: Sequence[Charge],
    issued_on: date,
    due_on: date,
    at: datetime,
) -> list[Invoice]:
    """Bill families: one invoice for each family and collection account. What comes to nothing is not billed.

    charges  of children of this school, for fees of this school
    refuses  NoFees, FeeNotInForce, DueBeforeIssue
    """
    require(actor, Permission.FEE_WRITE, within=organisation_id)
    if due_on < issued_on:
        raise DueBeforeIssue
    charges = [charge for charge in charges if charge.amount > 0]
    _refuse_strange(charges, organisation_id, issued_on)
    family_of = families.of_children({charge.child_id for charge in charges}, organisation_id)
    bills: dict[tuple[int, int], list[Charge]] = {}
    for charge in charges:
        bills.setdefault((family_of[charge.child_id], charge.item.account_id), []).append(charge)
    invoices = Invoice.objects.bulk_create(
        Invoice(
            organisation_id=organisation_id,
            family_id=family,
            account_id=account,
            title=title,
            total=sum(charge.amount for charge in bill),
            issued_on=issued_on,
            due_on=due_on,
        )
        for (family, account), bill in bills.items()
    )
    _write_lines(invoices, list(bills.values()))
    ledger.write(actor, organisation_id, [_owed(i, b) for i, b in zip(invoices, bills.values(), strict=True)], at)
    audit.record(
        actor,
        "invoices.issued",
        invoices[0],
        title=title,
        count=len(invoices),
        total=sum(invoice.total for invoice in invoices),
    )
    return invoices


def _refuse_strange(charges: Sequence[Charge], organisation_id: int, on: date) -> None:
    if not charges:
        raise NoFees
    for item in {charge.item for charge in charges}:
        require_same = item.organisation_id == organisation_id
        if not require_same or item.valid_from > on or (item.valid_to is not None and item.valid_to <= on):
            raise FeeNotInForce(name=item.name, day=f"{on:%d/%m/%Y}")


def _write_lines(invoices: Sequence[Invoice], bills: Sequence[Sequence[Charge]]) -> None:
    InvoiceLine.objects.bulk_create(
        InvoiceLine(
            organisation_id=invoice.organisation_id,
            invoice=invoice,
            child_id=charge.child_id,
            item=charge.item,
            quantity=charge.quantity,
            price=charge.item.amount,
            relief=charge.relief,
            relief_reason=charge.relief_reason,
        )
        for invoice, bill in zip(invoices, bills, strict=True)
        for charge in bill
    )


def _owed(invoice: Invoice, bill: Sequence[Charge]) -> Event:
    by_item: dict[int, int] = {}
    for charge in bill:
        by_item[charge.item.id] = by_item.get(charge.item.id, 0) + charge.amount
    return Event(f"invoice:{invoice.id}", invoice.issued_on, _sides(invoice, invoice.total, by_item))


def _sides(invoice: Invoice, total: int, by_item: Mapping[int, int]) -> tuple[Side, ...]:
    earned = (Side(Book.INCOME, -amount, item_id=item) for item, amount in by_item.items())
    return (Side(Book.FAMILY, total, family_id=invoice.family_id), *earned)


@transaction.atomic
def cancel_invoice(*, actor: Actor, invoice: Invoice, reason: str, on: date, at: datetime) -> None:
    """Take an invoice back. What was paid for it stays the family's and pays its other invoices.

    refuses  AlreadyCancelled
    """
    require(actor, Permission.FEE_WRITE, within=invoice)
    if not Invoice.objects.filter(id=invoice.id, cancelled_at=None).update(cancelled_at=at):
        raise AlreadyCancelled
    by_item: dict[int, int] = {}
    for line in InvoiceLine.objects.filter(invoice=invoice):
        by_item[line.item_id] = by_item.get(line.item_id, 0) - (line.price * line.quantity - line.relief)
    event = Event(f"cancel:{invoice.id}", on, _sides(invoice, -invoice.total, by_item), reason)
    ledger.write(actor, invoice.organisation_id, [event], at)
    audit.record(actor, "invoice.cancelled", invoice, total=invoice.total, reason=reason)
