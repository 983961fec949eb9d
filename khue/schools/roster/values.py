"""One cell at a time: from what people type, and what Excel makes of it, to a value and what is wrong with it."""

import re
from calendar import isleap
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from unicodedata import is_normalized

from khue.foundation.text import fold, nfc
from khue.foundation.workbooks.workbook import Cell
from khue.registry import queries as registry
from khue.registry.queries import PartialDate
from khue.schools.roster.issues import Code, Issue, issue

T = TypeVar("T")
Read = tuple[T | None, Issue | None]

EXCEL_EPOCH = date(1899, 12, 30)  # the day whose serial is 0, after the leap year 1900 that Excel invented
PLAUSIBLE_SERIALS = range(14_611, 54_789)  # 1 January 1940 to the end of 2049
FIRST_YEAR, LAST_YEAR = 1900, 2100

_DATE = re.compile(r"^(\d{1,4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,4})(?:[ T]00:00(?::00)?(?:\.0+)?)?$")
_MONTH = re.compile(r"^(?:tháng\s*)?(\d{1,2})\s*[/.\-]\s*(\d{4})$", re.IGNORECASE)
_YEAR = re.compile(r"^(?:năm\s*)?(\d{4})$", re.IGNORECASE)
_DIGITS = re.compile(r"^\d+$")
_EMAIL = re.compile(r"^[^@\s<>,;]{1,64}@[^@\s<>,;]+\.[^@\s<>,;.]{2,}$")
_TWELVE_DIGITS = re.compile(r"[0-9]{12}").fullmatch
_NATIONAL_PHONE = re.compile(r"0[0-9]{9,10}").fullmatch
_CODE = re.compile(r"[0-9A-Z]{1,20}").fullmatch
_SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d+$")
_SINGLE_SPACED = re.compile(r"\S+(?: \S+)*|").fullmatch
_ODD_IN_NAME = re.compile(r"[^\w\s'’.\-]|\d|_")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b-\x1f]")


def text_of(cell: Cell) -> str:
    """The cell as text: composed letters, single spaces, whole numbers without `.0`, dates as they are shown."""
    if isinstance(cell, str):
        if not cell.isprintable():
            cell = _INVISIBLE.sub("", cell)
        return cell if is_normalized("NFC", cell) and _SINGLE_SPACED(cell) else nfc(cell)
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    return str(cell)


def birth_date(cell: Cell, *, today: date) -> Read[PartialDate]:
    """A whole or partial birth date. Text is read day first; a two-digit year is refused, because 03 is two years."""
    shown = text_of(cell)
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return _checked(cell.year, cell.month, cell.day, shown, today)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if PLAUSIBLE_SERIALS.start <= cell < PLAUSIBLE_SERIALS.stop:
            day = EXCEL_EPOCH + timedelta(days=int(cell))
            return _checked(day.year, day.month, day.day, shown, today)
    elif isinstance(cell, time | timedelta):
        return None, issue(Code.DATE_UNREADABLE, text=shown)
    return _birth_date_of_text(shown, today)


def _birth_date_of_text(shown: str, today: date) -> Read[PartialDate]:
    if found := _YEAR.match(shown):
        return _checked(int(found[1]), None, None, shown, today)
    if found := _MONTH.match(shown):
        return _checked(int(found[2]), int(found[1]) or None, None, shown, today)
    if found := _DATE.match(shown):
        first, middle, last = found.groups()
        if len(first) == 4:
            first, last = last, first
        if len(last) != 4 or len(first) > 2:
            return None, issue(Code.DATE_SHORT_YEAR if len(last) <= 2 else Code.DATE_UNREADABLE, text=shown)
        return _checked(int(last), int(middle) or None, int(first) or None, shown, today)
    if _DIGITS.match(shown) and len(shown) in (7, 8):
        digits = shown.zfill(8)
        return _checked(int(digits[4:]), int(digits[2:4]), int(digits[:2]), shown, today)
    return None, issue(Code.DATE_UNREADABLE, text=shown)


def _checked(year: int, month: int | None, day: int | None, shown: str, today: date) -> Read[PartialDate]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None, issue(Code.DATE_UNREADABLE, text=shown)
    if month is None:
        day = None
    if (day, month) == (29, 2) and not isleap(year):
        return None, issue(Code.DATE_LEAP, text=shown, year=year)
    try:
        earliest = date(year, month or 1, day or 1)
    except ValueError:
        return None, issue(Code.DATE_IMPOSSIBLE, text=shown)
    if earliest > today:
        return None, issue(Code.DATE_FUTURE, text=shown)
    age = today.year - year
    doubt = issue(Code.DATE_UNLIKELY, text=shown) if not 3 <= age <= 60 else None
    return PartialDate(year, month, day), doubt


def full_name(cell: Cell) -> Read[str]:
    """A person's name. One word or seven are names; digits and signs only raise a doubt."""
    name = text_of(cell)
    if not name:
        return None, issue(Code.NAME_MISSING)
    if len(name) > 100:
        return None, issue(Code.NAME_TOO_LONG, limit=100)
    if _ODD_IN_NAME.search(name):
        return name, issue(Code.NAME_ODD, text=name)
    if name.isupper() and len(name) > 3:
        name = nfc(name.title())
        return name, issue(Code.NAME_IN_CAPITALS, text=name)
    if name.islower() or any(len(word) > 2 and word.isupper() for word in name.split()):
        name = nfc(name.title())
        return name, issue(Code.NAME_LETTERS, text=name)
    return name, None


_SEXES = {
    "nam": "1",
    "m": "1",
    "male": "1",
    "1": "1",
    "trai": "1",
    "nu": "2",
    "f": "2",
    "female": "2",
    "2": "2",
    "gai": "2",
}


def sex(cell: Cell) -> Read[str]:
    """ "1" for a boy, "2" for a girl, as in the national catalogue."""
    shown = text_of(cell)
    found = _SEXES.get(fold(shown))
    return found, None if found else issue(Code.SEX_UNREADABLE, text=shown)


def national_id(cell: Cell) -> Read[str]:
    """The 12-digit personal number; eleven digits in a number cell lost their leading zero to Excel."""
    if cell.__class__ is str and _TWELVE_DIGITS(str(cell)):
        return str(cell), None
    shown = text_of(cell)
    digits = re.sub(r"[\s.\-']", "", shown)
    if _SCIENTIFIC.match(digits) or _SCIENTIFIC.match(shown):
        return None, issue(Code.NUMBER_UNREADABLE, text=shown)
    if isinstance(cell, int | float) and _DIGITS.match(digits) and 9 < len(digits) < 12:
        digits = digits.zfill(12)
    if not _TWELVE_DIGITS(digits):
        return None, issue(Code.NUMBER_NOT_TWELVE, text=shown)
    return digits, None


def moet_code(cell: Cell) -> Read[str]:
    """ "Mã định danh Bộ GD&ĐT"; nine digits in a number cell lost their leading zero to Excel."""
    if cell.__class__ is str and _CODE(str(cell)):
        return str(cell), None
    shown = text_of(cell)
    code = re.sub(r"[\s'.\-]", "", shown).upper()
    if _SCIENTIFIC.match(shown.strip()):
        return None, issue(Code.CODE_UNREADABLE, text=shown)
    if isinstance(cell, int | float) and re.fullmatch(r"[0-9]{9}", code):
        code = code.zfill(10)
    if not _CODE(code):
        return None, issue(Code.CODE_UNREADABLE, text=shown)
    return code, None


def phone(cell: Cell) -> Read[str]:
    """A Vietnamese phone number in its national form, "0912345678"."""
    if cell.__class__ is str and _NATIONAL_PHONE(str(cell)):
        return str(cell), None
    shown = text_of(cell)
    several = [part for part in re.split(r"[;/,]| - |\bhoặc\b|\n", shown) if part.strip()]
    digits = re.sub(r"[\s.\-()']", "", several[0]) if several else ""
    if digits.startswith(("+84", "0084")):
        digits = "0" + digits.removeprefix("+84").removeprefix("0084").lstrip("0")
    elif re.fullmatch(r"84[0-9]{9}", digits):
        digits = "0" + digits[2:]
    elif re.fullmatch(r"[1-9][0-9]{8}", digits):
        digits = "0" + digits
    if not _NATIONAL_PHONE(digits):
        return None, issue(Code.PHONE_UNREADABLE, text=shown)
    return digits, issue(Code.PHONES_SEVERAL, text=shown) if len(several) > 1 else None


def email(cell: Cell) -> Read[str]:
    """An address, in lower case."""
    shown = text_of(cell).lower()
    return (shown, None) if _EMAIL.match(shown) else (None, issue(Code.EMAIL_UNREADABLE, text=shown))


def class_name(cell: Cell) -> Read[str]:
    """The name of a class as the file writes it, without the word "Lớp" before it."""
    name = re.sub(r"^lớp\s+", "", text_of(cell), flags=re.IGNORECASE)
    if not name:
        return None, issue(Code.CLASS_MISSING)
    if len(name) > 40:
        return None, issue(Code.CLASS_TOO_LONG, text=name, limit=40)
    return name, None


def class_key(name: str) -> str:
    """What two ways of writing one class have in common: 6a1, 6A1, "6 A1", "6/1" is not "61"."""
    return re.sub(r"\s+", "", nfc(name)).casefold()


def grade(cell: Cell) -> Read[int]:
    """1 to 12, from `6`, `Khối 6` or `K6`."""
    shown = text_of(cell)
    found = re.fullmatch(r"(?:khối|khoi|lớp|lop|k)?\s*0?([0-9]{1,2})", shown, flags=re.IGNORECASE)
    if found and 1 <= int(found[1]) <= 12:
        return int(found[1]), None
    return None, issue(Code.GRADE_UNREADABLE, text=shown)


def grade_of_class(name: str) -> int | None:
    """The grade a class name begins with: 6A1 is 6, 10 Toán is 10; None for "Chồi 1"."""
    found = re.match(r"([0-9]{1,2})", name)
    return int(found[1]) if found and 1 <= int(found[1]) <= 12 else None


def birth_year(cell: Cell) -> Read[int]:
    """The year of an adult's birth, from a year or a whole date."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and FIRST_YEAR <= cell <= LAST_YEAR:
        return int(cell), None
    found, _wrong = birth_date(cell, today=date(LAST_YEAR, 12, 31))
    return (found.year, None) if found else (None, issue(Code.YEAR_UNREADABLE, text=text_of(cell)))


def ethnicity(cell: Cell) -> Read[str]:
    """The code of a people, from its code, its name or an alias."""
    shown = text_of(cell)
    bare = re.sub(r"^(?:dân tộc|người)\s+|\(.*\)$", "", shown, flags=re.IGNORECASE)
    found = registry.ethnicity_of(shown) or registry.ethnicity_of(bare)
    return found, None if found else issue(Code.ETHNICITY_UNKNOWN, text=shown)


def free_text(limit: int, column: str) -> Callable[[Cell], Read[str]]:
    """A reader of short free text: a birthplace, an address."""

    def read(cell: Cell) -> Read[str]:
        text = text_of(cell)
        return (text, None) if len(text) <= limit else (None, issue(Code.TEXT_TOO_LONG, column=column, limit=limit))

    return read
