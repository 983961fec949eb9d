"""Excel sheets written row by row to disk, so that a large one takes no more memory than a small one."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import TYPE_CHECKING, BinaryIO

from django.http import FileResponse

from khue.foundation import media
from khue.foundation.clock import VIETNAM

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 100_000
#: Letters that stand side by side on an upright sheet of A4; a wider table is printed across.
UPRIGHT = 110
#: Letters across a sheet of A4, and across one of A3, that can still be read: what is wider goes on beside it.
ACROSS, LARGE = 220, 300
Cell = str | int | float | date | datetime | None


class Amount(int):
    """A number people read in thousands, as money: with what stands between them on the reader's machine."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook. Columns are (title, width in letters); `named` of them say whose line it is."""

    title: str
    columns: Sequence[tuple[str, int]]
    lines: Iterable[Sequence[Cell]]
    named: int = 1


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

    What is longer than its column goes on below. Printed it is as wide as a sheet of A4, one of A3, or several side by
    side, with its heading on every page and its pages numbered.

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
        "number": book.add_format({"align": "right", "indent": 1}),  # else it touches the text on its right
        "amount": book.add_format({"align": "right", "indent": 1, "num_format": "#,##0"}),
        "long": book.add_format({"text_wrap": True, "valign": "top"}),
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
    _set_for_printing(sheet, sum(width for _title, width in table.columns), table.named)
    sheet.set_row(0, 16 * max([1, *(ceil(len(title) / width) for title, width in table.columns)]))
    for column, (title, width) in enumerate(table.columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, formats["heading"])
    widths = [width for _title, width in table.columns]
    number = 0
    for number, line in enumerate(table.lines, start=1):
        if (high := _height(line, widths)) > 1:
            sheet.set_row(number, 15 * high)  # not every program looks how high wrapped text is
        for column, cell in enumerate(line):
            if isinstance(cell, datetime):
                sheet.write_datetime(number, column, cell.astimezone(VIETNAM).replace(tzinfo=None), formats["instant"])
            elif isinstance(cell, date):
                sheet.write_datetime(number, column, cell, formats["day"])
            elif isinstance(cell, bool):
                sheet.write_boolean(number, column, cell)
            elif isinstance(cell, Amount):
                sheet.write_number(number, column, cell, formats["amount"])
            elif isinstance(cell, int | float):
                sheet.write_number(number, column, cell, formats["number"])
            elif cell:
                text = str(cell)[:32_767]
                sheet.write_string(number, column, text, formats["long"] if len(text) > widths[column] else None)
    return number


def _height(line: Sequence[Cell], widths: Sequence[int]) -> int:
    """How many lines the longest text of a row takes in its column; words do not fill it to the last letter."""
    found = ((len(cell), width) for cell, width in zip(line, widths, strict=False) if isinstance(cell, str))
    return min(20, ceil(max((length * 1.15 / width for length, width in found if length > width), default=1)))


def _set_for_printing(sheet: "Worksheet", letters: int, named: int) -> None:
    is_large = letters > ACROSS
    sheet.set_paper(8 if is_large else 9)  # A3, A4
    if letters > UPRIGHT:
        sheet.set_landscape()
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(ceil(letters / LARGE) if is_large else 1, 0)
    sheet.repeat_rows(0)
    if letters > LARGE:  # each sheet beside the first says whose lines they are
        sheet.repeat_columns(0, named - 1)
    sheet.set_footer("&C&P/&N")
