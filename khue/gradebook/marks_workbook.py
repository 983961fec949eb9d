"""A sheet of marks as teachers keep it in Excel: what it is written with, and how it is read. No database here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.translation import gettext as _

from khue.foundation.text import fold, nfc
from khue.foundation.workbooks.workbook import Cell, Table

#: The heading stands within so many rows; above it teachers keep the name of school and class.
HEADING_WITHIN = 20
_KEY = frozenset({"ma", "madong", "mahocsinh"})
_NAME = frozenset({"hovaten", "hoten", "hovatenhocsinh", "hotenhocsinh", "tenhocsinh", "hocsinh"})
_REGULAR = ("tx", "ddgtx", "thuongxuyen", "diemthuongxuyen", "diemtx", "kttx")
_MID = frozenset({"gk", "ddggk", "giuaki", "giuaky", "diemgiuaki", "diemgiuaky", "diemgk", "ktgk"})
_END = frozenset({"ck", "ddgck", "cuoiki", "cuoiky", "diemcuoiki", "diemcuoiky", "diemck", "ktck"})


@dataclass(frozen=True, slots=True)
class BookColumn:
    """A column of the book as a sheet names it: kind "regular", "mid" or "end", and its number among its kind."""

    id: int
    kind: str
    position: int

    @property
    def heading(self) -> str:
        """What stands over it; read again by `read` whatever language the page is in."""
        return {"regular": f"TX {self.position}", "mid": "Giữa kì", "end": "Cuối kì"}[self.kind]


@dataclass(frozen=True, slots=True)
class Written:
    """A cell of the sheet that holds something.

    line  as Excel numbers it
    """

    line: int
    column_id: int
    enrolment_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line, or the whole sheet (line 0), cannot be taken; in words for the teacher."""

    line: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """What a sheet says."""

    written: list[Written]
    problems: list[Problem]


class NoMarkSheet(ValueError):
    """No row of the sheet names pupils and a column of marks."""


def read(table: Table, columns: Sequence[BookColumn], pupils: Mapping[int, str]) -> ReadSheet:
    """Every filled cell below a known heading, by the pupil it belongs to.

    pupils  names by enrolment id: who is in the book
    raises  NoMarkSheet
    """
    for number, row in enumerate(table[:HEADING_WITHIN]):
        places = _Places.of(row, columns)
        if places is not None:
            return _read_below(table, number + 1, places, pupils)
    raise NoMarkSheet


@dataclass(frozen=True, slots=True)
class _Places:
    """Where in a row the key, the name and the marks stand; None for a key that the sheet lacks."""

    key: int | None
    name: int
    marks: Mapping[int, int]  # place -> column id
    unknown: Sequence[str]
    twice: Sequence[str]

    @classmethod
    def of(cls, row: Sequence[Cell], columns: Sequence[BookColumn]) -> "_Places | None":
        heads = [_plain(cell) for cell in row]
        name = next((place for place, head in enumerate(heads) if head in _NAME), None)
        if name is None:
            return None
        by_mark = {(column.kind, column.position): column for column in columns}
        marks: dict[int, int] = {}
        unknown, twice = [], []
        for place, head in enumerate(heads):
            meant = _mark_of(head)
            if meant is None:
                continue
            if meant not in by_mark:
                unknown.append(str(row[place]))
            elif by_mark[meant].id in marks.values():
                twice.append(str(row[place]))
            else:
                marks[place] = by_mark[meant].id
        if not marks and not unknown:
            return None
        key = next((place for place, head in enumerate(heads) if head in _KEY), None)
        return cls(key, name, marks, unknown, twice)


def _plain(cell: Cell) -> str:
    return "".join(letter for letter in fold(str(cell)) if letter.isalnum())[:40]


def _mark_of(head: str) -> tuple[str, int] | None:
    if head in _MID:
        return "mid", 1
    if head in _END:
        return "end", 1
    for word in _REGULAR:
        number = head.removeprefix(word)
        if number != head and number.isascii() and number.isdigit() and len(number) <= 2:
            return "regular", int(number)
    return None


def _read_below(table: Table, first: int, places: _Places, pupils: Mapping[int, str]) -> ReadSheet:
    problems = [
        Problem(0, "", _("Sổ không có cột “%(name)s”. Hãy thêm cột ấy trong sổ, hoặc bỏ nó khỏi tệp.") % {"name": name})
        for name in places.unknown
    ]
    problems += [Problem(0, "", _("Cột “%(name)s” có hai lần trong tệp.") % {"name": name}) for name in places.twice]
    written: list[Written] = []
    seen: dict[int, int] = {}
    who = _Who(pupils)
    for number, row in enumerate(table[first:], start=first + 1):
        filled = {column: row[place] for place, column in places.marks.items() if place < len(row) and row[place] != ""}
        if not filled:
            continue  # a blank line, or a word under the table
        name = nfc(str(row[places.name]))[:80] if places.name < len(row) else ""
        key = row[places.key] if places.key is not None and places.key < len(row) else ""
        pupil, problem = who.of(key, name)
        if pupil is not None and pupil in seen:
            problem = _("Em này đã có ở dòng %(line)s.") % {"line": seen[pupil]}
        if pupil is None or problem:
            problems.append(Problem(number, name, problem))
            continue
        seen[pupil] = number
        for column, cell in filled.items():
            if isinstance(cell, date | time | timedelta):
                said = _("Excel đã đổi một ô điểm thành ngày giờ. Hãy định dạng cột là “Văn bản” rồi nhập lại.")
                problems.append(Problem(number, name, said))
            elif text := _text(cell):
                written.append(Written(number, column, pupil, text))
    return ReadSheet(written, problems)


def _text(cell: Cell) -> str:
    """A mark as it would be typed: Excel keeps 8,5 as a number that is nearly 8.5."""
    if isinstance(cell, float):
        near = round(cell, 1)
        return f"{near:g}" if abs(cell - near) < 1e-9 else repr(cell)
    return str(cell).strip()


class _Who:
    """Tells whose line it is: by the key of our own template, else by a name that only one pupil has."""

    def __init__(self, pupils: Mapping[int, str]) -> None:
        self._pupils = pupils
        self._by_name: dict[str, list[int]] = {}
        for pupil, name in pupils.items():
            self._by_name.setdefault(nfc(name).casefold(), []).append(pupil)

    def of(self, key: Cell, name: str) -> tuple[int | None, str]:
        """The pupil, and what is wrong with the line."""
        if key != "":
            return self._by_key(key, name)
        found = self._by_name.get(name.casefold(), [])
        if len(found) == 1:
            return found[0], ""
        if found:
            return None, _("Lớp có nhiều em cùng tên này. Hãy dùng tệp mẫu tải từ sổ, có cột “Mã”.")
        return None, _("Không có em nào tên như vậy trong sổ.")

    def _by_key(self, key: Cell, name: str) -> tuple[int | None, str]:
        text = _text(key)
        pupil = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
        if pupil not in self._pupils:
            return None, _("Mã “%(key)s” không thuộc sổ này. Hãy tải lại tệp mẫu của đúng lớp, đúng môn.") % {
                "key": text[:20]
            }
        if name and nfc(self._pupils[pupil]).casefold() != name.casefold():
            said = _("Mã là của em %(owner)s, nhưng dòng ghi tên khác: có thể tệp đã bị sắp xếp lệch.")
            return None, said % {"owner": self._pupils[pupil]}
        return pupil, ""
