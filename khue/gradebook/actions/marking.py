"""Entering marks: what a teacher typed, or a test found, becomes marks and results."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import NotFound
from khue.gradebook import guards, mark_table, queries
from khue.gradebook.access import Permission, refuse_unless_teaching
from khue.gradebook.events import MarksRecorded
from khue.gradebook.mark_table import Cell
from khue.gradebook.models import MarkBook, MarkColumn
from khue.gradebook.refusals import (
    MarkNotUnderstood,
)
from khue.gradebook.typed_marks import NotAMark, TypedMark, display, parse_cell


@dataclass(frozen=True)
class TypedCell:
    """One cell as a teacher typed it; an empty text empties the cell.

    base  what the teacher saw in it before; None to write over whatever stands there
    """

    column_id: int
    enrolment_id: int
    typed: str
    base: str | None = None


@dataclass(frozen=True)
class RecordedMarks:
    """What became of typed cells.

    shown      (column id, enrolment id) -> the mark as it is now shown
    refused    the same for cells that hold no mark, with the reason; they keep their old mark
    results    enrolment id -> mean in tenths, or passed, or None
    conflicts  cells that somebody else has changed since the teacher saw them, with what stands there now
    """

    shown: dict[Cell, str]
    refused: dict[Cell, str]
    results: dict[int, int | bool | None]
    conflicts: dict[Cell, str] = field(default_factory=dict)


@transaction.atomic
def record_marks(*, actor: Actor, book: MarkBook, cells: Sequence[TypedCell], at: datetime) -> RecordedMarks:
    """Enter, correct or empty any number of cells of an open book. A cell that holds no mark is refused by itself.

    A cell outside the window of its column, or of another teacher's strand, is refused by itself too; one that somebody
    else has changed meanwhile keeps what stands there.

    refuses  BookIsLocked; Forbidden to a teacher of another subject; NotFound for a cell outside the book
    source   TT 22/2021/TT-BGDĐT, Điều 5 (scale 10, one decimal), Điều 9
    cost     nine statements, however many cells; one more where a column gets its first mark or a cell is emptied
    """
    require(actor, Permission.MARK_WRITE, within=book)
    refuse_unless_teaching(actor, book.class_subject)
    guards.refuse_if_locked(book)
    columns, closed = guards.columns_on(book, at.astimezone(clock.VIETNAM).date())
    refuse_outside(book, columns, cells)
    touched = {cell.column_id for cell in cells}
    kept = guards.not_to_enter(actor, book, [column for column in columns if column.id in touched], closed)
    marks, refused = _understand(book, [cell for cell in cells if cell.column_id not in kept])
    refused |= {(cell.column_id, cell.enrolment_id): kept[cell.column_id] for cell in cells if cell.column_id in kept}
    bases = {(cell.column_id, cell.enrolment_id): cell.base for cell in cells if cell.base is not None}
    results, conflicts = write(actor, book, columns, marks, at, bases)
    shown = {cell: display(mark) for cell, mark in marks.items() if cell not in conflicts}
    return RecordedMarks(shown, refused, results, conflicts)


@transaction.atomic
def record_test_results(*, actor: Actor, column: MarkColumn, tenths: dict[int, int], at: datetime) -> None:
    """Let the results of an online test flow into its column. A locked book stays as it is.

    tenths  enrolment id -> mark in tenths
    """
    require(actor, Permission.MARK_WRITE, within=column)
    book = guards.held(column.book_id)
    if book.is_locked:
        return
    marks = {(column.id, enrolment): TypedMark(tenths=value) for enrolment, value in tenths.items()}
    write(actor, book, guards.columns_of(book), marks, at)


def write(
    actor: Actor,
    book: MarkBook,
    columns: Sequence[MarkColumn],
    marks: dict[Cell, TypedMark],
    at: datetime,
    bases: Mapping[Cell, str] = MappingProxyType({}),
) -> tuple[dict[int, int | bool | None], dict[Cell, str]]:
    """Store what is new, settle the term results, audit old and new values, publish. The results and the conflicts."""
    pupils = {enrolment for _, enrolment in marks}
    before = mark_table.marks_in(book, {column for column, _ in marks}, pupils)
    changed = {cell: mark for cell, mark in marks.items() if mark_table.meaning(before.get(cell)) != mark}
    found = {cell: display(mark_table.meaning(before.get(cell))) for cell in changed if cell in bases}
    conflicts = {cell: shown for cell, shown in found.items() if shown != bases[cell]}
    changed = {cell: mark for cell, mark in changed.items() if cell not in conflicts}
    if changed:
        mark_table.write(book, columns, changed, at, actor.account_id)
    results = mark_table.settle(book, columns, pupils) if pupils else {}
    if changed:
        changes = [
            [column, pupil, display(mark_table.meaning(before.get((column, pupil)))), display(mark)]
            for (column, pupil), mark in changed.items()
        ]
        audit.record(actor, "marks.recorded", book, cells=changes)
        told = [[column, pupil] for (column, pupil), mark in changed.items() if not mark.is_empty]
        touched = sorted({pupil for _, pupil in changed})
        events.publish(MarksRecorded(organisation_id=book.organisation_id, book_id=book.id, cells=told, pupils=touched))
    return results, conflicts


def _understand(book: MarkBook, cells: Iterable[TypedCell]) -> tuple[dict[Cell, TypedMark], dict[Cell, str]]:
    marks: dict[Cell, TypedMark] = {}
    refused: dict[Cell, str] = {}
    for cell in cells:
        try:
            marks[cell.column_id, cell.enrolment_id] = parsed(book, cell.typed)
        except MarkNotUnderstood as refusal:
            refused[cell.column_id, cell.enrolment_id] = str(refusal)
    return marks, refused


def parsed(book: MarkBook, typed: str) -> TypedMark:
    """What was typed, by the rules of this book. Raises MarkNotUnderstood."""
    try:
        return parse_cell(typed, book.rule_set, is_scored=book.is_scored)
    except NotAMark:
        raise MarkNotUnderstood(typed=typed[:20]) from None


def refuse_outside(book: MarkBook, columns: Sequence[MarkColumn], cells: Iterable[TypedCell]) -> None:
    """NotFound where a cell is of another book's column, or of a pupil who does not learn there. One query."""
    known = {column.id for column in columns}
    pupils = queries.learners_of(book)
    if any(cell.column_id not in known or cell.enrolment_id not in pupils for cell in cells):
        raise NotFound
