"""Which invoices a family's money has paid: a pure function of what was asked and what came.

Nothing of it is stored. Bank lines arrive late, twice and in any order; because they are put into one order here, what
they have paid is the same whatever the order of their arrival.
"""

from collections.abc import Collection, Iterable, Mapping
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
    pinned     đồng by invoice id that a receipt of the counter names: nothing that comes later takes its place
    """

    reference: str
    on: date
    amount: int
    names: tuple[int, ...] = ()
    pinned: tuple[tuple[int, int], ...] = ()


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
    """First what receipts of the counter name is paid; then every payment goes to what its payer named, in the order of
    days; what is left of all of them then goes to the oldest invoices.
    """
    open_dues = {due.id: due.amount for due in sorted(dues, key=lambda due: (due.due_on, due.id))}
    in_order = sorted(payments, key=lambda payment: (payment.on, payment.reference))
    shares: dict[str, dict[int, int]] = {payment.reference: {} for payment in in_order}
    left = [payment.amount for payment in in_order]
    for number, payment in enumerate(in_order):
        for due_id, amount in payment.pinned:
            left[number] -= amount - _spend(amount, (due_id,), open_dues, shares[payment.reference])
    for ids_of in (lambda payment: payment.names, lambda _payment: tuple(open_dues)):
        left = [
            _spend(rest, ids_of(payment), open_dues, shares[payment.reference])
            for payment, rest in zip(in_order, left, strict=True)
        ]
    shares = {reference: share for reference, share in shares.items() if share}
    paid: dict[int, int] = {}
    for share in shares.values():
        for due_id, amount in share.items():
            paid[due_id] = paid.get(due_id, 0) + amount
    return Allocation(paid, sum(left), shares, {payment.reference: payment.on for payment in in_order})


def at_the_counter(amount: int, left: Mapping[int, int], ticked: Collection[int]) -> dict[int, int]:
    """What cash pays, đồng by invoice id: first what the cashier ticked, then the oldest; the rest is paid ahead.

    left  đồng left of every open invoice of the family, the oldest first
    """
    open_dues, share = dict(left), dict[int, int]()
    _spend(amount, (*(due_id for due_id in left if due_id in ticked), *left), open_dues, share)
    return share


def _spend(amount: int, ids: Iterable[int], open_dues: dict[int, int], share: dict[int, int]) -> int:
    """Pay these invoices in order as far as the money goes. Returns what is left."""
    for due_id in ids:
        spent = min(amount, open_dues.get(due_id, 0))
        if spent:
            open_dues[due_id] -= spent
            amount -= spent
            share[due_id] = share.get(due_id, 0) + spent
    return amount
