"""The shelf of mark-books, and what is still empty on it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from typing import cast
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.gradebook import labels
from khue.gradebook.access import Permission
from khue.gradebook.models import MarkBook, MarkColumn
from khue.gradebook.rule_sets import rule_set_for
from khue.schools import queries as schools
from khue.schools.queries import TaughtSubject

#: The kinds of columns in the order in which a term brings them.
_YEAR = MarkColumn.Kind.values


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """One class-subject on the shelf: its book of this term if it is open, and how far it is filled.

    entered, columns  columns that hold at least one mark, of all
    has_marks         whether a circular keeps marks of this grade; primary classes have levels instead
    """

    class_subject: UUID
    class_name: str
    subject: str
    hue: str
    book: UUID | None
    is_locked: bool
    entered: int
    columns: int
    has_marks: bool = True


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
    return _shelved(subjects, on)


def own_shelf(actor: Actor, on: date) -> list[ShelfRow]:
    """What the actor teaches, with this term's books. Two queries, one where nothing is taught."""
    return _shelved(schools.shelf_of_teacher(actor, on), on)


def _shelved(subjects: Sequence[TaughtSubject], on: date) -> list[ShelfRow]:
    opened = {book[0]: book for book in books_in_force([subject.id for subject in subjects], on)} if subjects else {}
    return [_shelf_row(subject, opened.get(subject.id), on) for subject in subjects]


def books_in_force(class_subject_ids: Sequence[int], on: date) -> "list[BookRow]":
    """The books of these class-subjects in the term of that day: class-subject, address, locked at, columns with marks,
    columns. One query."""
    return list(_books_of(class_subject_ids, on))


#: class-subject, public id, locked at, columns with marks, columns
BookRow = tuple[int, UUID, datetime | None, int, int]


def _shelf_row(subject: TaughtSubject, book: BookRow | None, on: date) -> ShelfRow:
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
        rule_set_for(subject.grade, on) is not None,
    )


@compiled
def _books_of(class_subject_ids: Sequence[int], on: date) -> QuerySet[MarkBook, BookRow]:
    rows = MarkBook.objects.filter(
        class_subject_id__in=class_subject_ids, term__starts_on__lte=on, term__ends_on__gte=on
    )
    return rows.values_list("class_subject_id", "public_id", "locked_at", "columns_entered", "columns")


def books_to_fill(actor: Actor, on: date, limit: int) -> list[BookToFill]:
    """The first open books of the term that still have a column without any mark, of what the actor teaches, by class.

    One query, at however many schools.
    """
    books = groupby(_empty_columns(actor, on), lambda row: row[:4])
    return [_to_fill(book, [row[4:] for row in empty]) for book, empty in islice(books, limit)]


def unfilled_books(actor: Actor, term_ids: Sequence[int], on: date) -> QuerySet[MarkBook]:
    """Open books of these terms with a column without any mark: a school's to its head, what one teaches to a teacher.

    Page before use. Whoever is in a book but has no mark in a column that others have is seen in the book itself.
    """
    taught = Q(class_subject__in=schools.taught_class_subjects(actor, on))
    overseen = Q(organisation_id__in=sorted(actor.organisations(Permission.BOOK_LOCK) or ()))
    rows = MarkBook.objects.filter(taught | overseen, term_id__in=term_ids, locked_at=None)
    rows = rows.filter(columns_entered__lt=F("columns"))
    rows = rows.annotate(name_length=Length("class_subject__school_class__name"))  # 6A2 before 6A10
    return rows.select_related("class_subject__school_class", "class_subject__subject")


def empty_columns(books: Sequence[MarkBook]) -> dict[int, list[str]]:
    """The columns of these books that hold no mark, in the order in which a term brings them, by book. One query."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for book_id, *column in _empty_of([book.id for book in books]):
        found[book_id].append(cast("tuple[str, int]", tuple(column)))
    return {book_id: _in_order(columns) for book_id, columns in found.items()}


@compiled
def _empty_of(book_ids: Sequence[int]) -> QuerySet[MarkColumn, tuple[int, str, int]]:
    rows = MarkColumn.objects.filter(book_id__in=book_ids, has_marks=False)
    return rows.values_list("book_id", "kind", "position")


_EMPTY = (
    "book__public_id", "book__class_subject__school_class__name", "book__class_subject__subject__name",
    "book__class_subject__subject__hue", "kind", "position",
)  # fmt: skip

#: book, class, subject, hue, kind, position
_EmptyRow = tuple[UUID, str, str, str, str, int]


@compiled
def _empty_columns(actor: Actor, on: date) -> QuerySet[MarkColumn, _EmptyRow]:
    empty = MarkColumn.objects.filter(
        has_marks=False,
        book__class_subject__in=schools.taught_class_subjects(actor, on),
        book__term_id=schools.term_that_began(OuterRef("book__organisation_id"), on),
        book__locked_at=None,
    )
    school_class = "book__class_subject__school_class"
    return empty.order_by(f"{school_class}__grade", f"{school_class}__name", "book_id").values_list(*_EMPTY)


def _to_fill(book: tuple[UUID, str, str, str], empty: Sequence[tuple[str, int]]) -> BookToFill:
    return BookToFill(*book, _in_order(empty))


def _in_order(columns: Sequence[tuple[str, int]]) -> list[str]:
    return [labels.column(*each) for each in sorted(columns, key=lambda each: (_YEAR.index(each[0]), each[1]))]
