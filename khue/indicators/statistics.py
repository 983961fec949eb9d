"""The statistical indicators of TT 03/2024/TT-BGDĐT as data: tables, codes, names, and what of them the rows hold.

Only the codes below could be read (domain §1.8, [S43]); of 1201 to 1211 not even the names. What the rows count beside
them stands without a code until somebody has read it in the circular: nothing is invented, everything says so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCE = "TT 03/2024/TT-BGDĐT"
#: The day of the circular could not be read; its year is in its number.
VALID_FROM: date | None = None
PRESCHOOL = "01"

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Table:
    """One table. grades: of the classes it is about; empty where the rows of a school hold nothing of it."""

    key: str
    title: Text
    grades: range | None


@dataclass(frozen=True, slots=True)
class Line:
    """One figure.

    key       names it in a report for ever
    code      the circular's; "" where it is not known
    text      what it counts; "" where only the code is known
    verified  whether code and name are as the circular has them, as far as it could be read
    counts    which count of schools.queries fills it in; "" where no rows do
    """

    key: str
    table: str
    code: str
    text: Text
    unit: Text
    verified: bool = False
    counts: str = ""

    @property
    def said(self) -> str:
        """The name as forms print it."""
        return str(self.text) or _("Chỉ tiêu %(code)s, chưa đối chiếu được tên") % {"code": self.code}

    @property
    def begun(self) -> str:
        """The same where a line begins with it."""
        return self.said[:1].upper() + self.said[1:]


TABLES = (
    Table("nursery", _("Nhà trẻ"), None),
    Table("kindergarten", _("Mẫu giáo"), None),
    Table("primary", _("Tiểu học"), range(1, 6)),
    Table("lower", _("Trung học cơ sở"), range(6, 10)),
    Table("upper", _("Trung học phổ thông"), range(10, 13)),
    Table("all", _("Toàn trường"), range(1, 13)),
    Table("indicators", _("Chỉ số chuyển đổi số (QĐ 131/QĐ-TTg)"), None),
)
TABLE_OF: Mapping[str, Table] = {table.key: table for table in TABLES}
BANDS = tuple(table for table in TABLES if table.key in ("primary", "lower", "upper"))
_school, _class, _room, _person, _group = _("trường"), _("lớp"), _("phòng"), _("người"), _("nhóm")


def _known(code: str, table: str, text: Text, unit: Text, counts: str = "") -> Line:
    return Line(code, table, code, text, unit, verified=True, counts=counts)


def _unknown_names(first: int, last: int, table: str) -> Iterator[Line]:
    return (Line(str(code), table, str(code), "", "") for code in range(first, last + 1))


def _without_codes(table: str, schools: Text, classes: Text, rooms: Text, staff: Text) -> Iterator[Line]:
    yield Line(f"{table}.schools", table, "", schools, _school, counts="schools")
    yield Line(f"{table}.classes", table, "", classes, _class, counts="classes")
    yield Line(f"{table}.rooms", table, "", rooms, _room, counts="rooms")
    yield Line(f"{table}.staff", table, "", staff, _person, counts="staff")


def _pupils(table: str, pupils: Text, girls: Text, minority: Text) -> Iterator[Line]:
    yield Line(f"{table}.pupils", table, "", pupils, _person, counts="pupils")
    yield Line(f"{table}.girls", table, "", girls, _person, counts="girls")
    yield Line(f"{table}.minority", table, "", minority, _person, counts="minority")


LINES: tuple[Line, ...] = (
    _known("1101", "nursery", _("Trường nhà trẻ"), _school),
    _known("1102", "nursery", _("Nhóm trẻ"), _group),
    _known("1103", "nursery", _("Phòng học nhà trẻ"), _room),
    _known("1104", "nursery", _("Nhân sự nhà trẻ"), _person),
    _known("1105", "nursery", _("Trẻ em nhà trẻ"), _person),
    _known("1106", "nursery", _("Tỉ lệ huy động trẻ từ 3 đến 36 tháng tuổi"), "%"),
    _known("1107", "nursery", _("Phòng học kiên cố nhà trẻ"), _room),
    *_unknown_names(1201, 1211, "kindergarten"),
    _known("2101", "primary", _("Trường tiểu học"), _school, "schools"),
    _known("2102", "primary", _("Lớp tiểu học"), _class, "classes"),
    _known("2103", "primary", _("Phòng học tiểu học"), _room, "rooms"),
    _known("2104", "primary", _("Nhân sự trường tiểu học"), _person, "staff"),
    *_pupils("primary", _("Học sinh tiểu học"), _("Học sinh nữ tiểu học"), _("Học sinh dân tộc thiểu số tiểu học")),
    *_without_codes(
        "lower", _("Trường trung học cơ sở"), _("Lớp trung học cơ sở"), _("Phòng học trung học cơ sở"),
        _("Nhân sự trường trung học cơ sở"),
    ),
    *_pupils(
        "lower", _("Học sinh trung học cơ sở"), _("Học sinh nữ trung học cơ sở"),
        _("Học sinh dân tộc thiểu số trung học cơ sở"),
    ),
    *_without_codes(
        "upper", _("Trường trung học phổ thông"), _("Lớp trung học phổ thông"), _("Phòng học trung học phổ thông"),
        _("Nhân sự trường trung học phổ thông"),
    ),
    *_pupils(
        "upper", _("Học sinh trung học phổ thông"), _("Học sinh nữ trung học phổ thông"),
        _("Học sinh dân tộc thiểu số trung học phổ thông"),
    ),
    Line("X.classes", "all", "", _("Lớp, tất cả các cấp"), _class, counts="classes"),
    Line("X.pupils", "all", "", _("Học sinh đang học"), _person, counts="pupils"),
    Line("X.teachers", "all", "", _("Giáo viên, cán bộ quản lí"), _person, counts="staff"),
    Line("X.rooms", "all", "", _("Phòng học"), _room, counts="rooms"),
    Line("X.computers", "all", "", _("Máy tính"), _("chiếc"), counts="computers"),
)  # fmt: skip
