"""The shelf of mark-books, and what is still empty on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from uuid import UUID

from django.db.models import QuerySet, Sum

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.gradebook import labels
from khue.gradebook.access import Permission
from khue.gradebook.models import MarkBook, MarkColumn
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
    """The class-subjects whose marks the actor keeps or oversees, with this term's books. Two queries."""
    if not actor.may(Permission.MARK_READ):
        return []
    subjects = schools.shelf_of(actor, on)
    opened = {book[0]: book for book in _books_of([subject.id for subject in subjects], on)}
    return [_shelf_row(subject, opened.get(subject.id)) for subject in subjects]


#: class-subject, public id, locked at, columns with marks, columns
_BookRow = tuple[int, UUID, datetime | None, int, int]


def _shelf_row(subject: TaughtSubject, book: _BookRow | None) -> ShelfRow:
    _of, public_id, locked_at, entered, columns = book or (subject.id, None, None, 0, 0)
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
    return rows.values_list("class_subject_id", "public_id", "locked_at", "columns_entered", "columns")


def books_to_fill(actor: Actor, term: Term, on: date, limit: int) -> list[BookToFill]:
    """The first open books of what the actor teaches that still have a column without any mark, by class. One query."""
    books = groupby(_empty_columns(actor, term.id, on), lambda row: row[:4])
    return [_to_fill(book, [row[4:] for row in empty]) for book, empty in islice(books, limit)]


def missing_marks(actor: Actor, term: Term, on: date, limit: int = 1000) -> list[BookToFill]:
    """Books of a term with columns without any mark: of the school to its head, of what one teaches to a teacher.

    One query. Whoever is in a book but has no mark in a column that others have is seen in the book itself.
    limit  of columns; what comes after the first thousand waits until these are filled
    """
    rows = MarkColumn.objects.filter(has_marks=False, book__term=term, book__locked_at=None)
    if not actor.may(Permission.BOOK_LOCK, term):
        rows = rows.filter(book__class_subject__in=schools.taught_class_subjects(actor, on))
    school_class, subject = "book__class_subject__school_class", "book__class_subject__subject"
    found = rows.order_by(f"{school_class}__grade", f"{school_class}__name", f"{subject}__order", "book_id")
    books = groupby(found.values_list(*_EMPTY)[:limit], lambda row: row[:4])
    return [_to_fill(book, [row[4:] for row in empty]) for book, empty in books]


_EMPTY = (
    "book__public_id", "book__class_subject__school_class__name", "book__class_subject__subject__name",
    "book__class_subject__subject__hue", "kind", "position",
)  # fmt: skip

#: book, class, subject, hue, kind, position
_EmptyRow = tuple[UUID, str, str, str, str, int]


@compiled
def _empty_columns(actor: Actor, term_id: int, on: date) -> QuerySet[MarkColumn, _EmptyRow]:
    empty = MarkColumn.objects.filter(
        has_marks=False,
        book__class_subject__in=schools.taught_class_subjects(actor, on),
        book__term_id=term_id,
        book__locked_at=None,
    )
    school_class = "book__class_subject__school_class"
    return empty.order_by(f"{school_class}__grade", f"{school_class}__name", "book_id").values_list(*_EMPTY)


def _to_fill(book: tuple[UUID, str, str, str], empty: Sequence[tuple[str, int]]) -> BookToFill:
    in_order = sorted(empty, key=lambda column: (_YEAR.index(column[0]), column[1]))
    return BookToFill(*book, [labels.column(kind, position) for kind, position in in_order])


def columns_entered(term: Term) -> tuple[int, int]:
    """In how many columns of the school's books of a term marks stand, and how many there are. One query."""
    found = _entered(term.id)
    return found[0] if found else (0, 0)


@compiled
def _entered(term_id: int) -> QuerySet[MarkBook, tuple[int, int]]:
    rows = MarkBook.objects.filter(term_id=term_id).values("term_id")
    return rows.annotate(with_marks=Sum("columns_entered"), all=Sum("columns")).values_list("with_marks", "all")
