"""Reading and writing many marks in few statements. Private: rules and rights are checked by the actions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from khue.gradebook.means import term_mean, term_passed
from khue.gradebook.models import Mark, MarkBook, MarkColumn
from khue.gradebook.rule_sets import MarkKind, rule_set
from khue.gradebook.typed_marks import TypedMark

Cell = tuple[int, int]  # column id, enrolment id

_UPSERT = """
INSERT INTO gradebook_mark (school_year, organisation_id, column_id, enrolment_id, tenths, passed, is_exempt,
                            recorded_at, recorded_by_id)
SELECT %(year)s, %(organisation)s, c, e, t, p, x, %(at)s, %(by)s
FROM unnest(%(columns)s::bigint[], %(enrolments)s::bigint[], %(tenths)s::smallint[], %(passed)s::boolean[],
            %(exempt)s::boolean[]) AS new (c, e, t, p, x)
ON CONFLICT (school_year, column_id, enrolment_id) DO UPDATE
SET tenths = excluded.tenths, passed = excluded.passed, is_exempt = excluded.is_exempt,
    recorded_at = excluded.recorded_at, recorded_by_id = excluded.recorded_by_id
"""
_DELETE = """
DELETE FROM gradebook_mark USING unnest(%(columns)s::bigint[], %(enrolments)s::bigint[]) AS gone (c, e)
WHERE school_year = %(year)s AND column_id = c AND enrolment_id = e
"""
_ENTERED = """
WITH turned AS (
    UPDATE gradebook_markcolumn c SET has_marks = NOT has_marks
    WHERE c.id = ANY(%(columns)s)
      AND c.has_marks <> EXISTS (SELECT FROM gradebook_mark m WHERE m.school_year = %(year)s AND m.column_id = c.id)
    RETURNING has_marks
)
UPDATE gradebook_markbook SET columns_entered = columns_entered + more
FROM (SELECT sum(CASE WHEN has_marks THEN 1 ELSE -1 END) AS more FROM turned) AS counted
WHERE id = %(book)s AND more <> 0
"""
_RESULTS = """
INSERT INTO gradebook_termresult (organisation_id, book_id, enrolment_id, mean_tenths, passed)
SELECT %(organisation)s, %(book)s, e, m, p
FROM unnest(%(enrolments)s::bigint[], %(means)s::smallint[], %(passed)s::boolean[]) AS new (e, m, p)
ON CONFLICT (book_id, enrolment_id) DO UPDATE SET mean_tenths = excluded.mean_tenths, passed = excluded.passed
"""
_CLOSE = """
UPDATE gradebook_termresult r SET passed = false FROM gradebook_markbook b
WHERE b.id = ANY(%(books)s) AND NOT b.is_scored AND r.book_id = b.id AND r.passed IS NULL
  AND EXISTS (SELECT FROM gradebook_mark m JOIN gradebook_markcolumn c ON c.id = m.column_id
              WHERE c.book_id = b.id AND m.school_year = b.school_year
                AND m.enrolment_id = r.enrolment_id AND m.passed IS NOT NULL)
RETURNING r.enrolment_id
"""


def marks_in(book: MarkBook, column_ids: Iterable[int], enrolment_ids: Iterable[int] | None = None) -> dict[Cell, Mark]:
    """The marks of these columns, of these pupils or of all. One query."""
    marks = Mark.objects.filter(school_year=book.school_year, column_id__in=list(column_ids))
    if enrolment_ids is not None:
        marks = marks.filter(enrolment_id__in=list(enrolment_ids))
    return {(mark.column_id, mark.enrolment_id): mark for mark in marks}


def meaning(mark: Mark | None) -> TypedMark:
    """A stored mark as what was typed; empty for none."""
    if mark is None:
        return TypedMark()
    return TypedMark(tenths=mark.tenths, passed=mark.passed, is_exempt=mark.is_exempt)


def write(
    book: MarkBook, columns: Sequence[MarkColumn], marks: dict[Cell, TypedMark], at: datetime, by: int | None
) -> None:
    """Store these marks, remove emptied ones, and settle in which columns marks stand. At most three statements.

    book     held by the caller's transaction: of two who write at once neither sees what the other leaves in a column
    columns  as read since the book is held
    """
    kept = [(cell, mark) for cell, mark in marks.items() if not mark.is_empty]
    gone = [cell for cell, mark in marks.items() if mark.is_empty]
    entered = {column.id for column in columns if column.has_marks}
    turned = {column for (column, _), _ in kept} - entered | {column for column, _ in gone}
    with connection.cursor() as cursor:
        if kept:
            cursor.execute(_UPSERT, _upsert_values(book, kept, at, by))
        if gone:
            emptied, enrolments = map(list, zip(*gone, strict=True))
            cursor.execute(_DELETE, {"year": book.school_year, "columns": emptied, "enrolments": enrolments})
        if turned:
            cursor.execute(_ENTERED, {"year": book.school_year, "book": book.id, "columns": sorted(turned)})


def _upsert_values(
    book: MarkBook, kept: Sequence[tuple[Cell, TypedMark]], at: datetime, by: int | None
) -> dict[str, Any]:
    return {
        "year": book.school_year,
        "organisation": book.organisation_id,
        "at": at,
        "by": by,
        "columns": [cell[0] for cell, _ in kept],
        "enrolments": [cell[1] for cell, _ in kept],
        "tenths": [mark.tenths for _, mark in kept],
        "passed": [mark.passed for _, mark in kept],
        "exempt": [mark.is_exempt for _, mark in kept],
    }


def settle(book: MarkBook, columns: Sequence[MarkColumn], enrolment_ids: Iterable[int]) -> dict[int, int | bool | None]:
    """Work out and store the term results of these pupils from the marks as they now stand. Two statements.

    returns  by enrolment id: the mean in tenths, or passed in a commented subject; None while nothing counts
    """
    pupils = sorted(set(enrolment_ids))
    marks = marks_in(book, [column.id for column in columns], pupils)
    results = {pupil: result_of(book, columns, pupil, marks) for pupil in pupils}
    with connection.cursor() as cursor:
        cursor.execute(
            _RESULTS,
            {
                "organisation": book.organisation_id,
                "book": book.id,
                "enrolments": pupils,
                "means": [results[p] if book.is_scored else None for p in pupils],
                "passed": [None if book.is_scored else results[p] for p in pupils],
            },
        )
    return results


def result_of(
    book: MarkBook, columns: Sequence[MarkColumn], enrolment_id: int, marks: dict[Cell, Mark]
) -> int | bool | None:
    """One pupil's term result from marks already read."""
    found = [(column, marks[column.id, enrolment_id]) for column in columns if (column.id, enrolment_id) in marks]
    if book.is_scored:
        scored = [(MarkKind(column.kind), mark.tenths) for column, mark in found if mark.tenths is not None]
        return term_mean(scored, rule_set(book.rule_set))
    exempt = sum(mark.is_exempt for _, mark in found)
    given = (mark.passed for _, mark in found if mark.passed is not None)
    return term_passed(given, len(columns) - exempt, is_over=book.is_locked)


def close(book_ids: Sequence[int]) -> list[int]:
    """Settle what was open in commented subjects when books are locked: what is missing now counts as Chưa đạt.

    returns  enrolment ids of those whose result this changed. One statement
    source   TT 22/2021/TT-BGDĐT, Điều 9
    """
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"books": list(book_ids)})
        return sorted({enrolment for (enrolment,) in cursor.fetchall()})
