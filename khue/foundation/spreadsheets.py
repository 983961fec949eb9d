"""Excel sheets written row by row to disk, so that a large one takes no more memory than a small one."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

from django.http import FileResponse

from khue.foundation import media
from khue.foundation.clock import VIETNAM

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 100_000
Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook. Columns are (title, width in letters)."""

    title: str
    columns: Sequence[tuple[str, int]]
    lines: Iterable[Sequence[Cell]]


def download(name: str, columns: Sequence[tuple[str, int]], lines: Iterable[Sequence[Cell]]) -> FileResponse:
    """The answer that saves a sheet as "name.xlsx". Columns are (title, width in letters)."""
    return download_tables(name, [Table("", columns, lines)])


def download_tables(name: str, tables: Sequence[Table]) -> FileResponse:
    """The answer that saves several sheets as "name.xlsx"."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    write_tables(file, tables)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=media.XLSX)


def write(file: BinaryIO, columns: Sequence[tuple[str, int]], lines: Iterable[Sequence[Cell]]) -> int:
    """Write a sheet with a bold, frozen heading. Returns how many lines it has.

    Text stays text: "=1+1" typed by a pupil is no formula, and a code keeps its leading zeros. Days are Excel days
    shown dd/mm/yyyy, instants are shown on the wall clock of Vietnam.
    """
    return write_tables(file, [Table("", columns, lines)])


def write_tables(file: BinaryIO, tables: Sequence[Table]) -> int:
    """Write a workbook, each table on a sheet of its own, as `write` does. Returns how many lines the last one has.

    titles   of at most 31 letters, without []:*?/\\; "" is called Sheet1
    """
    import xlsxwriter  # here, because it takes 10 MB that most processes never need

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    formats = {
        "heading": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        "instant": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    }
    number = 0
    for table in tables:
        number = _fill(book.add_worksheet(table.title or None), table, formats)
    book.close()
    return number


def _fill(sheet: "Worksheet", table: Table, formats: Mapping[str, "Format"]) -> int:
    sheet.freeze_panes(1, 0)
    for column, (title, width) in enumerate(table.columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, formats["heading"])
    number = 0
    for number, line in enumerate(table.lines, start=1):
        for column, cell in enumerate(line):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell.astimezone(VIETNAM).replace(tzinfo=None), formats["instant"])
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, cell, formats["day"])
            elif isinstance(cell, bool):
                sheet.write_boolean(number, column, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, str(cell)[:32_767])
    return number
