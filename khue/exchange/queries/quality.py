"""How good the records of schools are: a score, and which rule complains how often."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, FloatField, QuerySet, Sum
from django.db.models.functions import Cast

from khue.exchange.access import Permission
from khue.exchange.catalogue import TITLES, Kind
from khue.exchange.models import DeclaredFact, SchoolQuality, ValidationRule
from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.registry import queries as registry
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class SchoolScore:
    """One school's score: the share of checks that found nothing, over all its records, in percent.

    warnings, errors  records with a complaint
    """

    organisation: UUID
    name: str
    records: int
    warnings: int
    errors: int
    checks: int
    failed: int

    @property
    def percent(self) -> float:
        return 100 * (1 - self.failed / self.checks)


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
    return (rows if places is None else rows.filter(id__in=places)).order_by("name", "id")


def school_of(actor: Actor, public_id: UUID) -> Organisation:
    """Raises NotFound, also when it exists but its records are not the actor's to read."""
    return one(readable_schools(actor), public_id=public_id)


def worst_scores(actor: Actor, limit: int = 100) -> list[SchoolScore]:
    """The schools with the lowest scores, the lowest first. One query."""
    places = actor.organisations(Permission.RECORD_READ)
    rows = SchoolQuality.objects.all() if places is None else SchoolQuality.objects.filter(organisation_id__in=places)
    summed = rows.values("organisation__public_id", "organisation__name").annotate(
        total=Sum("records"), doubtful=Sum("warnings"), wrong=Sum("errors"), made=Sum("checks"), missed=Sum("failed")
    )
    worst = summed.filter(made__gt=0).order_by(
        (Cast(F("missed"), FloatField()) / F("made")).desc(), "organisation__name", "organisation__public_id"
    )
    fields = ("organisation__public_id", "organisation__name", "total", "doubtful", "wrong", "made", "missed")
    return [SchoolScore(*row) for row in worst.values_list(*fields)[:limit]]


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
