"""A workbook with marks: what it would change, before anything is changed."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from khue.foundation import clock, files
from khue.foundation.actor import Actor
from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.foundation.spreadsheets import Cell
from khue.foundation.workbooks import workbook
from khue.gradebook import guards, marks_workbook
from khue.gradebook.marks_workbook import BookColumn, Problem
from khue.gradebook.models import MarkBook, MarkImport
from khue.gradebook.queries.books import columns_of, learners_of, visible_books
from khue.gradebook.queries.grids import Grid, grid_of
from khue.gradebook.refusals import MarkNotUnderstood, NoMarkColumns
from khue.gradebook.typed_marks import NotAMark, display, parse_cell

MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Change:
    """A mark that a workbook would change."""

    line: int
    name: str
    column_id: int
    enrolment_id: int
    heading: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What a workbook would do.

    unchanged  filled cells that stand in the book already
    seen       a word for exactly these changes to exactly these marks: taking asks for it again
    """

    changes: list[Change]
    problems: list[Problem]
    unchanged: int
    seen: str


def import_of(actor: Actor, public_id: UUID) -> MarkImport:
    """A workbook the actor has brought. Raises NotFound, also when it exists but is not the actor's to see."""
    rows = MarkImport.objects.filter(brought_by_id=actor.account_id or 0, book__in=visible_books(actor))
    return one(
        rows.select_related("file", "book__class_subject__school_class", "book__class_subject__subject", "book__term"),
        public_id=public_id,
    )


def preview_of(actor: Actor, found: MarkImport) -> ImportPreview:
    """What a workbook from `import_of` would change in the book as it stands now. At most seven queries.

    refuses  whatever is no workbook (workbooks.refusals), NoMarkColumns
    """
    grid = grid_of(found.book)
    columns = [BookColumn(column.id, column.kind, column.position) for column in grid.columns]
    read = read_file(found.file, found.book, columns)
    closed = guards.not_to_enter(actor, found.book, *guards.columns_on(found.book, clock.today()))
    shown = {
        (column.id, row.enrolment_id): text
        for row in grid.rows
        for column, text in zip(columns, row.cells, strict=True)
    }
    names = {row.enrolment_id: row.full_name for row in grid.rows}
    headings = {column.id: column.heading for column in columns}
    problems, changes, unchanged = list(read.problems), [], 0
    for cell in read.written:
        before = shown[cell.column_id, cell.enrolment_id]
        after, problem = _meant(found.book, cell.text)
        if not problem and after != before:
            problem = closed.get(cell.column_id, "")
        if problem:
            said = f"{headings[cell.column_id]}: {problem}"
            problems.append(Problem(cell.line, names[cell.enrolment_id], said))
        elif after == before:
            unchanged += 1
        else:
            changes.append(
                Change(
                    cell.line, names[cell.enrolment_id], cell.column_id, cell.enrolment_id, headings[cell.column_id],
                    before, after,
                )
            )  # fmt: skip
    problems.sort(key=lambda problem: problem.line)
    return ImportPreview(changes, problems, unchanged, _word(changes))


def read_file(
    file: StoredFile, book: MarkBook, columns: Sequence[BookColumn] | None = None
) -> marks_workbook.ReadSheet:
    """The first sheet of a workbook that names pupils and columns of the book.

    refuses  whatever is no workbook (workbooks.refusals), NoMarkColumns
    """
    if columns is None:
        columns = [BookColumn(column.id, column.kind, column.position) for column in columns_of(book)]
    with files.open_file(file) as stream:
        sheets = workbook.read(stream.read(MOST_BYTES + 1)).sheets
    pupils = learners_of(book)
    for sheet in sheets:
        try:
            return marks_workbook.read(sheet.rows, columns, pupils)
        except marks_workbook.NoMarkSheet:
            continue
    raise NoMarkColumns


def _meant(book: MarkBook, text: str) -> tuple[str, str]:
    """A cell as the grid will show it, and what is wrong with it."""
    try:
        return display(parse_cell(text, book.rule_set, is_scored=book.is_scored)), ""
    except NotAMark:
        return "", str(MarkNotUnderstood(typed=text[:20]))


def _word(changes: Sequence[Change]) -> str:
    told = sorted((change.column_id, change.enrolment_id, change.before, change.after) for change in changes)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def book_sheet(grid: Grid) -> tuple[list[tuple[str, int]], Iterator[Sequence[Cell]]]:
    """A book as a sheet to fill in and bring again: columns with their widths, and a line for each pupil."""
    marks = [BookColumn(column.id, column.kind, column.position) for column in grid.columns]
    columns = [("STT", 6), ("Mã", 10), ("Họ và tên", 28), *((column.heading, 9) for column in marks), ("Kết quả", 9)]
    lines: Iterator[Sequence[Cell]] = (
        (number, row.enrolment_id, row.full_name, *row.cells, row.result)
        for number, row in enumerate(grid.rows, start=1)
    )
    return columns, lines
