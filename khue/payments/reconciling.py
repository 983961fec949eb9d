"""What is to be said of each transfer of a family: it fits, is too little, too much, or pays what was paid."""

from collections.abc import Collection

from khue.payments import payment_codes
from khue.payments.allocation import Allocation
from khue.payments.models import BankLine, Invoice
from khue.payments.queries.invoices import Family, standing_of

State = BankLine.State


def judge(families: Collection[Family]) -> None:
    """Say it anew of every transfer of these families: a late one may change what an early one was."""
    people = {person for _organisation, person in families}
    lines = list(BankLine.objects.filter(family_id__in=people))
    totals = dict(Invoice.objects.filter(family_id__in=people, cancelled_at=None).values_list("id", "total"))
    standing = standing_of(families)
    changed = []
    for line in lines:
        if line.family_id is None or (line.organisation_id, line.family_id) not in standing:
            continue
        state = state_of(line, standing[line.organisation_id, line.family_id], totals)
        if line.state != state:
            line.state = state
            changed.append(line)
    BankLine.objects.bulk_update(changed, ["state"])


def state_of(line: BankLine, standing: Allocation, totals: dict[int, int]) -> str:
    """One transfer, given how the family's money stands and what its invoices ask for."""
    named = [number for number in payment_codes.numbers_in(line.purpose) if number in totals]
    if not named:
        return State.ASSIGNED
    share = standing.shares.get(line.reference, {})
    spent = sum(share.get(number, 0) for number in named)
    if spent == 0:
        return State.DUPLICATE
    if spent < line.amount:
        return State.OVER
    return State.MATCHED if all(standing.paid.get(n, 0) == totals[n] for n in named) else State.UNDER
