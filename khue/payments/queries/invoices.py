"""Invoices, and what of them is paid."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import Count, F, Min, Q, QuerySet, Sum, Value

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.foundation.record import first, one
from khue.foundation.text import fold, nfc
from khue.payments import access, payment_codes, vietqr
from khue.payments.allocation import Allocation, Due, Payment, allocate
from khue.payments.models import BankLine, Invoice, InvoiceLine, Posting
from khue.registry import queries as registry
from khue.registry.models import Person

#: Invoices in a list; words of a name that a list is searched by at once.
PAGE, MOST_WORDS = 30, 4


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice as a family reads it. Amounts in đồng."""

    public_id: UUID
    code: str
    title: str
    due_on: date
    total: int
    paid: int

    @property
    def left(self) -> int:
        return self.total - self.paid


def visible_invoices(actor: Actor) -> QuerySet[Invoice]:
    """Invoices the actor may see, newest first. Page before use."""
    rows = Invoice.objects.filter(access.visible_invoices(actor))
    return rows.select_related("family", "account", "organisation").order_by("-id")


def listed_invoices(actor: Actor, late_on: date | None = None) -> QuerySet[Invoice]:
    """The same with no more of the rows than a list prints; only those whose day was over on `late_on`, if given."""
    return _listed(access.visible_invoices(actor), late_on)


def listed_at_the_office(actor: Actor, late_on: date | None = None) -> QuerySet[Invoice]:
    """`listed_invoices` of somebody who `owes_nothing`: in the order of an index, whatever the schools of the node."""
    return _listed(access.of_office(actor), late_on)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a family still has to pay: how many invoices, how much, and the first day on which one is due."""

    count: int = 0
    amount: int = 0
    due_on: date | None = None


def owed_by(actor: Actor) -> Owed:
    """What the own family still owes, at whatever school. One query; none for who has no family."""
    family = sorted(actor.wards | ({actor.person_id} if actor.person_id else set()))
    found = _owed_by(family) if family else []
    return Owed(*found[0]) if found else Owed()


@compiled
def _owed_by(family: Collection[int]) -> QuerySet[Invoice, tuple[int, int, date]]:
    rows = Invoice.objects.filter(family_id__in=family, cancelled_at=None, paid__lt=F("total"))
    left = rows.order_by().values(all=Value(1)).annotate(
        count=Count("id"), left=Sum(F("total") - F("paid")), first=Min("due_on")
    )  # fmt: skip
    return cast("QuerySet[Invoice, tuple[int, int, date]]", left.values_list("count", "left", "first"))


def owes_nothing(actor: Actor) -> bool:
    """Whether no school of the actor's scope has asked the own family for anything. One query."""
    return not _own(sorted(actor.wards | ({actor.person_id} if actor.person_id else set())))


@compiled
def _own(family: Collection[int]) -> QuerySet[Invoice, int]:
    return Invoice.objects.filter(family_id__in=family).values_list("id", flat=True)[:1]


def _listed(rule: Q, late_on: date | None) -> QuerySet[Invoice]:
    rows = Invoice.objects.filter(rule).select_related("family")
    listed = rows.only(
        "public_id", "title", "total", "paid", "due_on", "cancelled_at", "family__full_name", "family__public_id"
    )
    return (listed if late_on is None else listed.filter(due_on__lt=late_on)).order_by("-id")


def listed_invoices_named(actor: Actor, words: Sequence[str]) -> list[Invoice] | None:
    """The first of those whose family's folded name holds each of these words; None for more words than a name has.

    cost  one query that reads the people of the school by name, and then only the invoices of those it found
    """
    if len(words) > MOST_WORDS:
        return None
    return _listed_named(actor, *words, *[None] * (MOST_WORDS - len(words)))


@compiled
def _listed_named(
    actor: Actor, first: str, second: str | None, third: str | None, fourth: str | None
) -> QuerySet[Invoice]:
    words = [word for word in (first, second, third, fourth) if word is not None]
    rows = listed_invoices(actor).filter(family_id__in=registry.visible_ids_named(actor, words))
    return rows[: PAGE + 1]


def invoices_named(actor: Actor, organisation_id: int, text: str) -> list[Invoice]:
    """Invoices of a school that stand, by the name of the family or by their code. At most 20; one query."""
    rows = visible_invoices(actor).filter(organisation_id=organisation_id, cancelled_at=None)
    numbers = payment_codes.numbers_in(text)
    if numbers:
        return list(rows.filter(id__in=numbers)[:20])
    for word in fold(nfc(text.replace("\x00", "")))[:100].split():
        rows = rows.filter(family__folded_name__contains=word)
    return list(rows[:20])


def coded(invoices: Iterable[Invoice]) -> list[tuple[Invoice, str]]:
    """Invoices with their codes. No query."""
    return [(invoice, payment_codes.code_of(invoice.id)) for invoice in invoices]


def invoice_named(actor: Actor, organisation_id: int, code: str) -> Invoice:
    """The invoice of a school with this code. Raises NotFound."""
    return first(invoices_named(actor, organisation_id, code) if payment_codes.numbers_in(code) else [])


def invoice_of(actor: Actor, public_id: UUID) -> Invoice:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_invoices(actor), public_id=public_id)


def bills_of(invoices: Sequence[Invoice]) -> list[Bill]:
    """What is paid of each of these invoices. Three queries, however many."""
    standing = standing_of({(invoice.organisation_id, invoice.family_id) for invoice in invoices})
    return [
        Bill(
            public_id=invoice.public_id,
            code=payment_codes.code_of(invoice.id),
            title=invoice.title,
            due_on=invoice.due_on,
            total=invoice.total,
            paid=standing[invoice.organisation_id, invoice.family_id].paid.get(invoice.id, 0),
        )
        for invoice in invoices
    ]


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What an invoice has to do with earlier times. đồng.

    brought  of money paid before the day of the invoice, as far as it pays for it
    owed     left of the family's earlier invoices at the school: each has a code of its own
    """

    brought: int
    owed: int


def carried_over(invoice: Invoice) -> CarriedOver:
    """For an invoice that `invoice_of` gave. Four queries."""
    family = (invoice.organisation_id, invoice.family_id)
    standing = standing_of({family})[family]
    earlier = Invoice.objects.filter(
        organisation_id=family[0], family_id=family[1], cancelled_at=None, id__lt=invoice.id, paid__lt=F("total")
    )
    owed = earlier.aggregate(left=Sum(F("total") - F("paid")))["left"] or 0
    return CarriedOver(standing.brought_to(invoice.id, invoice.issued_on), owed)


@dataclass(frozen=True, slots=True)
class BillLine:
    """One fee of one child, as a family reads it. Amounts in đồng."""

    name: str
    legal_basis: str
    child: str
    quantity: int
    price: int
    relief: int
    relief_reason: str

    @property
    def amount(self) -> int:
        return self.price * self.quantity - self.relief


def lines_of(invoice: Invoice) -> list[BillLine]:
    """What an invoice from `invoice_of` asks for, child by child. One query."""
    rows = InvoiceLine.objects.filter(invoice=invoice).order_by("child__sort_key", "child_id", "id")
    return [
        BillLine(*row)
        for row in rows.values_list(
            "item__name", "item__legal_basis", "child__full_name", "quantity", "price", "relief", "relief_reason"
        )
    ]


def code_to_scan(invoice: Invoice, left: int) -> str:
    """The VietQR payload for what is left to pay; empty where the account is at the Treasury, or nothing is left."""
    if not invoice.account.bank or left <= 0:
        return ""
    return vietqr.payload(
        bank=invoice.account.bank,
        account=invoice.account.number,
        amount=left,
        purpose=payment_codes.code_of(invoice.id),
    )


Family = tuple[int, int]  # organisation id, person id


def key_of(reference: str, amount: int) -> str:
    """What a transfer is known by in allocations: banks have given two transfers one number."""
    return f"{reference}/{amount}"


def refuse_strangers(organisation_id: int, family: Person) -> None:
    """Raises NotFound for people whom this school has never asked for anything: no money is written to them."""
    if not Invoice.objects.filter(organisation_id=organisation_id, family=family).exists():
        raise NotFound


def standing_of(families: Collection[Family]) -> dict[Family, Allocation]:
    """How the money of each family stands at each school. Three queries, however many families."""
    people = {person for _organisation, person in families}
    dues: dict[Family, list[Due]] = {}
    payments: dict[Family, list[Payment]] = {}
    asked = Invoice.objects.filter(family_id__in=people, cancelled_at=None)
    for organisation, person, number, due_on, total in asked.values_list(
        "organisation_id", "family_id", "id", "due_on", "total"
    ):
        dues.setdefault((organisation, person), []).append(Due(number, due_on, total))
    came = BankLine.objects.filter(family_id__in=people).exclude(state=BankLine.State.RETURNED)
    for organisation, person, reference, on, amount, purpose in came.values_list(
        "organisation_id", "family_id", "reference", "on", "amount", "purpose"
    ):
        names = tuple(payment_codes.numbers_in(purpose))
        payments.setdefault((organisation, person), []).append(Payment(key_of(reference, amount), on, amount, names))
    for family, entry_id, payment in _at_the_counter(people):
        if payment.amount > 0:
            payments.setdefault(family, []).append(payment)
        else:  # money given back is spent before anything else that was paid ahead
            dues.setdefault(family, []).append(Due(-entry_id, date.min, -payment.amount))
    return {family: allocate(dues.get(family, ()), payments.get(family, ())) for family in families}


def _at_the_counter(people: Collection[int]) -> Iterable[tuple[Family, int, Payment]]:
    """Cash that came, with its entry; below zero what was given back, or passed on."""
    rows = Posting.objects.filter(
        Q(entry__key__startswith="cash:") | Q(entry__key__startswith="refund:") | Q(entry__key__startswith="pass:"),
        book=Posting.Book.FAMILY,
        family_id__in=people,
    )
    found: dict[tuple[Family, int], Payment] = {}
    for organisation, person, key, entry_id, on, amount, invoice_id in rows.values_list(
        "organisation_id", "family_id", "entry__key", "entry_id", "entry__on", "amount", "invoice_id"
    ):
        so_far = found.get(((organisation, person), entry_id), Payment(key, on, 0))
        pinned = (*so_far.pinned, (invoice_id, -amount)) if invoice_id else so_far.pinned
        found[(organisation, person), entry_id] = replace(so_far, amount=so_far.amount - amount, pinned=pinned)
    return ((family, entry_id, payment) for (family, entry_id), payment in found.items())


def open_of_family(organisation_id: int, family_id: int) -> list[Invoice]:
    """What a family has still to pay at a school, the oldest first. One query."""
    rows = Invoice.objects.filter(
        organisation_id=organisation_id, family_id=family_id, cancelled_at=None, paid__lt=F("total")
    )
    return list(rows.order_by("due_on", "id"))
