"""Figures of schools whose rows other nodes keep: what they come to here, and where each came from."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet

from khue.indicators.catalogue import Indicator
from khue.indicators.models import FarFigure
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class FarSummary:
    """How many schools reported one indicator from their own nodes, and when the newest of those figures changed."""

    schools: int
    latest: datetime


def far_figures(organisation: Organisation, indicator: Indicator, year: str) -> QuerySet[FarFigure]:
    """What neighbours reported for a body from `organisation_of`, school by school. One query; page it."""
    rows = FarFigure.objects.filter(organisation=organisation, code=indicator.code, school_year=year)
    return rows.order_by("folded_name", "id")


def far_summary(organisation: Organisation, indicator: Indicator, year: str) -> FarSummary | None:
    """The same in short; None where nobody reported. One query."""
    rows = FarFigure.objects.filter(organisation=organisation, code=indicator.code, school_year=year)
    found = rows.aggregate(schools=Count("id"), latest=Max("changed_at"))
    return FarSummary(found["schools"], found["latest"]) if found["schools"] else None
