"""A mark-book as the keyboard grid shows it: plain texts, few queries, no model per mark."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.foundation.errors import NotFound
from khue.gradebook.models import Mark, MarkBook, MarkColumn, TermResult
from khue.gradebook.queries.books import columns_of, learners_of
from khue.gradebook.typed_marks import TypedMark, display, display_result


@dataclass(frozen=True, slots=True)
class GridColumn:
    """A column of the grid. `label` is short for the heading; kind and position say which mark it is."""

    id: int
    public_id: UUID
    kind: str
    position: int
    title: str
    has_test: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One pupil: the marks as typed, in the order of the columns, and the term result as shown."""

    enrolment_id: int
    full_name: str
    cells: list[str]
    result: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A mark-book as the keyboard grid shows it."""

    columns: list[GridColumn]
    rows: list[GridRow]


def grid_of(book: MarkBook) -> Grid:
    """All marks of a book from `book_of`. Four queries, however many pupils."""
    columns = columns_of(book)
    ids = [column.id for column in columns]
    shown = _shown(book)
    results = {row[0]: display_result(row[1] if row[2] is None else row[2]) for row in _results(book.id)}
    rows = [
        GridRow(pupil, name, [shown.get((column, pupil), "") for column in ids], results.get(pupil, ""))
        for pupil, name in learners_of(book).items()
    ]
    return Grid([_grid_column(column) for column in columns], rows)


def _grid_column(column: MarkColumn) -> GridColumn:
    return GridColumn(
        column.id, column.public_id, column.kind, column.position, column.title, column.assignment_id is not None
    )


class _Words(dict[tuple[int | None, bool | None, bool], str]):
    """What each kind of mark looks like, worked out once: a book of thousands of marks has few dozens of them."""

    def __missing__(self, mark: tuple[int | None, bool | None, bool]) -> str:
        self[mark] = word = display(TypedMark(*mark))
        return word


def _shown(book: MarkBook) -> dict[tuple[int, int], str]:
    """Marks as typed by (column, enrolment), without building a model for each of thousands."""
    words = _Words()
    return {row[:2]: words[row[2:]] for row in _marks(book.school_year, book.id)}


@compiled
def _marks(school_year: int, book_id: int) -> QuerySet[Mark, tuple[int, int, int | None, bool | None, bool]]:
    rows = Mark.objects.filter(school_year=school_year, column__book_id=book_id)
    return rows.values_list("column_id", "enrolment_id", "tenths", "passed", "is_exempt")


@compiled
def _results(book_id: int) -> QuerySet[TermResult, tuple[int, int | None, bool | None]]:
    return TermResult.objects.filter(book_id=book_id).values_list("enrolment_id", "mean_tenths", "passed")


def row_of(book: MarkBook, enrolment_id: int) -> GridRow:
    """One pupil's row of a book from `book_of`. Raises NotFound for a pupil of another class."""
    for row in grid_of(book).rows:
        if row.enrolment_id == enrolment_id:
            return row
    raise NotFound
