"""The books of a school: what came on a day, and where every book stands."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from khue.foundation.actor import Actor, require
from khue.foundation.compiled import compiled
from khue.payments import access
from khue.payments.access import Permission
from khue.payments.models import BookDay, Closing, Posting, Receipt


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
    """The daily closing of a school. Two queries, whatever the size of the school."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    sums = {book: Balance(book, moved or 0, stands) for book, stands, moved in _sums(organisation_id, on)}
    count, first, last = next(iter(_receipts(organisation_id, on)), (0, None, None))
    balances = tuple(sums.get(book) or Balance(book, 0, 0) for book in Posting.Book.values)
    return Day(on, balances, count, first, last)


@compiled
def _sums(organisation_id: int, on: date) -> QuerySet[BookDay, tuple[str, int, int | None]]:
    rows = BookDay.objects.filter(organisation_id=organisation_id, on__lte=on).order_by().values("book")
    sums = rows.annotate(stands=Sum("moved"), on_day=Sum("moved", filter=Q(on=on)))
    return cast("QuerySet[BookDay, tuple[str, int, int | None]]", sums.values_list("book", "stands", "on_day"))


@compiled
def _receipts(organisation_id: int, on: date) -> QuerySet[Receipt, tuple[int, int | None, int | None]]:
    rows = Receipt.objects.filter(organisation_id=organisation_id, entry__on=on).order_by().values("organisation_id")
    of_cash = Q(account=None)
    counted = rows.annotate(
        count=Count("id"), first=Min("number", filter=of_cash), last=Max("number", filter=of_cash)
    ).values_list("count", "first", "last")
    return cast("QuerySet[Receipt, tuple[int, int | None, int | None]]", counted)


def visible_closings(actor: Actor) -> QuerySet[Closing]:
    """Closed days of the schools whose money the actor reads, the latest first. Page before use."""
    return Closing.objects.filter(access.of_office(actor)).order_by("-on", "-id")
