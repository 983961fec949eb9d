"""Which field set a sheet is, where its heading stands, and what each column means."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import chain

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.exchange.catalogue import Field, Kind, fields_of
from khue.exchange.sheets import PARTS, part_label
from khue.foundation.workbooks.headings import heading_key
from khue.foundation.workbooks.workbook import Cell, Sheet

SEARCHED_ROWS = 40
TALLEST_HEADING = 3
WIDEST = 200


class FieldSet(StrEnum):
    """What a file is about; several kinds of records may be one set."""

    SCHOOL = "school"
    CAMPUS = "campus"
    STAFF = "staff"
    CLASS = "class"
    CLASS_SUBJECT = "class_subject"
    PUPIL = "pupil"
    RESULT = "result"


@dataclass(frozen=True, slots=True)
class About:
    """One field set.

    keys   what names a row in its school: the first of these whose fields are all there
    title  the field a row is called by
    """

    label: str | Promise
    kinds: tuple[Kind, ...]
    keys: tuple[tuple[str, ...], ...]
    title: str


SETS: Mapping[FieldSet, About] = {
    FieldSet.SCHOOL: About(_("Trường"), (Kind.SCHOOL,), (("matruong",),), "tentruong"),
    FieldSet.CAMPUS: About(_("Điểm trường"), (Kind.CAMPUS,), (("madiemtruong",), ("tendiemtruong",)), "tendiemtruong"),
    FieldSet.STAFF: About(
        _("Cán bộ, giáo viên"), (Kind.STAFF,),
        (("magiaovien",), ("sodinhdanh",), ("hovaten", "ngaythangnamsinh")), "hovaten",
    ),
    FieldSet.CLASS: About(
        _("Lớp"), (Kind.CLASS_PRIMARY, Kind.CLASS_SECONDARY), (("malop",), ("tenlop",)), "tenlop"
    ),
    FieldSet.CLASS_SUBJECT: About(
        _("Môn học của lớp"), (Kind.CLASS_SUBJECT,), (("malop", "mamonhoc", "hocky"),), "malop"
    ),
    FieldSet.PUPIL: About(
        _("Học sinh"), (Kind.PUPIL_IDENTITY, Kind.PUPIL),
        (("mahocsinh",), ("sodinhdanh",), ("hovaten", "ngaythangnamsinh")), "hovaten",
    ),
    FieldSet.RESULT: About(_("Kết quả học tập"), (Kind.RESULT,), (("mahocsinh", "hocky"),), "mahocsinh"),
}  # fmt: skip

#: Headings that files have beside the labels and names of the specification, by field. A field that a set has not is
#: left out there.
_ALIASES = {
    "matruong": "ma truong hoc|ma don vi|ma csgd|ma co so giao duc",
    "tentruong": "ten truong hoc|ten don vi|ten co so giao duc|truong",
    "manhomcaphoc": "cap hoc|nhom cap",
    "maloaihinhtruong": "loai hinh|hinh thuc so huu",
    "sodienthoai": "dien thoai|sdt|so dt",
    "sdt": "dien thoai|so dien thoai|so dt|dien thoai lien he",
    "email": "dia chi email|thu dien tu",
    "website": "trang web|trang tin dien tu|dia chi website",
    "madiemtruong": "ma diem",
    "tendiemtruong": "diem truong|ten diem",
    "magiaovien": "ma giao vien|ma can bo|ma dinh danh|ma dinh danh gv|ma gv|ma dinh danh giao vien",
    "mahocsinh": "ma hoc sinh|ma dinh danh|ma hs|ma dinh danh hs|ma dinh danh hoc sinh",
    "malop": "lop|lop hoc|lop hien tai",
    "tenlop": "lop hoc",
    "makhoi": "khoi lop|khoi hoc",
    "giaoviencn": "gvcn|ho ten gvcn|ten giao vien chu nhiem",
    "magiaoviencn": "ma gvcn|ma giao vien chu nhiem",
    "mamonhoc": "mon hoc|ma mon",
    "hocky": "hoc ki|hk|ky",
    "hovaten": "ho ten|ho va ten hoc sinh|ho ten hoc sinh|ho ten can bo|ho ten giao vien|ho va ten giao vien",
    "gioitinh": "gioi|phai|gt",
    "ngaythangnamsinh": "ngay thang nam sinh|sinh ngay",
    "sodinhdanh": "cccd|so cccd|so dinh danh|dinh danh ca nhan|so ddcn|can cuoc cong dan|so can cuoc",
    "dantoc": "ten dan toc|ma dan toc",
    "quoctich": "ma quoc tich",
    "matrangthaihientai": "trang thai|trang thai hoc|tinh trang",
    "matrangthailv": "trang thai|tinh trang lam viec",
    "mahocluc": "hoc luc|hoc tap|xep loai hoc luc",
    "mahanhkiem": "hanh kiem|ren luyen|xep loai hanh kiem",
    "diemtongket": "dtb|diem trung binh|dtbcm",
    "songaynghi": "so buoi nghi",
    "noisinh.detail": "noi sinh",
    "noicutru.detail": "cho o hien nay|noi o hien nay|dia chi|noi cu tru",
    "address.detail": "dia chi",
    "hieutruong.hovaten": "hieu truong|ho ten hieu truong",
    "cha.hovaten": "ho ten cha|ho ten bo",
    "me.hovaten": "ho ten me",
    "nguoigiamho.hovaten": "ho ten nguoi giam ho",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a column can hold. name: "matruong", or "address.maxa" for a part of a field."""

    name: str
    field: Field
    part: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column with a heading. index: from 0. target: None where nobody knows what it is."""

    index: int
    heading: str
    key: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet as it is going to be read; heading: index of its lowest row."""

    sheet: Sheet
    set: FieldSet
    heading: int
    columns: tuple[Column, ...]


@cache
def targets_of(which: FieldSet) -> Mapping[str, Target]:
    """Everything a column of this set can hold, by name, in the order of the specification."""
    found: dict[str, Target] = {}
    for field in chain.from_iterable(fields_of(kind) for kind in SETS[which].kinds):
        if field.type == "object":
            for part in PARTS[field.name]:
                name = f"{field.name}.{part}"
                found.setdefault(name, Target(name, field, part, f"{field.label}: {part_label(part)}"))
        elif field.type != "list":
            found.setdefault(field.name, Target(field.name, field, "", field.label))
    return found


@cache
def known_headings(which: FieldSet) -> Mapping[str, str]:
    """Target by heading key: what the specification calls a field, its label, and how else files call it."""
    known: dict[str, str] = {}
    targets = targets_of(which)
    for name, target in targets.items():
        known.setdefault(heading_key(target.label), name)
        known.setdefault(heading_key(name), name)
    for name, aliases in _ALIASES.items():
        if name in targets:
            for alias in aliases.split("|"):
                known.setdefault(alias, name)
    return known


def found_in(
    sheets: Sequence[Sheet], wanted: FieldSet | None, remembered: Mapping[tuple[str, str], str | None]
) -> Found | None:
    """The sheet, set and heading that explain most columns; the earlier of equals. None where nothing is a heading.

    wanted      what the file is said to be; None to find out
    remembered  target by (set, heading key), as this place chose before; None for a column it leaves out
    """
    best: tuple[int, Found] | None = None
    for which in (wanted,) if wanted else FieldSet:
        for sheet in sheets:
            for first, last, texts in _heading_rows(sheet):
                columns = _columns(texts, which, remembered)
                score = _score(columns, which, texts, is_told=wanted is not None) - (last - first)
                if score > 0 and (best is None or score > best[0]):
                    best = (score, Found(sheet, which, last, columns))
    return best[1] if best else None


def has_key(which: FieldSet, targets: Sequence[str | None]) -> bool:
    """Whether the rows of these columns can be told apart."""
    return any(set(fields) <= set(targets) for fields in SETS[which].keys)


def _score(columns: Sequence[Column], which: FieldSet, texts: Sequence[str], *, is_told: bool) -> int:
    """How well a heading explains a sheet; 0 where it does not. Where the set is told, any heading may be mapped."""
    known = [column.target for column in columns if column.target]
    if is_told:
        return 10 * len(known) + sum(map(bool, texts)) if len(columns) >= 2 else 0
    return 10 * len(known) if len(known) >= 2 and has_key(which, known) else 0


def _heading_rows(sheet: Sheet) -> Iterator[tuple[int, int, list[str]]]:
    for first in range(min(len(sheet.rows), SEARCHED_ROWS)):
        for last in range(first, min(first + TALLEST_HEADING, len(sheet.rows))):
            if not _is_text(sheet.rows[last]):
                break
            yield first, last, _joined(sheet.rows[first : last + 1])


def _is_text(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell != ""]
    return bool(filled) and all(isinstance(cell, str) for cell in filled)


def _joined(rows: Sequence[Sequence[Cell]]) -> list[str]:
    texts = []
    for index in range(min(max(map(len, rows), default=0), WIDEST)):
        parts = [" ".join(str(row[index]).split()) for row in rows if index < len(row) and row[index] != ""]
        texts.append(": ".join(dict.fromkeys(part for part in parts if part)))
    return texts


def _columns(
    texts: Sequence[str], which: FieldSet, remembered: Mapping[tuple[str, str], str | None]
) -> tuple[Column, ...]:
    known, targets = known_headings(which), targets_of(which)
    taken: set[str] = set()
    columns = []
    for index, text in enumerate(texts):
        key = heading_key(text)
        if not key:
            continue
        target = remembered[which, key] if (which, key) in remembered else known.get(key)
        if target is not None and (target in taken or target not in targets):
            target = None
        if target is not None:
            taken.add(target)
        columns.append(Column(index, text[:120], key, target))
    return tuple(columns)
