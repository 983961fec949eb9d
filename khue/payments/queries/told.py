"""What a family is told of its money by rooms that can reach it. Whoever asks acts for the program itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from khue.payments.models import Invoice, Receipt


@dataclass(frozen=True, slots=True)
class AskedFamily:
    """An invoice as a family is told of it. total and paid in đồng."""

    invoice_id: int
    public_id: UUID
    organisation_id: int
    school: str
    family_id: int
    title: str
    total: int
    due_on: date
    paid: int


@dataclass(frozen=True, slots=True)
class ReceiptTold:
    """A receipt as a family is told of it. amount in đồng; about: what it paid, empty where it waits for an invoice."""

    receipt_id: int
    public_id: UUID
    organisation_id: int
    school: str
    family_id: int
    number: int
    year: int
    on: date
    amount: int
    words: str
    about: str


def asked_families(invoice_ids: Collection[int]) -> list[AskedFamily]:
    """Those of these invoices that stand. One query."""
    rows = Invoice.objects.filter(id__in=invoice_ids, cancelled_at=None).order_by("id")
    return [
        AskedFamily(*row)
        for row in rows.values_list(
            "id",
            "public_id",
            "organisation_id",
            "organisation__name",
            "family_id",
            "title",
            "total",
            "due_on",
            "paid",
        )
    ]


def receipts_told(receipt_ids: Collection[int]) -> list[ReceiptTold]:
    """These receipts. One query."""
    rows = Receipt.objects.filter(id__in=receipt_ids).order_by("id")
    return [
        ReceiptTold(*row)
        for row in rows.values_list(
            "id", "public_id", "organisation_id", "organisation__name", "family_id", "number", "year", "entry__on",
            "amount", "words", "about",
        )
    ]  # fmt: skip
