"""The shelf of mark-books, and what is still empty on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.gradebook.access import Permission
from khue.gradebook.models import Mark, MarkBook, MarkColumn
from khue.schools import queries as schools
from khue.schools.models import Term
from khue.schools.queries import TaughtSubject

#: The kinds of columns in the order in which a term brings them.
_YEAR = MarkColumn.Kind.values


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One class-subject on the shelf: its book of this term if it is open, and how far it is filled.

    entered, columns  columns that hold at least one mark, of all
    """

    class_subject: UUID
    class_name: str
    subject: str
    hue: str
    book: UUID | None
    is_locked: bool
    entered: int
    columns: int


@dataclass(frozen=True, slots=True)
class BookToFill:
    """A book with columns that hold no mark yet, named in the order in which a term brings them."""

    book: UUID
    class_name: str
    subject: str
    hue: str
    columns: list[str]


def shelf_of(actor: Actor, on: date) -> list[ShelfRow]:
    """The class-subjects whose marks the actor keeps or oversees, with this term's books. Four queries."""
    if not actor.may(Permission.MARK_READ):
        return []
    subjects = schools.shelf_of(actor, on)
    opened = {book[0]: book for book in _books_of([subject.id for subject in subjects], on)}
    filled = {row[0]: row for row in _filled([book for _of, book, *_book in opened.values()])}
    return [_shelf_row(subject, opened.get(subject.id), filled) for subject in subjects]


#: class-subject, id, public id, locked at
_BookRow = tuple[int, int, UUID, datetime | None]
#: book, columns that hold marks, columns
_FilledRow = tuple[int, int, int]


def _shelf_row(subject: TaughtSubject, book: _BookRow | None, filled: dict[int, _FilledRow]) -> ShelfRow:
    if book is None:
        return ShelfRow(subject.public_id, subject.class_name, subject.subject, subject.hue, None, False, 0, 0)
    _of, book_id, public_id, locked_at = book
    _book, entered, columns = filled.get(book_id, (0, 0, 0))
    return ShelfRow(
        subject.public_id,
        subject.class_name,
        subject.subject,
        subject.hue,
        public_id,
        locked_at is not None,
        entered,
        columns,
    )


@compiled
def _books_of(class_subject_ids: Sequence[int], on: date) -> QuerySet[MarkBook, _BookRow]:
    rows = MarkBook.objects.filter(
        class_subject_id__in=class_subject_ids, term__starts_on__lte=on, term__ends_on__gte=on
    )
    return rows.values_list("class_subject_id", "id", "public_id", "locked_at")


@compiled
def _filled(book_ids: Sequence[int]) -> QuerySet[MarkColumn, _FilledRow]:
    has_mark = Exists(Mark.objects.filter(column_id=OuterRef("id"), school_year=OuterRef("book__school_year")))
    rows = MarkColumn.objects.filter(book_id__in=book_ids).values("book_id")
    counts = rows.annotate(entered=Count("id", filter=has_mark), columns=Count("id"))
    return counts.order_by().values_list("book_id", "entered", "columns")


def books_to_fill(actor: Actor, term: Term, on: date) -> list[BookToFill]:
    """The open books of what the actor teaches that still have a column without any mark, by class. Two queries."""
    taught = [subject.id for subject in schools.shelf_of_teacher(actor, on)]
    rows = _empty_columns(taught, term.id, int(term.school_year.code[:4]))
    return [_to_fill(book, [row[4:] for row in empty]) for book, empty in groupby(rows, lambda row: row[:4])]


#: book, class, subject, hue, kind, position
_EmptyRow = tuple[UUID, str, str, str, str, int]


@compiled
def _empty_columns(class_subject_ids: Sequence[int], term_id: int, year: int) -> QuerySet[MarkColumn, _EmptyRow]:
    columns = MarkColumn.objects.filter(
        book__class_subject_id__in=class_subject_ids, book__term_id=term_id, book__locked_at=None
    )
    empty = columns.filter(~Exists(Mark.objects.filter(column_id=OuterRef("id"), school_year=year)))
    school_class, subject = "book__class_subject__school_class", "book__class_subject__subject"
    return empty.order_by(f"{school_class}__grade", f"{school_class}__name", "book_id").values_list(
        "book__public_id", f"{school_class}__name", f"{subject}__name", f"{subject}__hue", "kind", "position"
    )


def _to_fill(book: tuple[UUID, str, str, str], empty: Sequence[tuple[str, int]]) -> BookToFill:
    in_order = sorted(empty, key=lambda column: (_YEAR.index(column[0]), column[1]))
    return BookToFill(*book, [MarkColumn(kind=kind, position=position).name for kind, position in in_order])


def books_entered(organisation_ids: Sequence[int], term: Term) -> dict[int, tuple[int, int]]:
    """By school: how many columns hold marks, of how many. For a head's and an officer's page. One query."""
    year = int(term.school_year.code[:4])
    return {school: (entered, columns) for school, entered, columns in _entered(organisation_ids, term.id, year)}


@compiled
def _entered(organisation_ids: Sequence[int], term_id: int, year: int) -> QuerySet[MarkColumn, tuple[int, int, int]]:
    has_mark = Exists(Mark.objects.filter(column_id=OuterRef("id"), school_year=year))
    rows = MarkColumn.objects.filter(book__term_id=term_id, organisation_id__in=organisation_ids)
    counts = rows.values("organisation_id").annotate(entered=Count("id", filter=has_mark), columns=Count("id"))
    return counts.order_by().values_list("organisation_id", "entered", "columns")
