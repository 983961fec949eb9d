"""Writing entries: every đồng twice, each event once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from khue.foundation import events
from khue.foundation.actor import Actor
from khue.foundation.arrays import array
from khue.payments import spelled
from khue.payments.events import ReceiptsGiven
from khue.payments.models import Closing, Entry, Posting, Receipt, ReceiptCounter
from khue.payments.refusals import DayClosed

Book = Posting.Book

#: The first half of the advisory lock's number, so that it is nobody else's.
_LOCK = 7265_100


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an entry. amount: debit above zero, credit below, in đồng; invoice_id as Posting.invoice."""

    book: str
    amount: int
    family_id: int | None = None
    account_id: int | None = None
    item_id: int | None = None
    invoice_id: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What is to be written. key: as Entry.key; on: the day of the money."""

    key: str
    on: date
    sides: tuple[Side, ...]
    reason: str = ""


def lock(organisation_id: int) -> None:
    """Let nobody else write to the school's books until this transaction ends: whoever comes second sees what the first
    has written. Taken before anything of the books is read.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, organisation_id])


def closed_through(organisation_id: int) -> date | None:
    """The last day whose books are closed. One query."""
    days = Closing.objects.filter(organisation_id=organisation_id).order_by("-on").values_list("on", flat=True)
    return days.first()


def open_day(organisation_id: int, on: date) -> date:
    """That day, or the first one after it whose books are not closed. One query."""
    closed = closed_through(organisation_id)
    return on if closed is None or on > closed else closed + timedelta(days=1)


def is_written(organisation_id: int, key: str) -> bool:
    """Whether the event is in the books. One query."""
    return Entry.objects.filter(organisation_id=organisation_id, key=key).exists()


def write(actor: Actor, organisation_id: int, happened: Sequence[Event], at: datetime) -> dict[str, Entry]:
    """Write events that were not written before. Returns the new entries by key. Five queries, however many.

    refuses  DayClosed
    """
    lock(organisation_id)
    new = _unwritten(organisation_id, happened)
    closed = closed_through(organisation_id)
    if closed is not None and any(event.on <= closed for event in new.values()):
        raise DayClosed(day=f"{closed:%d/%m/%Y}")
    entries = Entry.objects.bulk_create(
        Entry(
            organisation_id=organisation_id, key=event.key, on=event.on, written_at=at,
            written_by_id=actor.account_id, reason=event.reason,
        )
        for event in new.values()
    )  # fmt: skip
    Posting.objects.bulk_create(
        Posting(
            organisation_id=organisation_id, entry=entry, book=side.book, amount=side.amount,
            family_id=side.family_id, account_id=side.account_id, item_id=side.item_id, invoice_id=side.invoice_id,
        )
        for entry in entries
        for side in new[entry.key].sides
    )  # fmt: skip
    return {entry.key: entry for entry in entries}


def _unwritten(organisation_id: int, happened: Sequence[Event]) -> dict[str, Event]:
    """The events that are not in the books, by key. One that does not balance is a mistake of ours."""
    for event in happened:
        if sum(side.amount for side in event.sides):
            raise ValueError(f"{event.key} does not balance")
    keys = [event.key for event in happened]
    known = set(Entry.objects.filter(organisation_id=organisation_id, key__in=keys).values_list("key", flat=True))
    return {event.key: event for event in happened if event.key not in known}


@dataclass(frozen=True, slots=True)
class Received:
    """Money of a family that deserves a receipt.

    payer    whose name stands on it
    account  null for cash
    about    what it paid
    """

    entry: Entry
    family_id: int
    payer: str
    amount: int
    account_id: int | None = None
    about: str = ""


def give_receipts(organisation_id: int, received: Sequence[Received], at: datetime, today: date) -> list[Receipt]:
    """Number receipts on from the last one of the series and year, without a gap: whoever comes second waits.

    received  all of one account, or all in cash
    """
    if not received:
        return []
    made = _numbered(organisation_id, received, at, today)
    ids = tuple(receipt.id for receipt in made)
    events.publish(ReceiptsGiven(organisation_id=organisation_id, receipt_ids=ids))
    return made


def _numbered(organisation_id: int, received: Sequence[Received], at: datetime, today: date) -> list[Receipt]:
    account_id = received[0].account_id
    first = _take_numbers(organisation_id, account_id, today.year, len(received))
    return Receipt.objects.bulk_create(
        Receipt(
            organisation_id=organisation_id,
            account_id=account_id,
            year=today.year,
            number=number,
            entry=one.entry,
            family_id=one.family_id,
            payer=one.payer,
            amount=one.amount,
            words=spelled.dong(one.amount),
            about=one.about,
            issued_at=at,
        )
        for number, one in enumerate(received, first)
    )


def _take_numbers(organisation_id: int, account_id: int | None, year: int, count: int) -> int:
    """The first of `count` numbers. The counter's row is locked until the transaction ends; a rollback returns them."""
    table = ReceiptCounter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS counter (organisation_id, account_id, year, last)"  # noqa: S608  a table
            " VALUES (%s, %s, %s, %s) ON CONFLICT (organisation_id, account_id, year)"
            " DO UPDATE SET last = counter.last + excluded.last RETURNING last",
            [organisation_id, account_id, year, count],
        )
        (last,) = cursor.fetchone()
    return int(last) - count + 1


def balances(families: Iterable[int], organisation_id: int) -> dict[int, int]:
    """What each family owes the school, in đồng; below zero what it has paid ahead. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT family_id, sum(amount)::bigint FROM payments_posting WHERE book = 'family'"
            " AND organisation_id = %s AND family_id = ANY (%s::bigint[]) GROUP BY family_id",
            [organisation_id, array(families)],
        )
        return dict(cursor.fetchall())
