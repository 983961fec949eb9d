"""The file a school gets back: its own sheet with one more column that says what became of each row."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any, BinaryIO, cast

from django.utils.translation import gettext as _

from khue.foundation.workbooks.workbook import Cell, Table
from khue.schools.roster.plan import Outcome, RowPlan
from khue.schools.roster.staff_plan import TeacherPlan

WIDEST = 256


def outcome_labels() -> dict[Outcome, str]:
    """What the column says of a row without anything wrong."""
    return {
        Outcome.NEW: _("Đã thêm mới"),
        Outcome.CHANGED: _("Đã cập nhật"),
        Outcome.UNCHANGED: _("Không có gì thay đổi"),
        Outcome.WRONG: _("Chưa nhập"),
    }


def report_of(table: Table, rows: Sequence[RowPlan | TeacherPlan], *, sheet_name: str, heading_row: int) -> BinaryIO:
    """Write the table again with the column "Kết quả nhập" after its last one. Returns a file at its beginning.

    heading_row  index of the lowest heading row, from 0
    """
    import xlsxwriter  # here, because it takes 10 MB that most processes never need

    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  the caller closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(sheet_name[:31] or None)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    bold = book.add_format({"bold": True})
    wrong = book.add_format({"font_color": "#8E1B12", "text_wrap": True})
    by_line = {done.row.line: done for done in rows}
    width = min(max((_used(cells) for cells in table), default=0), WIDEST)
    sheet.set_column(width, width, 60)
    for index, cells in enumerate(table):
        for column, cell in enumerate(cells[:width]):
            _write(sheet, index, column, cell, day)
        if index == heading_row:
            sheet.write_string(index, width, _("Kết quả nhập"), bold)
        elif done := by_line.get(index + 1):
            sheet.write_string(index, width, _told(done, outcome_labels()), wrong if done.row.issues else None)
    book.close()
    file.seek(0)
    return file


def _told(done: RowPlan | TeacherPlan, labels: Mapping[Outcome, str]) -> str:
    sentences = [found.sentence for found in done.row.issues]
    return f"{labels[done.outcome]}: {' '.join(sentences)}" if sentences else labels[done.outcome]


def _used(cells: list[Cell]) -> int:
    return next((index + 1 for index in range(len(cells) - 1, -1, -1) if cells[index] != ""), 0)


def _write(sheet: Any, row: int, column: int, cell: Cell, day: Any) -> None:
    """Text stays text, so that "=1+1" is no formula and a number keeps its leading zeros."""
    if cell == "":
        return
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, time | timedelta):
        sheet.write_string(row, column, str(cell))
    else:
        sheet.write_number(row, column, cell)
