"""The books of a school: what came on a day, and where every book stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Sum

from khue.foundation.actor import Actor, require
from khue.payments.access import Permission
from khue.payments.models import Posting, Receipt


@dataclass(frozen=True, slots=True)
class Balance:
    """One book: what moved on the day, and where it stands at its end. đồng; debit above zero."""

    book: str
    moved: int
    stands: int


@dataclass(frozen=True, slots=True)
class Day:
    """What the daily closing states. first, last: numbers of the day's receipts; None when there was none."""

    on: date
    balances: tuple[Balance, ...]
    receipts: int
    first: int | None
    last: int | None


def day_of(actor: Actor, organisation_id: int, on: date) -> Day:
    """The daily closing of a school. Three queries, whatever the size of the school."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    rows = Posting.objects.filter(organisation_id=organisation_id).order_by()
    moved = dict(rows.filter(entry__on=on).values_list("book").annotate(Sum("amount")))
    stands = dict(rows.filter(entry__on__lte=on).values_list("book").annotate(Sum("amount")))
    receipts = Receipt.objects.filter(organisation_id=organisation_id, entry__on=on)
    given = receipts.aggregate(count=Count("id"), first=Min("number"), last=Max("number"))
    return Day(
        on=on,
        balances=tuple(Balance(book, moved.get(book, 0), stands.get(book, 0)) for book in Posting.Book.values),
        receipts=given["count"],
        first=given["first"],
        last=given["last"],
    )
