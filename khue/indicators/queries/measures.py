"""Components of human capital over the years: where they were, and where they are to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.indicators.human_capital import Component, components_of
from khue.indicators.models import HumanMeasure
from khue.registry import queries as registry
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class Course:
    """One component at one body: its values and its targets, the earliest first."""

    component: Component
    values: Sequence[HumanMeasure]
    targets: Sequence[HumanMeasure]

    @property
    def is_known(self) -> bool:
        """Whether anybody told a value or a target."""
        return bool(self.values or self.targets)

    @property
    def latest(self) -> HumanMeasure | None:
        return self.values[-1] if self.values else None

    @property
    def target(self) -> HumanMeasure | None:
        """The next one from the latest value on; the last one where all are behind."""
        since = self.latest.year if self.latest else 0
        return next((each for each in self.targets if each.year >= since), self.targets[-1] if self.targets else None)

    @property
    def away(self) -> Decimal | None:
        """How far the latest value is below its target; 0 at or above it, None while either is unknown."""
        if self.latest is None or self.target is None:
            return None
        return max(Decimal(0), self.target.value - self.latest.value)


@dataclass(frozen=True, slots=True)
class ProvinceMeasures:
    """A department with the latest value of each component, None where nobody has told."""

    public_id: UUID
    name: str
    latest: Sequence[HumanMeasure | None]

    @property
    def is_known(self) -> bool:
        """Whether the department told anything."""
        return any(self.latest)


def courses_at(place: Organisation) -> list[Course]:
    """Every component that is measured at a body, also those of which nothing is known. One query."""
    rows = _measures([place.id])
    return [
        Course(
            component,
            [row for row in rows if row.component == code and not row.is_target],
            [row for row in rows if row.component == code and row.is_target],
        )
        for code, component in components_of(place.kind).items()
    ]


def provinces_measured(ministry: Organisation, limit: int = 100) -> list[ProvinceMeasures]:
    """The departments below, each with the latest value of every component. Two queries."""
    below = [body for body in registry.bodies_under(ministry)[:limit] if body.kind == Organisation.Kind.DEPARTMENT]
    latest = {
        (row.organisation_id, row.component): row for row in _measures([body.id for body in below]) if not row.is_target
    }
    codes = components_of(Organisation.Kind.DEPARTMENT)
    return [
        ProvinceMeasures(body.public_id, body.name, [latest.get((body.id, code)) for code in codes]) for body in below
    ]


@compiled
def _measures(organisation_ids: Sequence[int]) -> QuerySet[HumanMeasure]:
    return HumanMeasure.objects.filter(organisation_id__in=organisation_ids).order_by("component", "year")
