"""Facts of payments."""

from dataclasses import dataclass
from typing import ClassVar

from khue.foundation.events import Event


@dataclass(frozen=True)
class InvoicesIssued(Event):
    """Families were asked for money."""

    name: ClassVar[str] = "payments.invoices_issued"
    invoice_ids: tuple[int, ...]


@dataclass(frozen=True)
class FamiliesReminded(Event):
    """Families were reminded of invoices they have not paid in full. on: the day, in the form of ISO 8601."""

    name: ClassVar[str] = "payments.families_reminded"
    invoice_ids: tuple[int, ...]
    on: str


@dataclass(frozen=True)
class ReceiptsGiven(Event):
    """Money of families came, and each has its receipt."""

    name: ClassVar[str] = "payments.receipts_given"
    receipt_ids: tuple[int, ...]
