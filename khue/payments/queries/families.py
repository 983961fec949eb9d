"""What a family was asked for, what it paid and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.payments import access, extensions
from khue.payments.models import BankLine, Entry, Invoice, Posting, Receipt
from khue.payments.queries.invoices import standing_of
from khue.payments.windows import carried
from khue.registry.extensions import PersonFact, Whom
from khue.registry.models import Organisation, Person

#: Of a family's history; older ones are in the books.
LATEST = 100


@dataclass(frozen=True, slots=True)
class Move:
    """Money that moved.

    kind     "bank", "assign", "cash", "refund", "pass", "returned", as in Entry.key
    amount   đồng that came; below zero what was given back
    receipt  its address, None where there is none; number: as printed
    """

    on: date
    kind: str
    amount: int
    reason: str
    receipt: UUID | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Carried:
    """A term of a family. brought, taken: what it owed at its beginning and end; below zero what it had paid ahead."""

    label: str
    brought: int
    taken: int


@dataclass(frozen=True, slots=True)
class FamilyBook:
    """A family at one school.

    owed   đồng left to pay; ahead: đồng paid that no invoice has used yet
    terms  what went over from each term to the next, the latest first
    """

    person: Person
    organisation: Organisation
    owed: int
    ahead: int
    moves: list[Move]
    terms: list[Carried]


def family_of(actor: Actor, public_id: UUID) -> FamilyBook:
    """The book of a family the actor may see, by the person in whose name it is kept. Eight queries.

    Raises NotFound, also when it exists but is not the actor's to see.
    """
    rows = Invoice.objects.filter(access.visible_invoices(actor), family__public_id=public_id)
    latest = rows.select_related("family", "organisation").order_by("-id").first()
    if latest is None:
        raise NotFound
    key = (latest.organisation_id, latest.family_id)
    standing = standing_of({key})[key]
    asked = Invoice.objects.filter(organisation_id=key[0], family_id=key[1], cancelled_at=None)
    owed = sum(asked.values_list("total", flat=True)) - sum(paid for due, paid in standing.paid.items() if due > 0)
    return FamilyBook(latest.family, latest.organisation, owed, standing.ahead, _moves(*key), _terms(*key))


def book_of_person(actor: Actor, whom: Whom) -> Sequence[PersonFact]:
    """The way to a family's book from the person's page, for who reads the school's money. At most one query."""
    if not actor.may(access.Permission.MONEY_READ, whom.organisation_id):
        return []
    if not Invoice.objects.filter(access.visible_invoices(actor), family_id=whom.person_id).exists():
        return []
    address = reverse("payments:family", args=[whom.public_id])
    return [PersonFact(gettext("Khoản nộp"), "", "wallet", address, 50)]


def _terms(organisation_id: int, family_id: int) -> list[Carried]:
    rows = Posting.objects.filter(organisation_id=organisation_id, family_id=family_id, book=Posting.Book.FAMILY)
    moves = list(rows.values_list("entry__on", "amount"))
    begun = [period for period in extensions.periods.filling(organisation_id) if period.first <= clock.today()]
    found = carried(moves, begun)
    return [Carried(period.label, brought, taken) for period, brought, taken in reversed(found)]


def _moves(organisation_id: int, family_id: int) -> list[Move]:
    rows = Posting.objects.filter(organisation_id=organisation_id, family_id=family_id, book=Posting.Book.FAMILY)
    rows = rows.exclude(entry__key__startswith="invoice:").exclude(entry__key__startswith="cancel:")
    per_entry = rows.values("entry_id", "entry__on", "entry__key", "entry__reason").annotate(sum=Sum("amount"))
    found = list(
        per_entry.order_by("-entry__on", "-entry_id").values_list(
            "entry_id", "entry__on", "entry__key", "sum", "entry__reason"
        )[:LATEST]
    )
    given = Receipt.objects.filter(entry_id__in=[entry for entry, *_ in found])
    receipts = {entry: told for entry, *told in given.values_list("entry_id", "public_id", "number")}
    return [
        Move(on, key.partition(":")[0], -amount, reason, *receipts.get(entry, (None, None)))
        for entry, on, key, amount, reason in found
    ]


def visible_receipts(actor: Actor) -> QuerySet[Receipt]:
    """Receipts of the schools whose money the actor reads, and of the own family; the latest first."""
    rows = Receipt.objects.filter(access.visible_invoices(actor))
    return rows.select_related("family", "organisation", "account", "entry").order_by("-id")


def receipt_of(actor: Actor, public_id: UUID) -> Receipt:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_receipts(actor), public_id=public_id)


def receipt_of_cash(actor: Actor, organisation_id: int, key: UUID) -> Receipt | None:
    """The receipt that cash with this key was given, if it was taken. One query."""
    return visible_receipts(actor).filter(organisation_id=organisation_id, entry__key=f"cash:{key}").first()


def banked_on(receipt: Receipt) -> date | None:
    """The bank's day of a receipt's transfer, where it is written on a later one. One query; none for cash."""
    line = receipt.entry.key.partition(":")[2]
    if receipt.account_id is None or not line.isdecimal():
        return None
    days = BankLine.objects.filter(id=int(line)).values_list("on", flat=True)
    return next((on for on in days if on != receipt.entry.on), None)


def is_void(receipt: Receipt) -> bool:
    """Whether the bank took the money of a receipt back. One query."""
    line = receipt.entry.key.partition(":")[2]
    return Entry.objects.filter(organisation_id=receipt.organisation_id, key=f"returned:{line}").exists()
