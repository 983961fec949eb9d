"""The workbook as plain tables: cells, merged areas filled, formulas known."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from khue.foundation.workbooks.container import LARGEST_INFLATED, opened_workbook
from khue.foundation.workbooks.refusals import DamagedFile, NoSheet, TooManyCells

Cell = str | int | float | bool | date | datetime | time | timedelta
Table = list[list[Cell]]

MOST_CELLS = 5_000_000  # 100,000 formatted but empty rows of 40 columns are still read
LONG_TEXT = 200  # bytes; a text above it is counted each time it is used, because a parser copies it each time

_ADDRESS = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]{0,8})(\d{1,12})["']""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
#: How nearly every program begins a cell, and an address beyond Z9999 after it.
_PLAIN_CELL = b'<c r="'
_FAR_CELL = re.compile(rb'<c r="(?![A-Za-z]\d{1,4}")')
_OTHER_CELLS = (b"<c>", b"<c/", b"<c\t", b"<c\n", b"<c\r", b":c ", b":c>", b":c/", b":c\t", b":c\n", b":c\r")
_FORMULAS = (b"<f>", b"<f ", b"<f/")
_SHARED = re.compile(rb"<(?:\w+:)?si[\s>].*?</(?:\w+:)?si>", re.DOTALL)
_SHARED_USE = re.compile(rb"<(?:\w+:)?v>(\d{1,9})</")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as a table that starts at A1. Blank cells are empty strings.

    merged    cells that carry the value of a merged area they lie in, as (row, column) from 0
    """

    name: str
    rows: Table
    merged: frozenset[tuple[int, int]] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets that hold anything, in the workbook's order.

    formulas  how many cells are formulas; their last computed values are what is read
    broken    how many cells are formulas that failed (#REF!); they are read as blank
    """

    sheets: list[Sheet]
    formulas: int
    broken: int


def read(data: bytes) -> Workbook:
    """The sheets of an .xlsx file.

    refuses  whatever is no readable workbook, or is too big for one (see workbooks.refusals)
    """
    container = opened_workbook(data)
    xml = [content for name, content in container.members.items() if _SHEET.match(name)]
    _refuse_too_many_cells(xml)
    _refuse_copied_texts(container.members.get("xl/sharedStrings.xml", b""), xml)
    formulas = sum(sheet.count(opening) for sheet in xml for opening in _FORMULAS)
    broken = sum(sheet.count(b' t="e"') for sheet in xml)
    try:
        book = CalamineWorkbook.from_filelike(container.packed())
        sheets = [sheet for sheet in _sheets(book) if sheet.rows]
    except BaseException as error:
        # A parser written in Rust panics on some broken files; its panic is a BaseException.
        if isinstance(error, CalamineError | ValueError | OverflowError) or type(error).__name__ == "PanicException":
            raise DamagedFile from error
        raise
    if not sheets:
        raise NoSheet
    return Workbook(sheets, formulas, broken)


def _sheets(book: CalamineWorkbook) -> Iterator[Sheet]:
    for number, about in enumerate(book.sheets_metadata):
        if about.typ == SheetTypeEnum.WorkSheet and about.visible == SheetVisibleEnum.Visible:
            yield _filled(book.get_sheet_by_index(number))


def _filled(sheet: CalamineSheet) -> Sheet:
    rows: Table = sheet.to_python(skip_empty_area=False)
    merged: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(rows) or left >= len(rows[top]) or rows[top][left] == "":
            continue
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            for column in range(left, min(right, len(rows[row]) - 1) + 1):
                if (row, column) != (top, left):
                    rows[row][column] = rows[top][left]
                    merged.add((row, column))
    return Sheet(sheet.name, rows, frozenset(merged))


def _refuse_too_many_cells(sheets: list[bytes]) -> None:
    """The parser makes a full rectangle of each sheet: one cell at XFD1048576 would make 17 billion."""
    for xml in sheets:
        cells = 0 if _is_plain_and_near(xml) else _rectangle(xml)
        if cells > MOST_CELLS:
            raise TooManyCells(cells=f"{cells:,}".replace(",", "."))


def _is_plain_and_near(xml: bytes) -> bool:
    """The usual case, told in a fraction of the time: every cell says where it stands, none beyond Z9999."""
    placed = xml.count(_PLAIN_CELL)
    # Beside the cells only <cols> and their like begin with these letters; what else does is looked at closely.
    is_plain = b":c" not in xml and xml.count(b"<c") == placed + xml.count(b"<co")
    is_plain = is_plain or (xml.count(b"<c ") == placed and not any(map(xml.count, _OTHER_CELLS)))
    return is_plain and _FAR_CELL.search(xml) is None


def _rectangle(xml: bytes) -> int:
    addresses = _ADDRESS.findall(xml)
    cells = [address for address in addresses if address[0]]
    # A cell that does not say where it stands follows the one before it, or begins the row it is in.
    unplaced = max(0, sum(1 for _ in _CELL.finditer(xml)) - len(cells))
    if unplaced:
        cells = addresses
    last_row = max((int(digits) for _, digits in cells), default=0) + unplaced
    last_column = max(map(_column, {letters for letters, _ in cells}), default=0) + unplaced
    return last_row * last_column


def _refuse_copied_texts(shared: bytes, sheets: list[bytes]) -> None:
    """A parser copies a shared text for every cell that uses it: a long one used often fills the memory."""
    pieces = shared.split(b"</si>")
    if len(pieces) > 1 and max(map(len, pieces)) <= LONG_TEXT:
        return
    lengths = [end - begin for begin, end in (found.span() for found in _SHARED.finditer(shared))]
    copied = 0
    for xml in sheets:
        for digits in _SHARED_USE.findall(xml):
            index = int(digits)
            copied += lengths[index] if index < len(lengths) else 0
        if copied > LARGEST_INFLATED:
            raise TooManyCells(cells=">1.000.000")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
