"""Asking families for money: one invoice a family and account, with the lines of all its children."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.payments import families, ledger, reconciling
from khue.payments.access import Permission
from khue.payments.charges import Charge as Charge
from khue.payments.events import FamiliesReminded, InvoicesIssued
from khue.payments.ledger import Book, Event, Side
from khue.payments.models import Invoice, InvoiceLine
from khue.payments.queries.answers import agreed_to
from khue.payments.queries.drafts import Plan, draft_of
from khue.payments.queries.runs import Run, standing_ids
from khue.payments.refusals import (
    AlreadyCancelled,
    DueBeforeIssue,
    FeeNotInForce,
    NoFees,
    NotAgreed,
    NothingToRemind,
    RemindedToday,
    RunCancelled,
)


@transaction.atomic
def issue_invoices(
    *, actor: Actor, organisation_id: int, title: str, charges: Sequence[Charge], issued_on: date, due_on: date,
    at: datetime,
) -> list[Invoice]:  # fmt: skip
    """Bill families: one invoice for each family and collection account. What comes to nothing is not billed.

    charges  of children of this school, for fees of this school
    refuses  NoFees, FeeNotInForce, DueBeforeIssue, DayClosed; NotAgreed for a voluntary fee without the family's yes
    """
    require(actor, Permission.FEE_WRITE, within=organisation_id)
    ledger.lock(organisation_id)
    if due_on < issued_on:
        raise DueBeforeIssue
    charges = [charge for charge in charges if charge.amount > 0]
    _refuse_strange(charges, organisation_id, issued_on)
    _refuse_unagreed(charges)
    bills = _by_family_and_account(charges, organisation_id)
    invoices = Invoice.objects.bulk_create(
        Invoice(
            organisation_id=organisation_id, family_id=family, account_id=account, title=title, issued_on=issued_on,
            due_on=due_on, total=sum(charge.amount for charge in bill),
        )
        for (family, account), bill in bills.items()
    )  # fmt: skip
    _write_lines(invoices, list(bills.values()))
    ledger.write(actor, organisation_id, [_owed(i, b) for i, b in zip(invoices, bills.values(), strict=True)], at)
    reconciling.judge({(organisation_id, invoice.family_id) for invoice in invoices})
    events.publish(InvoicesIssued(organisation_id=organisation_id, invoice_ids=tuple(each.id for each in invoices)))
    total = sum(invoice.total for invoice in invoices)
    audit.record(actor, "invoices.issued", invoices[0], title=title, count=len(invoices), total=total)
    return invoices


def _by_family_and_account(charges: Sequence[Charge], organisation_id: int) -> dict[tuple[int, int], list[Charge]]:
    """The charges that come onto one invoice together, by the family and the account that is paid into."""
    family_of = families.of_children({charge.child_id for charge in charges}, organisation_id)
    found: dict[tuple[int, int], list[Charge]] = {}
    for charge in charges:
        found.setdefault((family_of[charge.child_id], charge.item.account_id), []).append(charge)
    return found


@transaction.atomic
def bill(*, actor: Actor, plan: Plan, at: datetime) -> list[Invoice]:
    """Bill the children of some groups of a school, as `queries.draft_of` shows beforehand.

    refuses  what issue_invoices refuses
    """
    require(actor, Permission.FEE_WRITE, within=plan.span.organisation_id)
    ledger.lock(plan.span.organisation_id)
    return issue_invoices(
        actor=actor,
        organisation_id=plan.span.organisation_id,
        title=plan.title,
        charges=draft_of(plan).charges,
        issued_on=plan.issued_on,
        due_on=plan.due_on,
        at=at,
    )


def _refuse_strange(charges: Sequence[Charge], organisation_id: int, on: date) -> None:
    if not charges:
        raise NoFees
    for item in {charge.item for charge in charges}:
        require_same = item.organisation_id == organisation_id
        if not require_same or item.valid_from > on or (item.valid_to is not None and item.valid_to <= on):
            raise FeeNotInForce(name=item.name, day=f"{on:%d/%m/%Y}")


def _refuse_unagreed(charges: Sequence[Charge]) -> None:
    asked = {charge.item for charge in charges if charge.item.is_voluntary}
    agreed = agreed_to([item.id for item in asked])
    for charge in charges:
        if charge.item in asked and (charge.item.id, charge.child_id) not in agreed:
            raise NotAgreed(name=charge.item.name)


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
            first=charge.first,
            last=charge.last,
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

    refuses  AlreadyCancelled, DayClosed
    """
    require(actor, Permission.FEE_WRITE, within=invoice)
    ledger.lock(invoice.organisation_id)
    if not _take_back(actor, invoice.organisation_id, [invoice.id], reason, on, at):
        raise AlreadyCancelled
    audit.record(actor, "invoice.cancelled", invoice, total=invoice.total, reason=reason)


@transaction.atomic
def cancel_run(*, actor: Actor, run: Run, reason: str, on: date, at: datetime) -> int:
    """Take back every invoice of a run that stands, as cancel_invoice does one. Returns how many.

    refuses  RunCancelled, DayClosed
    cost     some twenty statements, however many families
    """
    require(actor, Permission.FEE_WRITE, within=run.organisation_id)
    ledger.lock(run.organisation_id)
    taken = _take_back(actor, run.organisation_id, standing_ids(run), reason, on, at)
    if not taken:
        raise RunCancelled
    total = sum(invoice.total for invoice in taken)
    audit.record(actor, "invoices.cancelled", taken[0], title=run.title, count=len(taken), total=total, reason=reason)
    return len(taken)


def _take_back(
    actor: Actor, organisation_id: int, invoice_ids: Sequence[int], reason: str, on: date, at: datetime
) -> list[Invoice]:
    """Cancel those of these invoices that stand, and write their amounts back. Returns them."""
    taken = list(Invoice.objects.filter(id__in=invoice_ids, cancelled_at=None).order_by("id"))
    Invoice.objects.filter(id__in=[invoice.id for invoice in taken]).update(cancelled_at=at)
    by_item: dict[int, dict[int, int]] = {invoice.id: {} for invoice in taken}
    for line in InvoiceLine.objects.filter(invoice_id__in=by_item):
        of_invoice = by_item[line.invoice_id]
        of_invoice[line.item_id] = of_invoice.get(line.item_id, 0) - (line.price * line.quantity - line.relief)
    happened = [
        Event(f"cancel:{invoice.id}", on, _sides(invoice, -invoice.total, by_item[invoice.id]), reason)
        for invoice in taken
    ]
    ledger.write(actor, organisation_id, happened, at)
    reconciling.judge({(organisation_id, invoice.family_id) for invoice in taken})
    return taken


@transaction.atomic
def remind_families(*, actor: Actor, run: Run, on: date) -> int:
    """Remind the families that have not paid a run in full, once a day at most. Returns how many.

    refuses  NothingToRemind, RemindedToday
    """
    require(actor, Permission.FEE_WRITE, within=run.organisation_id)
    ledger.lock(run.organisation_id)
    unpaid = standing_ids(run, is_unpaid=True)
    if not unpaid:
        raise NothingToRemind
    if Invoice.objects.filter(id__in=unpaid, reminded_on=on).exists():
        raise RemindedToday
    Invoice.objects.filter(id__in=unpaid).update(reminded_on=on)
    audit.record(actor, "families.reminded", Invoice.objects.get(id=unpaid[0]), title=run.title, count=len(unpaid))
    reminded = FamiliesReminded(organisation_id=run.organisation_id, invoice_ids=tuple(unpaid), on=on.isoformat())
    events.publish(reminded)
    return len(unpaid)
