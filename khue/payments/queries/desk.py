"""The accountant's morning: what came today, what waits for a person, who is late."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from django.db.models import Count, F, Q, QuerySet, Sum

from khue.foundation.actor import Actor, require
from khue.foundation.compiled import compiled
from khue.payments.access import Permission
from khue.payments.models import BankLine, BookDay, Invoice, Posting, Receipt, Statement
from khue.payments.queries.books import banked_before, closed_through
from khue.payments.queries.work_list import WAITING, WAITS

LATEST = 6


@dataclass(frozen=True, slots=True)
class Heap:
    """Some rows and the đồng they are about."""

    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What an office looks at first. đồng throughout.

    bank, cash   what came today, less what was given back
    after        of bank: what came after the day was closed and stands in the books of the next
    before       not of bank: what the books have today and came earlier, after that day was closed
    waiting      transfers by state that a person has to look at: unknown, duplicate, over, under
    brought      statements nobody has taken yet
    late         invoices past their day; late_families: how many families that is
    open         invoices that still have time
    closed       the last day whose books are closed
    receipts     the latest ones
    """

    bank: int
    cash: int
    after: int
    before: int
    waiting: dict[str, Heap]
    brought: int
    late: Heap
    late_families: int
    open: Heap
    closed: date | None
    receipts: list[Receipt]


def desk_of(actor: Actor, organisation_id: int, today: date) -> Desk:
    """The desk of a school. Seven queries, whatever the size of the school."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    moved = {book: (now or 0, later or 0) for book, now, later in _moved(organisation_id, today)}
    (bank, after), (cash, _later) = (moved.get(book, (0, 0)) for book in (Posting.Book.BANK, Posting.Book.CASH))
    before = banked_before(actor, organisation_id, today)
    late, late_amount, late_families, on_time, on_time_amount = (_owed(organisation_id, today) or [(0, 0, 0, 0, 0)])[0]
    return Desk(
        bank=bank + after - before,
        cash=cash,
        after=after,
        before=before,
        waiting={state: Heap(count, amount) for state, count, amount in _waiting(organisation_id)},
        brought=sum(_brought(organisation_id)),
        late=Heap(late, late_amount or 0),
        late_families=late_families,
        open=Heap(on_time, on_time_amount or 0),
        closed=closed_through(actor, organisation_id),
        receipts=list(_latest(organisation_id)),
    )


def count_transfers_waiting(actor: Actor, organisation_id: int) -> int:
    """How many transfers a person has to look at, at a school whose money the actor reads. One query."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    return sum(count for _, count, _ in _waiting(organisation_id))


@compiled
def _moved(organisation_id: int, today: date) -> QuerySet[BookDay, tuple[str, int | None, int | None]]:
    """Of each book: what moved today, and what came since today was closed and stands on later days."""
    rows = BookDay.objects.filter(organisation_id=organisation_id, on__gte=today).order_by().values("book")
    sums = rows.annotate(now=Sum("moved", filter=Q(on=today)), later=Sum("moved", filter=Q(on__gt=today)))
    return cast("QuerySet[BookDay, tuple[str, int | None, int | None]]", sums.values_list("book", "now", "later"))


@compiled
def _waiting(organisation_id: int) -> QuerySet[BankLine, tuple[str, int, int]]:
    waiting = BankLine.objects.filter(WAITS, organisation_id=organisation_id, state__in=WAITING)
    rows = waiting.order_by().values("state")
    counted = rows.annotate(count=Count("id"), sum=Sum("amount")).values_list("state", "count", "sum")
    return cast("QuerySet[BankLine, tuple[str, int, int]]", counted)


@compiled
def _brought(organisation_id: int) -> QuerySet[Statement, int]:
    rows = Statement.objects.filter(organisation_id=organisation_id, taken_at=None).order_by().values("organisation_id")
    return rows.annotate(count=Count("id")).values_list("count", flat=True)


@compiled
def _latest(organisation_id: int) -> QuerySet[Receipt]:
    rows = Receipt.objects.filter(organisation_id=organisation_id).select_related("family", "entry")
    return rows.order_by("-id")[:LATEST]


@compiled
def _owed(organisation_id: int, today: date) -> QuerySet[Invoice, tuple[int, int | None, int, int, int | None]]:
    """Out of the index of what is owed, family by family: neither the invoices are read nor put in order."""
    rows = Invoice.objects.filter(organisation_id=organisation_id, cancelled_at=None, paid__lt=F("total"))
    left, late = F("total") - F("paid"), Q(due_on__lt=today)
    counted = (
        rows.order_by()
        .values("organisation_id")
        .annotate(
            late=Count("family", filter=late),
            late_amount=Sum(left, filter=late),
            late_families=Count("family", distinct=True, filter=late),
            on_time=Count("family", filter=Q(due_on__gte=today)),
            on_time_amount=Sum(left, filter=Q(due_on__gte=today)),
        )
    )
    names = ("late", "late_amount", "late_families", "on_time", "on_time_amount")
    return cast("QuerySet[Invoice, tuple[int, int | None, int, int, int | None]]", counted.values_list(*names))
