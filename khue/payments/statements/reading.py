"""Which kind of statement a file is, and its lines."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from khue.foundation.workbooks import workbook
from khue.foundation.workbooks.workbook import Cell
from khue.payments.lines import Line
from khue.payments.statements import camt, mt940, page, table
from khue.payments.statements.refusals import NotAStatement, StatementTooLarge
from khue.payments.statements.text import decoded

_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file says.

    kind      "mt940", "camt.053", "xlsx", "xls" (XML), "html" or "table"
    accounts  numbers of the accounts that the file names itself; empty where it names none
    lines     money that came, in the order of the file
    gone      how many lines are money that went out
    strange   (line or entry number, what stands there) of what could not be understood
    """

    kind: str
    accounts: tuple[str, ...]
    lines: tuple[Line, ...]
    gone: int
    strange: tuple[tuple[int, str], ...]


def read(data: bytes) -> Statement:
    """Read a statement, whatever its kind.

    refuses  StatementTooLarge, NotAStatement, DamagedStatement, and what workbooks.workbook.read refuses
    """
    if len(data) > MOST_BYTES:
        raise StatementTooLarge(limit=MOST_BYTES // MEGABYTE)
    kind, parse = _kind(data)
    found = parse(data)
    if not (found.lines or found.gone or found.strange):
        raise NotAStatement
    return Statement(kind, tuple(found.accounts), tuple(found.lines), found.gone, tuple(found.strange))


def _kind(data: bytes) -> tuple[str, Callable[[bytes], "table.Found"]]:
    if data.startswith((_ZIP, _COMPOUND)):
        return "xlsx", _parse_workbook
    beginning = decoded(data[:4096]).lstrip("\ufeff \r\n\t")
    if beginning.startswith("<"):
        return _kind_of_markup(beginning.lower())
    if ":20:" in beginning and ":25:" in decoded(data[:65536]):
        return "mt940", lambda content: mt940.parse(decoded(content))
    return "table", lambda content: table.parse(decoded(content))


def _kind_of_markup(beginning: str) -> tuple[str, Callable[[bytes], "table.Found"]]:
    """What begins with "<": a statement of ISO 20022, or a table that calls itself .xls."""
    if page.SPREADSHEET.decode() in beginning:
        return "xls", page.parse_spreadsheet
    if any(mark in beginning for mark in ("<html", "<table", "<!doctype html", "<body", "<meta")):
        return "html", page.parse
    return "camt.053", camt.parse


def _parse_workbook(data: bytes) -> "table.Found":
    """The first sheet that holds transfers; what is odd in it counts too."""
    found = table.Found()
    for sheet in workbook.read(data).sheets:
        found = table.of_rows([_text_of(cell) for cell in row] for row in sheet.rows)
        if found.lines or found.gone or found.strange:
            break
    return found


def _text_of(cell: Cell) -> str:
    """A cell as the same bank would write it in CSV."""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
