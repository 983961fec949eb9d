"""What a school reports of a period: figures of TT 03/2024/TT-BGDĐT and of Decision 131, filled in from the rows.

Of the circular's list only the codes below could be read (domain §1.8); the others are not invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.indicators.catalogue import CATALOGUE, Origin
from khue.indicators.queries.figures import values_of
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import Room
from khue.schools.queries import counting as people

SOURCE = "TT 03/2024/TT-BGDĐT"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a report. code: the circular's, or an indicator's with ".n" or ".d" for its two counts."""

    code: str
    text: str | Promise
    unit: str | Promise
    verified: bool


def _indicator_lines() -> tuple[Line, ...]:
    found = []
    for indicator in CATALOGUE:
        if indicator.origin is Origin.ROWS:
            found.append(Line(f"{indicator.code}.n", indicator.numerator, indicator.unit, indicator.verified))
            found.append(Line(f"{indicator.code}.d", indicator.denominator, indicator.unit, indicator.verified))
    return tuple(found)


#: Of schools with grades 1 to 5.
PRIMARY_LINES = (
    Line("2101", _("Trường tiểu học"), _("trường"), True),
    Line("2102", _("Lớp tiểu học"), _("lớp"), True),
    Line("2103", _("Phòng học tiểu học"), _("phòng"), True),
    Line("2104", _("Nhân sự trường tiểu học"), _("người"), True),
)
#: Of which the circular's codes are not known.
OTHER_LINES = (
    Line("X.classes", _("Lớp, tất cả các cấp"), _("lớp"), False),
    Line("X.pupils", _("Học sinh đang học"), _("người"), False),
    Line("X.teachers", _("Giáo viên, cán bộ quản lí"), _("người"), False),
    Line("X.rooms", _("Phòng học"), _("phòng"), False),
    Line("X.computers", _("Máy tính"), _("chiếc"), False),
)
LINES = (*PRIMARY_LINES, *OTHER_LINES, *_indicator_lines())
BY_CODE = {line.code: line for line in LINES}

Figures = Mapping[str, int | None]


def prefilled(school: Organisation, school_year: str, on: date) -> dict[str, int | None]:
    """Every figure of a school's report as the rows have it; None where nothing is known, which is not zero.

    Figures of the circular that are not about this school, such as primary classes of an upper-secondary one, are left
    out. About a dozen queries.
    """
    classes = [row.school_class.grade for row in people.count_by_class(school.id, on)]
    premises = schools.premises_of(school)
    rooms = sum(room.kind == Room.Kind.CLASSROOM for room in premises.rooms) or None
    teachers = schools.teachers_at(school.id, on).count() or None
    figures: dict[str, int | None] = {
        "X.classes": len(classes) or None,
        "X.pupils": schools.pupils_at(school.id, on).count() or None,
        "X.teachers": teachers,
        "X.rooms": rooms,
        "X.computers": premises.computers if premises.devices else None,
    }
    primary = [grade for grade in classes if grade <= 5]
    if primary and len(primary) == len(classes):
        figures |= {"2101": 1, "2102": len(primary), "2103": rooms, "2104": teachers}
    for value in values_of(school, school_year):
        if value.indicator.origin is Origin.ROWS:
            known = value.denominator > 0
            figures[f"{value.indicator.code}.n"] = value.numerator if known else None
            figures[f"{value.indicator.code}.d"] = value.denominator if known else None
    return figures
