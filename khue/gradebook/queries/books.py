"""Mark-books, their columns and pupils, and what the actor may do with them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first, one
from khue.gradebook.access import Permission, books
from khue.gradebook.models import MarkBook, MarkColumn
from khue.schools import queries as schools
from khue.schools.models import SchoolYear


def visible_books(actor: Actor, on: date | None = None) -> QuerySet[MarkBook]:
    """Mark-books this actor may open as grids on that day (today when none is given), with class, subject and term.

    One query.
    """
    rows = MarkBook.objects.filter(books(actor), class_subject__in=schools.visible_class_subjects(actor, on))
    return rows.select_related("class_subject__school_class", "class_subject__subject", "term__school_year").order_by(
        "class_subject__school_class__grade", "class_subject__school_class__name", "class_subject__subject__order", "id"
    )


def book_of(actor: Actor, public_id: UUID) -> MarkBook:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return first(_books(actor, clock.today(), public_id))


@compiled
def _books(actor: Actor, on: date, public_id: UUID) -> QuerySet[MarkBook]:
    return visible_books(actor, on).filter(public_id=public_id).order_by()


def column_of(actor: Actor, public_id: UUID) -> MarkColumn:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(MarkColumn.objects.filter(book__in=visible_books(actor)).select_related("book"), public_id=public_id)


def learners_of(book: MarkBook) -> dict[int, str]:
    """The names by enrolment id, in order, of who is in a book today, or was on the last day of its term. One query."""
    day = min(max(clock.today(), book.term.starts_on), book.term.ends_on)
    return schools.learner_names(book.class_subject, day)


def columns_of(book: MarkBook) -> list[MarkColumn]:
    """Columns in the order a mark-book prints them: regular, mid-term, end-term. One query."""
    order = {kind: place for place, kind in enumerate(MarkColumn.Kind.values)}
    return sorted(_columns(book.id), key=lambda column: (order[column.kind], column.position))


@compiled
def _columns(book_id: int) -> QuerySet[MarkColumn]:
    return MarkColumn.objects.filter(book_id=book_id)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do with one book now; a template shows no button that would be refused."""

    write: bool
    lock: bool
    ask_correction: bool


def rights_on(actor: Actor, book: MarkBook) -> Rights:
    """What the actor may do with a book from `book_of`. At most one query."""
    teaches = actor.may(Permission.MARK_WRITE, book) and schools.teaches(actor, book.class_subject)
    return Rights(
        write=teaches and not book.is_locked,
        lock=actor.may(Permission.BOOK_LOCK, book) and not book.is_locked,
        ask_correction=teaches and book.is_locked,
    )


def column_for_test(assignment_id: int) -> MarkColumn | None:
    """The column into which the results of an online test flow. One query."""
    return MarkColumn.objects.filter(assignment_id=assignment_id).first()


def free_column(book: MarkBook, kind: str) -> MarkColumn | None:
    """The first column of a kind that holds no mark and waits for no test. One query."""
    free = MarkColumn.objects.filter(book=book, kind=kind, assignment_id=None, has_marks=False)
    return free.order_by("position").first()


def school_year_of_book(book_id: int) -> SchoolYear | None:
    """The year a book belongs to; None for a book that does not exist. One query."""
    book = MarkBook.objects.filter(id=book_id).select_related("term__school_year").first()
    return book.term.school_year if book else None


def strands_of(book: MarkBook) -> list[str]:
    """The strands of an integrated subject that are taught in the book's class. One query."""
    return sorted({share.strand for share in schools.shares_of_one(book.class_subject, clock.today()) if share.strand})
