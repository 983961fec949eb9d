"""What follows from how a family's money stands: what is paid of each invoice, and what is to be said of each transfer.

Both are functions of `allocation`; they are kept beside their rows only so that lists can be filtered by them, and are
made anew whenever the family's money changes. docs/decisions/0121
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from khue.foundation.arrays import array
from khue.payments import payment_codes
from khue.payments.allocation import Allocation
from khue.payments.models import BankLine, Invoice
from khue.payments.queries.invoices import Family, key_of, standing_of

State = BankLine.State
#: Named on a receipt; of the others the number.
MOST_TITLES = 4


@dataclass(frozen=True, slots=True)
class Judged:
    """How the money of families stands. titles: of the invoices that stand, by id."""

    standing: Mapping[Family, Allocation]
    titles: Mapping[int, str]

    def about(self, family: Family, key: str) -> str:
        """What a payment has paid, as its receipt says it; empty where it waits for later invoices."""
        share = self.standing[family].shares.get(key, {})
        titles = list(dict.fromkeys(self.titles[number] for number in sorted(share) if number in self.titles))
        said = "; ".join(titles[:MOST_TITLES])
        more = len(titles) - MOST_TITLES
        # As the amount in words, a receipt is in Vietnamese whatever language the office reads.
        return f"{said} và {more} phiếu khác" if more > 0 else said


def judge(families: Collection[Family]) -> Judged:
    """Say it anew of everything of these families: a late transfer may change what an early one was."""
    people = {person for _organisation, person in families}
    standing = standing_of(families)
    totals, titles = _keep_paid(people, standing)
    changed = []
    for line in BankLine.objects.filter(family_id__in=people).exclude(state=State.RETURNED):
        if line.family_id is None or (line.organisation_id, line.family_id) not in standing:
            continue
        state = state_of(line, standing[line.organisation_id, line.family_id], totals)
        if line.state != state:
            changed.append((line.id, state))
    _set("payments_bankline", "state", "text", changed)
    return Judged(standing, titles)


def _keep_paid(people: Collection[int], standing: dict[Family, Allocation]) -> tuple[dict[int, int], dict[int, str]]:
    """Keep what is paid of every invoice. Returns the totals and the titles of those that stand, by id."""
    totals: dict[int, int] = {}
    titles: dict[int, str] = {}
    changed = []
    rows = Invoice.objects.filter(family_id__in=people)
    for number, organisation, family, total, paid, cancelled_at, title in rows.values_list(
        "id", "organisation_id", "family_id", "total", "paid", "cancelled_at", "title"
    ):
        if cancelled_at is None:
            totals[number], titles[number] = total, title
        if (organisation, family) not in standing:
            continue
        now_paid = standing[organisation, family].paid.get(number, 0)
        if now_paid != paid:
            changed.append((number, now_paid))
    _set("payments_invoice", "paid", "bigint", changed)
    return totals, titles


def _set(table: str, column: str, kind: str, values: Sequence[tuple[int, object]]) -> None:
    """One statement, however many rows: Django's bulk_update writes a CASE with a branch for each."""
    if not values:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = new.value FROM unnest(%s::bigint[], %s::{kind}[]) AS new (id, value)"  # noqa: S608  names of this module
            f" WHERE {table}.id = new.id",
            [array(number for number, _value in values), [value for _number, value in values]],
        )


def state_of(line: BankLine, standing: Allocation, totals: dict[int, int]) -> str:
    """One transfer, given how the family's money stands and what its invoices ask for."""
    named = [number for number in payment_codes.numbers_in(line.purpose) if number in totals]
    if not named:
        return State.ASSIGNED
    share = standing.shares.get(key_of(line.reference, line.amount), {})
    spent = sum(share.get(number, 0) for number in named)
    if spent == 0:
        return State.DUPLICATE
    if spent < line.amount:
        return State.OVER
    return State.MATCHED if all(standing.paid.get(n, 0) == totals[n] for n in named) else State.UNDER
