"""How good the records of schools are: a score, and which rule complains how often."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from khue.exchange.access import Permission
from khue.exchange.catalogue import TITLES, Kind
from khue.exchange.models import DeclaredFact, SchoolQuality, ValidationRule
from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.registry import queries as registry
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class KindQuality:
    """The records of one kind at a school, and what is said about them, the most frequent first."""

    title: str
    records: int
    warnings: int
    errors: int
    checks: int
    failed: int
    complaints: list[tuple[str, int]]

    @property
    def percent(self) -> float:
        return 100 * (1 - self.failed / self.checks) if self.checks else 100.0


def readable_schools(actor: Actor) -> QuerySet[Organisation]:
    """Schools whose exchanged records the actor reads, by name. One query; page it before use."""
    places = actor.organisations(Permission.RECORD_READ)
    rows = registry.visible_organisations(actor).filter(kind=Organisation.Kind.SCHOOL, valid_to=None)
    return (rows if places is None else rows.filter(id__in=places)).order_by("folded_name", "id")


def school_of(actor: Actor, public_id: UUID) -> Organisation:
    """Raises NotFound, also when it exists but its records are not the actor's to read."""
    return one(readable_schools(actor), public_id=public_id)


def visible_scores(actor: Actor) -> QuerySet[SchoolQuality]:
    """Of each school whose records the actor reads, all kinds together; the lowest score first. One query; page it."""
    return _scores(actor.organisations(Permission.RECORD_READ))


def _scores(places: Collection[int] | None) -> QuerySet[SchoolQuality]:
    rows = SchoolQuality.objects.filter(kind="", checks__gt=0).select_related("organisation")
    return (rows if places is None else rows.filter(organisation_id__in=places)).order_by("-missed", "organisation_id")


def lowest_scores(actor: Actor) -> list[SchoolQuality]:
    """The ten of visible_scores that need it most. One query."""
    return _lowest(actor.organisations(Permission.RECORD_READ))


@compiled
def _lowest(places: Collection[int] | None) -> QuerySet[SchoolQuality]:
    return _scores(places)[:10]


def quality_of(school: Organisation) -> list[KindQuality]:
    """A school's quality by kind, in the order of the specification. Two queries."""
    rows = {row.kind: row for row in SchoolQuality.objects.filter(organisation=school)}
    rules = ValidationRule.objects.filter(kind__in=list(rows)).order_by("valid_from")
    messages = {(kind, code): message for kind, code, message in rules.values_list("kind", "code", "message")}
    return [
        KindQuality(
            title=str(TITLES[kind]),
            records=row.records,
            warnings=row.warnings,
            errors=row.errors,
            checks=row.checks,
            failed=row.failed,
            complaints=[
                (str(messages.get((kind, code), code)), count) for code, count in Counter(row.by_rule).most_common()
            ],
        )
        for kind in Kind
        if (row := rows.get(kind)) is not None
    ]


def declared_facts(school: Organisation) -> dict[str, object]:
    """What a school says of itself, by field. One query."""
    return dict(DeclaredFact.objects.filter(organisation=school).values_list("field", "value"))
