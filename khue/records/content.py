"""What a sheet of the transcript says, as canonical XML: the same data are the same bytes, and the bytes give the data.

The official schema (TT 70/2026/TT-BGDĐT) was not at hand: names and order are our own and UNVERIFIED, so the
namespace ends in 0 and `version` says so. A field is an attribute, left out when it says nothing; a list is its
elements in order.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from lxml import etree

NAMESPACE = "urn:khue:hoc-ba:0"
VERSION = "0.1-chua-kiem-chung"
CONTENT_ID = "noi-dung"
T = TypeVar("T")
D = TypeVar("D", bound="Document")


class Unreadable(ValueError):
    """Not the content of a transcript as this version writes it."""


def _as(name: str, default: Any = "") -> Any:
    """A field by its name in the XML."""
    return field(default=default, metadata={"xml": name})


@dataclass(frozen=True, slots=True)
class School:
    """Who issues it."""

    name: str = _as("ten")
    code: str = _as("ma")
    superior: str = _as("capTren")
    head: str = _as("hieuTruong")


@dataclass(frozen=True, slots=True)
class Pupil:
    """Whose it is. birth: "2015-03-02", "2015-03" or "2015", as far as it is known."""

    full_name: str = _as("hoTen")
    birth: str = _as("ngaySinh")
    sex: str = _as("gioiTinh")
    birthplace: str = _as("noiSinh")
    ethnicity: str = _as("danToc")
    nationality: str = _as("quocTich")
    national_id: str = _as("soDinhDanh")
    foreign_paper: str = _as("giayToNuocNgoai")
    moet_code: str = _as("maBoGDDT")
    lifelong_code: str = _as("maHoSoSuotDoi")


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject of the year. Results: "8.5", "D" (Đạt), "CD" (Chưa đạt), "M" (exempt), "" where there is none."""

    code: str = _as("ma")
    name: str = _as("ten")
    term_1: str = _as("hocKi1")
    term_2: str = _as("hocKi2")
    year: str = _as("caNam")
    reassessed: str = _as("danhGiaLai")
    teachers: str = _as("giaoVien")
    remark: str = _as("nhanXet")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a primary pupil is assessed in, at the end of the year. level: "T", "H", "C", "D"."""

    code: str = _as("ma")
    name: str = _as("ten")
    kind: str = _as("loai")
    level: str = _as("muc")
    test: str = _as("diemKiemTra")


@dataclass(frozen=True, slots=True)
class Remark:
    """The homeroom teacher's words on a part of the year."""

    on: str = _as("ki")
    text: str = _as("loi")


@dataclass(frozen=True, slots=True)
class Result:
    """What the year comes to. Levels by words of the circular; sessions_absent "" where nobody counts them."""

    rule_set: str = _as("canCu")
    study_1: str = _as("hocTapKi1")
    study_2: str = _as("hocTapKi2")
    study: str = _as("hocTap")
    conduct_1: str = _as("renLuyenKi1")
    conduct_2: str = _as("renLuyenKi2")
    conduct: str = _as("renLuyen")
    level: str = _as("mucHoanThanh")
    sessions_absent: str = _as("soBuoiNghi")
    outcome: str = _as("ketQua")
    outcome_code: str = _as("maKetQua")
    award: str = _as("danhHieu")


_NO_SCHOOL, _NOBODY, _NO_RESULT = School(), Pupil(), Result()


@dataclass(frozen=True, slots=True)
class Content:
    """One sheet: a pupil's school year.

    transcript, sheet   their public ids, hexadecimal
    version, previous   the digest of the sheet that this one corrects; reason: why
    completes           what is completed by this year ("Hoàn thành chương trình tiểu học"); "" for other years
    """

    transcript: str = _as("maHocBa")
    sheet: str = _as("maTrang")
    version: int = _as("lan", 1)
    previous: str = _as("thayCho")
    reason: str = _as("lyDo")
    year: str = _as("namHoc")
    grade: int = _as("khoi", 0)
    class_name: str = _as("lop")
    homeroom_teacher: str = _as("giaoVienChuNhiem")
    completes: str = _as("xacNhan")
    school: School = field(default=_NO_SCHOOL, metadata={"xml": "Truong"})
    pupil: Pupil = field(default=_NOBODY, metadata={"xml": "HocSinh"})
    result: Result = field(default=_NO_RESULT, metadata={"xml": "KetQua"})
    subjects: tuple[Subject, ...] = _as("MonHoc", ())
    items: tuple[Item, ...] = _as("NoiDungDanhGia", ())
    remarks: tuple[Remark, ...] = _as("NhanXet", ())


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a package. digest: SHA-256, hexadecimal."""

    name: str = _as("ten")
    digest: str = _as("sha256")
    size: int = _as("coTep", 0)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a package holds: a learner's whole record, or what a school hands in. made_at: "2027-05-20T05:00:00Z"."""

    kind: str = _as("loai")
    subject: str = _as("ma")
    school: str = _as("truong")
    made_at: str = _as("luc")
    files: tuple[Entry, ...] = _as("Tep", ())


Document = Content | Manifest
NAMES: dict[type, str] = {Content: "NoiDung", Manifest: "DanhMuc"}

OWN: Any = {None: NAMESPACE}  # the types of lxml know no default namespace


def written(content: Document) -> bytes:
    """The canonical XML (exclusive C14N 1.0) of the content, as it stands alone and as its reference is hashed."""
    root = etree.Element(tag(NAMES[type(content)]), nsmap=OWN)
    root.set("Id", CONTENT_ID)
    root.set("phienBan", VERSION)
    _write(root, content)
    return canonical(root)


def canonical(element: etree._Element) -> bytes:
    """Exclusive C14N 1.0 without comments."""
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_comments=False))


def read(element: etree._Element, kind: type[D]) -> D:
    """The content again, from an element whose bytes have been verified. Raises Unreadable."""
    if element.tag != tag(NAMES[kind]) or element.get("Id") != CONTENT_ID or element.get("phienBan") != VERSION:
        raise Unreadable("not a sheet of this version")
    return _read(element, kind, {"Id", "phienBan"})


def tag(name: str) -> str:
    """An element's name as lxml writes it."""
    return f"{{{NAMESPACE}}}{name}"


def _write(element: etree._Element, value: Any) -> None:
    for each in fields(value):
        name, part = each.metadata["xml"], getattr(value, each.name)
        if isinstance(part, tuple):
            for one in part:
                _write(etree.SubElement(element, tag(name)), one)
        elif isinstance(part, int):
            element.set(name, str(part))
        elif isinstance(part, str):
            if clean := _clean(part):
                element.set(name, clean)
        else:
            child = etree.SubElement(element, tag(name))
            _write(child, part)
            if not child.attrib and not len(child):
                element.remove(child)


def _clean(text: str) -> str:
    """Text as XML may carry it: composed letters, and no character that XML forbids."""
    return "".join(filter(_is_allowed, unicodedata.normalize("NFC", text)))


def _is_allowed(letter: str) -> bool:
    code = ord(letter)
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _read(element: etree._Element, kind: type[T], passed: set[str]) -> T:
    known = {each.metadata["xml"]: each for each in fields(kind)}  # type: ignore[arg-type]  # always a dataclass
    hints = get_type_hints(kind)
    given: dict[str, Any] = {}
    for name, text in element.attrib.items():
        if name in passed:
            continue
        if name not in known or hints[known[str(name)].name] not in (str, int):
            raise Unreadable("unknown attribute")
        each = known[str(name)]
        given[each.name] = _number(str(text)) if hints[each.name] is int else str(text)
    for child in _children(element):
        found = known.get(child.tag.removeprefix(tag("")))
        if found is None or hints[found.name] in (str, int):
            raise Unreadable("unknown element")
        hint = hints[found.name]
        if get_origin(hint) is tuple:
            given[found.name] = (*given.get(found.name, ()), _read(child, get_args(hint)[0], set()))
        elif found.name in given:
            raise Unreadable("an element stands twice")
        else:
            given[found.name] = _read(child, hint, set())
    return kind(**given)


def _children(element: etree._Element) -> Iterator[etree._Element]:
    if (element.text or "").strip():
        raise Unreadable("text where there is none")
    for child in element:
        if not isinstance(child.tag, str) or (child.tail or "").strip():
            raise Unreadable("something between the elements")
        yield child


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Unreadable("not a number")
    return int(text)
