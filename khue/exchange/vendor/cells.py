"""What one cell says, in the form the specification gives its field; words and dates as people write them are read."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.exchange.catalogue import Field
from khue.exchange.shapes import LONGEST_TEXT
from khue.foundation.text import fold, nfc
from khue.foundation.workbooks.workbook import Cell
from khue.registry import queries as registry

_YES = {"1", "co", "x", "v", "yes", "true", "dung", "da co"}
_NO = {"0", "khong", "no", "false", "sai", "chua co"}
_ONE_TO_FOUR = {"tot": "1", "kha": "2", "dat": "3", "chua dat": "4", "1": "1", "2": "2", "3": "3", "4": "4"}
#: Words for codes, folded (domain §1.8, "common enums").
WORDS = {
    "gioitinh": {"nam": "1", "nu": "2", "khong ro": "0"},
    "manhomcaphoc": {
        "mam non": "01", "tieu hoc": "02", "th": "02", "thcs": "03", "trung hoc co so": "03", "thpt": "04",
        "trung hoc pho thong": "04", "gdtx": "05", "thuong xuyen": "05",
    },
    "maloaihinhtruong": {"cong lap": "1", "dan lap": "2", "tu thuc": "3"},
    "makhuvuc": {"kv1": "1", "kv2": "2", "kv2-nt": "3", "kv2nt": "3", "kv3": "4", "khong xac dinh": "0"},
    "mahocluc": _ONE_TO_FOUR,
    "mahanhkiem": _ONE_TO_FOUR,
    "hocky": {
        "i": "1", "ii": "2", "hki": "1", "hkii": "2", "hk1": "1", "hk2": "2", "hoc ky 1": "1", "hoc ky 2": "2",
        "hoc ky i": "1", "hoc ky ii": "2", "ca nam": "3", "cn": "3",
    },
}  # fmt: skip
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_NUMBER = re.compile(r"-?\d{1,12}([.,]\d{1,6})?")
_GRADE = re.compile(r"(?:khoi|lop)?\s*0?(\d{1,2})")
NATIONAL_ID = 12

Read = str | int | float


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that says nothing its field can hold. text: as it stands; why: a sentence."""

    text: str
    why: str | Promise


def read(field: Field, part: str, cell: Cell) -> Read | Unread | None:
    """What the cell says; None where it is empty."""
    if isinstance(cell, str) and not cell.strip():
        return None
    if part:
        return _text(cell, LONGEST_TEXT)
    if field.type == "bool":
        return _flag(cell)
    if field.type in ("int", "number"):
        return _number(cell, is_whole=field.type == "int")
    if field.type == "date":
        return _day(cell)
    return _coded(field, cell)


def _text(cell: Cell, most: int, *, is_code: bool = False) -> str | Unread:
    text = _written(cell)
    if len(text) <= most:
        return text
    why = _("không phải mã của chuẩn dữ liệu") if is_code else _("nội dung dài quá quy định")
    return Unread(text[:60] + "…" * (len(text) > 60), why)


def _written(cell: Cell) -> str:
    """Excel makes numbers of codes: 82300011.0 is 82300011."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and math.isfinite(cell) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    return nfc(str(cell)).replace("\x00", "")


def _flag(cell: Cell) -> int | Unread:
    text = _written(cell)
    plain = fold(text).strip(" .")
    if plain in _YES:
        return 1
    return 0 if plain in _NO else Unread(text[:60], _("ghi Có hoặc Không"))


def _number(cell: Cell, *, is_whole: bool) -> int | float | Unread:
    text = _written(cell)
    plain = text.replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        return Unread(text[:60], _("ghi một số"))
    value = float(plain.replace(",", "."))
    if abs(value) >= (2**31 if is_whole else 10**12):
        return Unread(text[:60], _("ghi một số"))
    if value.is_integer():
        return int(value)
    return Unread(text[:60], _("ghi một số nguyên")) if is_whole else value


def _day(cell: Cell) -> str | Unread:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    text = _written(cell)
    found, iso = _DAY.fullmatch(text), _ISO.fullmatch(text)
    parts = found.groups()[::-1] if found else iso.groups() if iso else ()
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day).isoformat()
    except ValueError:
        return Unread(text[:60], _("ghi ngày dạng 02/03/2015"))


def _coded(field: Field, cell: Cell) -> str | Unread:
    text = _written(cell)
    plain = " ".join(fold(text).replace("_", " ").split())
    if field.name == "dantoc":
        return registry.ethnicity_of(text) or Unread(text[:60], _("không có dân tộc này trong danh mục"))
    if field.name == "quoctich":
        return registry.nationality_of(text) or Unread(text[:60], _("không có nước này trong danh mục"))
    if field.name == "makhoi":
        grade = _GRADE.fullmatch(plain)
        return f"{int(grade[1]):02}" if grade else Unread(text[:60], _("ghi khối từ 1 đến 12"))
    if field.name == "sodinhdanh" and not isinstance(cell, str) and text.isdecimal():
        return text.zfill(NATIONAL_ID)  # a number has lost its leading zeros
    known = WORDS.get(field.name, {}).get(plain, text)
    return _text(known, field.length or LONGEST_TEXT, is_code=field.type == "code")
