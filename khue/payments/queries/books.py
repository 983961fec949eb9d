"""The books of a school: what came on a day, and where every book stands."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import cast

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from khue.foundation.actor import Actor, require
from khue.foundation.clock import VIETNAM
from khue.foundation.compiled import compiled
from khue.payments import access
from khue.payments.access import Permission
from khue.payments.models import BankLine, BookDay, Closing, Entry, Posting, Receipt


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


def closed_through(actor: Actor, organisation_id: int) -> date | None:
    """The last day of a school whose books are closed; None before the first. One query."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    return next(iter(_closed(organisation_id)), None)


@compiled
def _closed(organisation_id: int) -> QuerySet[Closing, date]:
    return Closing.objects.filter(organisation_id=organisation_id).order_by("-on").values_list("on", flat=True)[:1]


def banked_after(actor: Actor, organisation_id: int, on: date) -> int:
    """Đồng that came by transfer and are written on days after this one, whose books were closed. One query."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    return next(iter(_banked_after(organisation_id, on)), 0)


@compiled
def _banked_after(organisation_id: int, on: date) -> QuerySet[BookDay, int]:
    rows = BookDay.objects.filter(organisation_id=organisation_id, on__gt=on, book=Posting.Book.BANK.value)
    return rows.order_by().values("book").annotate(all=Sum("moved")).values_list("all", flat=True)


def banked_before(actor: Actor, organisation_id: int, on: date) -> int:
    """Đồng that stand in the book of transfers on this day and had come before it, when it began. One query.

    The day before was closed by then: what came late for it is written on this one.
    """
    require(actor, Permission.MONEY_READ, within=organisation_id)
    return next(iter(_banked_before(organisation_id, on, datetime.combine(on, time.min, VIETNAM))), 0)


@compiled
def _banked_before(organisation_id: int, on: date, began_at: datetime) -> QuerySet[Posting, int]:
    rows = Posting.objects.filter(
        organisation_id=organisation_id, book=Posting.Book.BANK.value, entry__organisation_id=organisation_id,
        entry__on=on, entry__written_at__lt=began_at,
    )  # fmt: skip
    return rows.order_by().values("book").annotate(all=Sum("amount")).values_list("all", flat=True)


def written_on(line: BankLine) -> date | None:
    """The day on which a transfer stands in the books: a later one than the bank's where that was closed. One query."""
    return next(iter(_written(line.organisation_id, f"bank:{line.id}")), None)


@compiled
def _written(organisation_id: int, key: str) -> QuerySet[Entry, date]:
    return Entry.objects.filter(organisation_id=organisation_id, key=key).values_list("on", flat=True)


def balance_with(line: BankLine) -> int:
    """How the family of a transfer stands: above zero what it owes, below zero what it paid ahead. One query.

    Nothing where nobody knows whose it is.
    """
    return next(iter(_balance(line.organisation_id, line.family_id)), 0) if line.family_id else 0


@compiled
def _balance(organisation_id: int, family_id: int) -> QuerySet[Posting, int]:
    rows = Posting.objects.filter(
        organisation_id=organisation_id, family_id=family_id, book=Posting.Book.FAMILY.value
    ).order_by()
    return rows.values("family_id").annotate(all=Sum("amount")).values_list("all", flat=True)


def visible_closings(actor: Actor) -> QuerySet[Closing]:
    """Closed days of the schools whose money the actor reads, the latest first. Page before use."""
    return Closing.objects.filter(access.of_office(actor)).order_by("-on", "-id")
