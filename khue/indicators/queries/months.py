"""Figures of past months from the stored cube, and what each was counted from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, QuerySet

from khue.foundation.compiled import compiled
from khue.indicators.catalogue import Definition, Indicator
from khue.indicators.counts import NOTHING, Count, percent
from khue.indicators.models import CubeRun, FarFigure, IndicatorCount, LakeMark, MonthlyCount
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class MonthFigure:
    """An indicator at the end of a month."""

    month: str
    count: Count

    @property
    def percent(self) -> Decimal | None:
        return percent(self.count)

    @property
    def label(self) -> str:
        """The month as it is said: 11/2026."""
        return f"{self.month[5:]}/{self.month[:4]}"


def months_of(organisation: Organisation, indicator: Indicator) -> list[MonthFigure]:
    """The last twenty-four months that were counted and those between them, the oldest first. One query.

    A month of which nothing was counted has no percentage: a line over time breaks there.
    """
    found = {month: Count(*amounts) for month, *amounts in _months(organisation.id, indicator.code)}
    return (
        [MonthFigure(month, found.get(month, NOTHING)) for month in _between(min(found), max(found))] if found else []
    )


def _between(first: str, last: str) -> Iterator[str]:
    """The months from one to the other, both among them: 2026-05."""
    year, month = int(first[:4]), int(first[5:])
    while f"{year}-{month:02}" <= last:
        yield f"{year}-{month:02}"
        year, month = year + month // 12, month % 12 + 1


@compiled
def _months(organisation_id: int, code: str) -> QuerySet[MonthlyCount, tuple[str, int, int, int]]:
    rows = MonthlyCount.objects.filter(organisation_id=organisation_id, code=code).order_by("-month")
    return rows.values_list("month", "numerator", "denominator", "unknown")[:24]


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a figure was made of.

    definition  by which it was counted
    counted_at  when the day's figure was last counted; None while nothing was
    run         the counting of the lake behind the latest month; None before the first
    figure      that month's
    has_far     whether nodes below reported this indicator for the organisation
    """

    definition: Definition
    counted_at: datetime | None
    run: CubeRun | None
    figure: MonthFigure | None
    has_far: bool = False

    @property
    def files(self) -> Sequence[dict[str, object]]:
        return self.run.files if self.run else ()


def lineage_of(organisation: Organisation, indicator: Indicator, year: str) -> Lineage:
    """Where the figure of an indicator comes from. Two queries."""
    day, has_far = next(iter(_counted_at(organisation.id, indicator.code, year)), (None, False))
    cell = next(iter(_latest(organisation.id, indicator.code)), None)
    version = cell.definition if cell else indicator.definitions[-1].version
    return Lineage(
        definition=next(held for held in indicator.definitions if held.version == version),
        counted_at=day,
        has_far=has_far,
        run=cell.run if cell else None,
        figure=MonthFigure(cell.month, Count(cell.numerator, cell.denominator, cell.unknown)) if cell else None,
    )


@compiled
def _counted_at(organisation_id: int, code: str, year: str) -> QuerySet[IndicatorCount, tuple[datetime, bool]]:
    rows = IndicatorCount.objects.filter(organisation_id=organisation_id, code=code, school_year=year)
    reported = FarFigure.objects.filter(organisation_id=organisation_id, code=code, school_year=year)
    return rows.annotate(has_far=Exists(reported)).values_list("counted_at", "has_far")


@compiled
def _latest(organisation_id: int, code: str) -> QuerySet[MonthlyCount]:
    rows = MonthlyCount.objects.filter(organisation_id=organisation_id, code=code).select_related("run")
    return rows.order_by("-month")[:1]


def lake_root() -> Path:
    """Where this node keeps its lake."""
    return Path(settings.VAR_DIR) / "lake"


def lake_filled_at() -> datetime | None:
    """When the facts last flowed into the lake; None before the first time. One query."""
    return LakeMark.objects.values_list("moved_at", flat=True).first()
