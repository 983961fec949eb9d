"""The field sets of the national specification, in its order and by its names (domain §1.8).

`name_known` says whether the name stands in the specification as we have it; the others are ours until it is read
there, and the file says so.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DATA = Path(__file__).parent / "data"


class Kind(StrEnum):
    """The kinds of records, in the order in which they are sent: what others point at comes first."""

    SCHOOL = "school"
    CAMPUS = "campus"
    STAFF = "staff"
    CLASS_PRIMARY = "class_primary"
    CLASS_SECONDARY = "class_secondary"
    CLASS_SUBJECT = "class_subject"
    PUPIL = "pupil"
    PUPIL_IDENTITY = "pupil_identity"
    RESULT = "result"
    FIGURE = "figure"


#: What a kind is called, and the name of its element in XML and of its file.
TITLES: dict[str, str | Promise] = {
    Kind.SCHOOL: _("Trường"),
    Kind.CAMPUS: _("Điểm trường"),
    Kind.STAFF: _("Cán bộ, giáo viên"),
    Kind.CLASS_PRIMARY: _("Lớp tiểu học"),
    Kind.CLASS_SECONDARY: _("Lớp trung học"),
    Kind.CLASS_SUBJECT: _("Môn học của lớp"),
    Kind.PUPIL: _("Học sinh"),
    Kind.PUPIL_IDENTITY: _("Định danh học sinh"),
    Kind.RESULT: _("Kết quả học tập"),
    Kind.FIGURE: _("Chỉ số của trường"),
}
ELEMENTS: dict[Kind, str] = {
    Kind.SCHOOL: "Truong",
    Kind.CAMPUS: "DiemTruong",
    Kind.STAFF: "CanBo",
    Kind.CLASS_PRIMARY: "LopTieuHoc",
    Kind.CLASS_SECONDARY: "LopTrungHoc",
    Kind.CLASS_SUBJECT: "MonHocCuaLop",
    Kind.PUPIL: "HocSinh",
    Kind.PUPIL_IDENTITY: "DinhDanhHocSinh",
    Kind.RESULT: "KetQua",
    Kind.FIGURE: "ChiSo",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of one kind.

    type       "text", "code", "int", "number", "bool", "date", "object", "list"
    length     the most letters; 0 where there is no such limit
    sees       levels that may see it as this release ships it; the rows of FieldGrant decide
    classed    "public", "personal" or "sensitive" (Luật 91/2025/QH15)
    """

    kind: Kind
    name: str
    label: str
    type: str
    length: int
    is_required: bool
    sees: tuple[str, ...]
    classed: str
    name_known: bool


@cache
def fields_of(kind: Kind) -> tuple[Field, ...]:
    """The fields of a kind, in the order of the specification."""
    return tuple(field for field in _fields() if field.kind == kind)


@cache
def by_name(kind: Kind) -> Mapping[str, Field]:
    """The same by name."""
    return {field.name: field for field in fields_of(kind)}


def shipped_rules() -> list[dict[str, str]]:
    """The checks of this release, as rows of rules.csv."""
    return _read("rules.csv")


@cache
def _fields() -> tuple[Field, ...]:
    return tuple(
        Field(
            kind=Kind(row["kind"]),
            name=row["field"],
            label=row["label"],
            type=row["type"],
            length=int(row["length"]),
            is_required=row["required"] == "1",
            sees=tuple(level for level in ("department", "ministry") if row[level] == "1"),
            classed=row["class"],
            name_known=row["name_known"] == "1",
        )
        for row in _read("fields.csv")
    )


def _read(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
