"""The file somebody gets back: their own table with one more column that says what became of each row."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, BinaryIO, cast

from khue.foundation.workbooks.workbook import Cell, Table

WIDEST = 256


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a row. is_wrong: the row needs somebody."""

    text: str
    is_wrong: bool


def marked(table: Table, remarks: Mapping[int, Remark], *, title: str, sheet_name: str, heading_row: int) -> BinaryIO:
    """Write the table again with a column after its last one. Returns a file at its beginning.

    remarks      by line, from 1 as Excel counts
    title        of the column
    heading_row  index of the lowest heading row, from 0
    """
    import xlsxwriter  # here, because it takes 10 MB that most processes never need

    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  the caller closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(sheet_name[:31] or None)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    bold = book.add_format({"bold": True})
    wrong = book.add_format({"font_color": "#8E1B12", "text_wrap": True})
    width = min(max((_used(cells) for cells in table), default=0), WIDEST)
    sheet.set_column(width, width, 60)
    for index, cells in enumerate(table):
        for column, cell in enumerate(cells[:width]):
            _write(sheet, index, column, cell, day)
        if index == heading_row:
            sheet.write_string(index, width, title, bold)
        elif remark := remarks.get(index + 1):
            sheet.write_string(index, width, remark.text, wrong if remark.is_wrong else None)
    book.close()
    file.seek(0)
    return file


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
