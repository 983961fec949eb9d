"""Excel sheets written row by row to disk, so that a large one takes no more memory than a small one."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import BinaryIO

from django.http import FileResponse

from khue.foundation import media
from khue.foundation.clock import VIETNAM

MOST_ROWS = 100_000
Cell = str | int | float | date | datetime | None


def download(name: str, columns: Sequence[tuple[str, int]], lines: Iterable[Sequence[Cell]]) -> FileResponse:
    """The answer that saves a sheet as "name.xlsx". Columns are (title, width in letters)."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    write(file, columns, lines)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=media.XLSX)


def write(file: BinaryIO, columns: Sequence[tuple[str, int]], lines: Iterable[Sequence[Cell]]) -> int:
    """Write a sheet with a bold, frozen heading. Returns how many lines it has.

    Text stays text: "=1+1" typed by a pupil is no formula, and a code keeps its leading zeros. Days are Excel days
    shown dd/mm/yyyy, instants are shown on the wall clock of Vietnam.
    """
    import xlsxwriter  # here, because it takes 10 MB that most processes never need

    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet.freeze_panes(1, 0)
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, heading)
    number = 0
    for number, line in enumerate(lines, start=1):
        for column, cell in enumerate(line):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell.astimezone(VIETNAM).replace(tzinfo=None), instant)
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            elif isinstance(cell, bool):
                sheet.write_boolean(number, column, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(number, column, cell)
            elif cell:
                sheet.write_string(number, column, str(cell)[:32_767])
    book.close()
    return number
