"""The shelf of mark-books, and what is still empty on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db.models import Count, Exists, OuterRef

from khue.foundation.actor import Actor
from khue.gradebook.access import Permission
from khue.gradebook.models import Mark, MarkBook, MarkColumn
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Term

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
    subjects = list(schools.visible_class_subjects(actor)[:400])
    found = MarkBook.objects.filter(class_subject__in=subjects, term__starts_on__lte=on, term__ends_on__gte=on)
    opened = {book.class_subject_id: book for book in found}
    counts = _filled([book.id for book in opened.values()])
    return [_shelf_row(subject, opened.get(subject.id), counts) for subject in subjects]


def _shelf_row(subject: ClassSubject, book: MarkBook | None, counts: dict[int, tuple[int, int]]) -> ShelfRow:
    entered, columns = counts.get(book.id, (0, 0)) if book else (0, 0)
    return ShelfRow(
        subject.public_id,
        subject.school_class.name,
        subject.subject.name,
        subject.subject.hue,
        book.public_id if book else None,
        book.is_locked if book else False,
        entered,
        columns,
    )


def _filled(book_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """By book: how many columns hold marks, of how many. One query."""
    has_mark = Exists(Mark.objects.filter(column_id=OuterRef("id"), school_year=OuterRef("book__school_year")))
    rows = MarkColumn.objects.filter(book_id__in=book_ids).values_list("book_id")
    counts = rows.annotate(entered=Count("id", filter=has_mark), columns=Count("id")).order_by()
    return {book: (entered, columns) for book, entered, columns in counts}


def books_to_fill(actor: Actor, term: Term, on: date) -> list[BookToFill]:
    """The open books of what the actor teaches that still have a column without any mark, by class. Two queries."""
    taught = [class_subject.id for class_subject in schools.classes_taught_by(actor, on)]
    columns = MarkColumn.objects.filter(book__class_subject__in=taught, book__term=term, book__locked_at=None)
    filled = Mark.objects.filter(school_year=int(term.school_year.code[:4])).values("column_id")
    rows = columns.exclude(id__in=filled).select_related(
        "book__class_subject__school_class", "book__class_subject__subject"
    )
    of_class = "book__class_subject__school_class"
    in_order = rows.order_by(f"{of_class}__grade", f"{of_class}__name", "book_id")
    return [_to_fill(book, list(empty)) for book, empty in groupby(in_order, lambda column: column.book)]


def _to_fill(book: MarkBook, empty: Sequence[MarkColumn]) -> BookToFill:
    subject = book.class_subject.subject
    names = [column.name for column in sorted(empty, key=lambda column: (_YEAR.index(column.kind), column.position))]
    return BookToFill(book.public_id, book.class_subject.school_class.name, subject.name, subject.hue, names)


def books_entered(organisation_ids: Sequence[int], term: Term) -> dict[int, tuple[int, int]]:
    """By school: how many columns hold marks, of how many. For a head's and an officer's page. Two queries."""
    columns = MarkColumn.objects.filter(book__term=term, organisation_id__in=organisation_ids)
    total = dict(columns.values_list("organisation_id").annotate(Count("id")))
    filled = Mark.objects.filter(school_year=int(term.school_year.code[:4]), column__in=columns).values("column_id")
    entered = dict(columns.filter(id__in=filled).values_list("organisation_id").annotate(Count("id")))
    return {school: (entered.get(school, 0), count) for school, count in total.items()}
