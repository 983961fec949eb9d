"""Public reads of the indicators: figures, what they are made of, and what they were made from."""

from khue.indicators.queries.figures import (
    Part,
    PersonBehind,
    Value,
    described,
    indicator_of,
    lessons_behind,
    organisation_of,
    own_organisation,
    parts_of,
    people_behind,
    readable_organisations,
    school_year_of,
    values_of,
)
from khue.indicators.queries.months import (
    Lineage,
    MonthFigure,
    lake_filled_at,
    lineage_of,
    months_of,
)

__all__ = [
    "Lineage",
    "MonthFigure",
    "Part",
    "PersonBehind",
    "Value",
    "described",
    "indicator_of",
    "lake_filled_at",
    "lessons_behind",
    "lineage_of",
    "months_of",
    "organisation_of",
    "own_organisation",
    "parts_of",
    "people_behind",
    "readable_organisations",
    "school_year_of",
    "values_of",
]
