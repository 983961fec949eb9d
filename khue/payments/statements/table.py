"""A table of transfers as internet banking saves it: some lines about the account, headings, then one row a transfer.

Every bank has its own headings; they are known by their words. Columns that are not needed are passed over.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import StringIO

from khue.foundation.text import fold
from khue.payments.lines import Line
from khue.payments.statements.refusals import DamagedStatement
from khue.payments.statements.text import clean, day, dong

#: Words of headings, folded, most telling first.
HEADINGS = {
    "day": ("ngay giao dich", "ngay gd", "ngay hieu luc", "ngay hach toan", "transaction date", "ngay", "date"),
    "came": ("so tien ghi co", "phat sinh co", "ps co", "ghi co", "tien vao", "so tien vao", "credit amount", "credit"),
    "gone": ("so tien ghi no", "phat sinh no", "ps no", "ghi no", "tien ra", "so tien ra", "debit amount", "debit"),
    "amount": ("so tien", "amount"),
    "purpose": ("noi dung giao dich", "noi dung", "dien giai", "mo ta", "remark", "description", "details"),
    "reference": ("so tham chieu", "ma giao dich", "so but toan", "so giao dich", "so ct", "reference"),
    "payer": ("ten nguoi chuyen", "nguoi chuyen", "tai khoan doi ung", "ten doi ung", "sender", "counterparty"),
}  # fmt: skip
#: Whole headings of a column that says of each amount which way it went, and what it says of money that went out.
SIGNS = frozenset({
    "no/co", "no / co", "co/no", "ghi no/co", "ghi no/ghi co", "phat sinh no/co", "n/c", "dr/cr", "d/c", "c/d",
    "debit/credit", "loai", "loai gd", "loai giao dich",
})  # fmt: skip
GONE = frozenset({"d", "dr", "n", "no", "ghi no", "debit", "-", "tien ra", "bao no"})
NO_NUMBER = frozenset({"nonref", "n/a", "na", "null", "none", "khong co"})
SHORTEST_NUMBER = 6
_LOOKED_AT = 60
_MOST_COLUMNS = 60


@dataclass
class Found:
    """What a reader found so far; as reading.Statement."""

    accounts: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    gone: int = 0
    strange: list[tuple[int, str]] = field(default_factory=list)


def parse(text: str) -> Found:
    """Read CSV with commas, semicolons or tabs."""
    return of_rows(_rows(text))


def of_rows(rows: Iterable[Sequence[str]]) -> Found:
    """Read rows of cells, whatever file they come from."""
    found = Found()
    columns: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        cells = [clean(cell) for cell in row[:_MOST_COLUMNS]]
        if not columns:
            if number > _LOOKED_AT:
                break
            columns = _columns(cells)
        elif any(cells):
            _read(found, number, {name: cells[at] for name, at in columns.items() if at < len(cells)})
    return found


def _rows(text: str) -> Iterable[Sequence[str]]:
    """The rows of CSV. A cell that swallows those below it, because nothing ends it, is damage: money would be lost.

    refuses  DamagedStatement
    """
    beginning = text[:4096]
    delimiter = max(",;\t", key=beginning.count)
    try:
        for row in csv.reader(StringIO(text.replace("\x00", " "), newline=""), delimiter=delimiter):
            if any("\n" in cell and _swallows(cell, delimiter) for cell in row):
                raise DamagedStatement
            yield row
    except csv.Error as damage:
        raise DamagedStatement from damage


def _swallows(cell: str, delimiter: str) -> bool:
    return any(delimiter in line and day(line) for line in cell.split("\n")[1:])


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Where each column stands; empty where this row is no heading."""
    folded = [fold(cell) for cell in cells]
    found = dict([("sign", at) for at, cell in enumerate(folded) if cell in SIGNS][:1])
    for name, words in HEADINGS.items():
        for word in words:
            at = next((i for i, cell in enumerate(folded) if word in cell and i not in found.values()), None)
            if at is not None:
                found[name] = at
                break
    is_heading = {"day", "purpose"} <= found.keys() and ("came" in found or "amount" in found)
    return found if is_heading else {}


def _read(found: Found, number: int, cells: dict[str, str]) -> None:
    on = day(cells.get("day", ""))
    amount = dong(cells.get("came", "")) or 0
    went = dong(cells.get("gone", "")) or 0
    if not amount and not went and "amount" in cells:
        signed = _signed(cells)
        amount, went = max(signed, 0), max(-signed, 0)
    if on is None:
        if amount or went:
            found.strange.append((number, " · ".join(filter(None, cells.values()))))
        return  # totals and remarks below the table
    if amount > 0 and "purpose" in cells:  # a row that ends before it was cut off, perhaps within its amount
        found.lines.append(
            Line(on, amount, cells["purpose"], _reference(cells.get("reference", "")), cells.get("payer", ""))
        )
    elif went:
        found.gone += 1
    else:
        found.strange.append((number, " · ".join(filter(None, cells.values()))))


def _signed(cells: dict[str, str]) -> int:
    """The amount, negative for what went out."""
    amount = dong(cells["amount"]) or 0
    return -abs(amount) if fold(cells.get("sign", "")) in GONE else amount


def _reference(text: str) -> str:
    """The bank's number of a transfer; nothing where the column holds a dash, or numbers the lines of a day."""
    reference = text.strip()
    is_counted = reference.isdigit() and len(reference) < SHORTEST_NUMBER
    return "" if is_counted or not any(map(str.isalnum, reference)) or fold(reference) in NO_NUMBER else reference
