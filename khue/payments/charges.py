"""One fee of one child, before it stands on an invoice."""

from dataclasses import dataclass
from datetime import date

from khue.payments.models import FeeItem


@dataclass(frozen=True, slots=True)
class Charge:
    """One fee of one child.

    quantity     units of the fee's base
    relief       đồng taken off; with a reason that names its evidence
    first, last  the days it is for; None where it is for none in particular
    """

    child_id: int
    item: FeeItem
    quantity: int = 1
    relief: int = 0
    relief_reason: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def amount(self) -> int:
        return self.item.amount * self.quantity - self.relief
