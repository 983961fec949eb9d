"""The accountant's morning: what came today, what waits for a person, who is late."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from khue.foundation.actor import Actor, require
from khue.payments.access import Permission
from khue.payments.models import BankLine, Closing, Invoice, Posting, Receipt, Statement

LATEST = 6
State = BankLine.State


@dataclass(frozen=True, slots=True)
class Heap:
    """Some rows and the đồng they are about."""

    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What an office looks at first. đồng throughout.

    bank, cash   what came today, less what was given back
    waiting      transfers by state that a person has to look at: unknown, duplicate, over, under
    brought      statements nobody has taken yet
    late         invoices past their day; late_families: how many families that is
    open         invoices that still have time
    closed       the last day whose books are closed
    receipts     the latest ones
    """

    bank: int
    cash: int
    waiting: dict[str, Heap]
    brought: int
    late: Heap
    late_families: int
    open: Heap
    closed: date | None
    receipts: list[Receipt]


def desk_of(actor: Actor, organisation_id: int, today: date) -> Desk:
    """The desk of a school. Six queries, whatever the size of the school."""
    require(actor, Permission.MONEY_READ, within=organisation_id)
    moved = _moved(organisation_id, today)
    lines = BankLine.objects.filter(organisation_id=organisation_id).order_by()
    waiting = lines.filter(state__in=(State.UNKNOWN, State.DUPLICATE, State.OVER, State.UNDER))
    counted = waiting.values_list("state").annotate(Count("id"), Sum("amount"))
    owed = _owed(organisation_id, today)
    receipts = Receipt.objects.filter(organisation_id=organisation_id).select_related("family", "account", "entry")
    latest = list(receipts.order_by("-id")[:LATEST])
    closed = Closing.objects.filter(organisation_id=organisation_id).order_by("-on").values_list("on", flat=True)
    return Desk(
        bank=moved.get(Posting.Book.BANK, 0),
        cash=moved.get(Posting.Book.CASH, 0),
        waiting={state: Heap(count, amount) for state, count, amount in counted},
        brought=Statement.objects.filter(organisation_id=organisation_id, taken_at=None).count(),
        late=Heap(owed["late"], owed["late_amount"] or 0),
        late_families=owed["late_families"],
        open=Heap(owed["open"], owed["open_amount"] or 0),
        closed=closed.first(),
        receipts=latest,
    )


def _moved(organisation_id: int, today: date) -> dict[str, int]:
    rows = Posting.objects.filter(organisation_id=organisation_id, entry__on=today).order_by()
    return dict(rows.filter(book__in=("bank", "cash")).values_list("book").annotate(Sum("amount")))


def _owed(organisation_id: int, today: date) -> dict[str, int]:
    rows: QuerySet[Invoice] = Invoice.objects.filter(
        organisation_id=organisation_id, cancelled_at=None, paid__lt=F("total")
    )
    left, late = F("total") - F("paid"), Q(due_on__lt=today)
    return rows.aggregate(
        late=Count("id", filter=late),
        late_amount=Sum(left, filter=late),
        late_families=Count("family", distinct=True, filter=late),
        open=Count("id", filter=~late),
        open_amount=Sum(left, filter=~late),
    )
