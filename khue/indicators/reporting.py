"""What a school reports of a period: the tables of TT 03/2024/TT-BGDĐT and Decision 131, filled in from the rows."""

from collections.abc import Iterable, Mapping
from datetime import date

from khue.indicators.catalogue import CATALOGUE, Origin
from khue.indicators.queries.figures import values_of
from khue.indicators.statistics import BANDS, PRESCHOOL, SOURCE, TABLE_OF, Line, Table
from khue.indicators.statistics import LINES as STATISTICS
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import Room
from khue.schools.queries import counting as people
from khue.schools.queries.counting import GradeCount

__all__ = ["BY_CODE", "LINES", "SOURCE", "Figures", "Line", "prefilled"]


def _indicator_lines() -> Iterable[Line]:
    for indicator in CATALOGUE:
        if indicator.origin is Origin.ROWS:
            for part, text in (("n", indicator.numerator), ("d", indicator.denominator)):
                yield Line(
                    f"{indicator.code}.{part}", "indicators", indicator.code, text, indicator.unit, indicator.verified
                )


LINES = (*STATISTICS, *_indicator_lines())
#: By the key under which a report keeps its figures.
BY_CODE = {line.key: line for line in LINES}

Figures = Mapping[str, int | None]


def prefilled(school: Organisation, school_year: str, on: date) -> dict[str, int | None]:
    """Every figure of a school's report as the rows have it; None where nothing is known, which is not zero.

    Tables that are not about this school, such as that of primary schools for an upper-secondary one, are left out.
    About a dozen queries.
    """
    grades = people.count_by_grade(school.id, on)
    bands = [band for band in BANDS if any(count.grade in (band.grades or ()) for count in grades)]
    premises = schools.premises_of(school)
    of_school: dict[str, int | None] = {
        "rooms": sum(room.kind == Room.Kind.CLASSROOM for room in premises.rooms) or None,
        "staff": schools.teachers_at(school.id, on).count() or None,
        "computers": premises.computers if premises.devices else None,
    }
    figures: dict[str, int | None] = {}
    for table in _tables_of(school, bands):
        counts = _counted(table, grades)
        if table.key == "all" or len(bands) == 1:  # rooms and staff of a school with two levels belong to neither alone
            counts |= of_school | {"schools": 1}
        figures |= {line.key: counts.get(line.counts) for line in STATISTICS if line.table == table.key}
    return figures | _of_indicators(school, school_year)


def _tables_of(school: Organisation, bands: Iterable[Table]) -> list[Table]:
    preschool = ("nursery", "kindergarten") if PRESCHOOL in school.level_groups.split(",") else ()
    return [*(TABLE_OF[key] for key in preschool), *bands, TABLE_OF["all"]]


def _counted(table: Table, grades: Iterable[GradeCount]) -> dict[str, int | None]:
    """What the rows of pupils say of a table. Girls, minority: None as soon as one pupil's is not known."""
    here = [count for count in grades if count.grade in (table.grades or ())]
    if not here:
        return {}
    return {
        "classes": sum(count.classes for count in here),
        "pupils": sum(count.pupils for count in here),
        "girls": None if any(count.sex_unknown for count in here) else sum(count.girls for count in here),
        "minority": None if any(c.ethnicity_unknown for c in here) else sum(count.minority for count in here),
    }


def _of_indicators(school: Organisation, school_year: str) -> dict[str, int | None]:
    figures: dict[str, int | None] = {}
    for value in values_of(school, school_year):
        if value.indicator.origin is Origin.ROWS:
            known = value.denominator > 0
            figures[f"{value.indicator.code}.n"] = value.numerator if known else None
            figures[f"{value.indicator.code}.d"] = value.denominator if known else None
    return figures
