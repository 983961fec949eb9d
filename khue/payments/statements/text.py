"""Text, amounts and days as banks write them."""

import re
from datetime import date

from khue.foundation.text import nfc

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
LARGEST = 10**15


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, UTF-16, or the Windows code page of old programs. Never fails."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if hidden := _utf_16_without_mark(data):
        return data.decode(hidden, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1258", errors="replace")


def _utf_16_without_mark(data: bytes) -> str:
    """Old programs forget the mark: then every other byte of plain letters is nought."""
    begun = data[:200]
    if len(begun) >= 20 and begun[1::2].count(0) * 2 > len(begun) // 2 and not begun[::2].count(0):
        return "utf-16-le"
    if len(begun) >= 20 and begun[::2].count(0) * 2 > len(begun) // 2 and not begun[1::2].count(0):
        return "utf-16-be"
    return ""


def clean(text: str) -> str:
    """One line of composed letters without control characters, as it is stored."""
    return nfc("".join(character if character.isprintable() else " " for character in text))


def day(text: str) -> date | None:
    """The first day that stands in a cell: 23/11/2026, 23-11-2026, 2026-11-23, with or without a time behind it."""
    if found := _ISO_DAY.search(text):
        year, month, number = map(int, found.groups())
    elif found := _DAY.search(text):
        number, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def dong(text: str) -> int | None:
    """An amount of đồng: "1.250.000", "1,250,000.00", "1250000 VND", "+1 250 000". None where it is none.

    A dot or comma before exactly two digits at the end is a decimal mark, and what follows it must be zero: there is no
    coin below a đồng.
    """
    bare = re.sub(r"(?i)vnd|vnđ|đồng|đ", "", text)
    bare = re.sub(r"\s", "", bare).removeprefix("+")
    if not re.fullmatch(r"-?[0-9]+(?:[.,][0-9]{3})*(?:[.,][0-9]{1,2})?", bare):
        return None
    if found := re.search(r"[.,]([0-9]{1,2})$", bare):
        if int(found[1]):
            return None
        bare = bare[: found.start()]
    value = int(re.sub(r"[.,]", "", bare))
    return value if abs(value) < LARGEST else None
