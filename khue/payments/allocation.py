"""Which invoices a family's money has paid: a pure function of what was asked and what came.

Nothing of it is stored. Bank lines arrive late, twice and in any order; because they are put into one order here, what
they have paid is the same whatever the order of their arrival.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Due:
    """An invoice that stands. amount in đồng."""

    id: int
    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Money of the family: a transfer, or cash at the counter.

    reference  orders payments of one day, and is the same however often the bank tells of the payment
    names      ids of the invoices that the payer named, in order
    """

    reference: str
    on: date
    amount: int
    names: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Allocation:
    """paid: đồng by invoice id, without zeroes. ahead: what is left for later invoices. shares: by payment reference,
    what it paid of which invoice; days: when it came.
    """

    paid: Mapping[int, int]
    ahead: int
    shares: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)

    def brought_to(self, due_id: int, before: date) -> int:
        """What came before a day and paid of this invoice, in đồng: carried over from earlier times."""
        return sum(share.get(due_id, 0) for key, share in self.shares.items() if self.days[key] < before)


def allocate(dues: Iterable[Due], payments: Iterable[Payment]) -> Allocation:
    """First every payment goes to what its payer named, in the order of days; what is left of all of them then goes to
    the oldest invoices.
    """
    open_dues = {due.id: due.amount for due in sorted(dues, key=lambda due: (due.due_on, due.id))}
    shares: dict[str, dict[int, int]] = {}
    in_order = sorted(payments, key=lambda payment: (payment.on, payment.reference))
    left = [_spend(payment, payment.amount, payment.names, open_dues, shares) for payment in in_order]
    ahead = sum(
        _spend(payment, rest, tuple(open_dues), open_dues, shares) for payment, rest in zip(in_order, left, strict=True)
    )
    paid: dict[int, int] = {}
    for share in shares.values():
        for due_id, amount in share.items():
            paid[due_id] = paid.get(due_id, 0) + amount
    return Allocation(paid, ahead, shares, {payment.reference: payment.on for payment in in_order})


def _spend(
    payment: Payment, amount: int, ids: Sequence[int], open_dues: dict[int, int], shares: dict[str, dict[int, int]]
) -> int:
    """Pay these invoices in order as far as the money goes. Returns what is left."""
    for due_id in ids:
        spent = min(amount, open_dues.get(due_id, 0))
        if spent:
            open_dues[due_id] -= spent
            amount -= spent
            share = shares.setdefault(payment.reference, {})
            share[due_id] = share.get(due_id, 0) + spent
    return amount
