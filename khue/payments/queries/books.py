"""The books of a school: what came on a day, and where every book stands."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from khue.foundation.actor import Actor, require
from khue.payments import access
from khue.payments.access import Permission
from khue.payments.models import Closing, Posting, Receipt


@dataclass(frozen=True, slots=True)
class Balance:
    """One book: what moved on the day, and where it stands at its end. đồng; debit above zero."""

    book: str
    moved: int
    stands: int


@dataclass(frozen=True, slots=True)
class Day:
    """What the daily closing states.

    receipts     how many were given that day; first, last: numbers of those of the cash box, None when there was none
    """

    on: date
    balances: tuple[Balance, ...]
    receipts: int
    first: int | None
    last: int | None

    @property
    def cash(self) -> int:
        return self._stands(Posting.Book.CASH)

    @property
    def bank(self) -> int:
        return self._stands(Posting.Book.BANK)

    def _stands(self, book: str) -> int:
        return sum(balance.stands for balance in self.balances if balance.book == book)


def day_of(actor: Actor, organisation_id: int, on: date) -> Day:
    """The daily closing of a school. Three queries, whatever the size of the school."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    rows = Posting.objects.filter(organisation_id=organisation_id).order_by()
    moved = dict(rows.filter(entry__on=on).values_list("book").annotate(Sum("amount")))
    stands = dict(rows.filter(entry__on__lte=on).values_list("book").annotate(Sum("amount")))
    receipts = Receipt.objects.filter(organisation_id=organisation_id, entry__on=on)
    of_cash = Q(account=None)
    given = receipts.aggregate(
        count=Count("id"), first=Min("number", filter=of_cash), last=Max("number", filter=of_cash)
    )
    return Day(
        on=on,
        balances=tuple(Balance(book, moved.get(book, 0), stands.get(book, 0)) for book in Posting.Book.values),
        receipts=given["count"],
        first=given["first"],
        last=given["last"],
    )


def visible_closings(actor: Actor) -> QuerySet[Closing]:
    """Closed days of the schools whose money the actor reads, the latest first. Page before use."""
    return Closing.objects.filter(access.of_office(actor)).order_by("-on", "-id")
