"""Keeping the counts true: a school is counted when something happened there; what changed goes up the tree."""

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from khue.foundation import clock
from khue.foundation.actor import Actor, require
from khue.indicators.access import Permission
from khue.indicators.counting import count_classes, count_school
from khue.indicators.counts import Count
from khue.indicators.models import ClassCount, FarFigure, IndicatorCount, StaleSchool
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import SchoolYear

_ADD = """
INSERT INTO indicators_indicatorcount (organisation_id, code, school_year, numerator, denominator, unknown, counted_at)
SELECT o, %(code)s, %(year)s, %(numerator)s, %(denominator)s, %(unknown)s, %(at)s
FROM unnest(%(organisations)s::bigint[]) AS above (o) ORDER BY o
ON CONFLICT (organisation_id, code, school_year) DO UPDATE
SET numerator = indicators_indicatorcount.numerator + excluded.numerator,
    denominator = indicators_indicatorcount.denominator + excluded.denominator,
    unknown = indicators_indicatorcount.unknown + excluded.unknown,
    counted_at = excluded.counted_at
"""


@transaction.atomic
def mark_stale(*, actor: Actor, organisation_id: int, at: datetime) -> None:
    """Note that something happened at a school, so that it is counted again soon. Noting it again changes nothing."""
    require(actor, Permission.INDICATOR_READ, within=organisation_id)
    StaleSchool.objects.bulk_create([StaleSchool(organisation_id=organisation_id, since=at)], ignore_conflicts=True)


@transaction.atomic
def count_stale_school(*, actor: Actor, at: datetime) -> int | None:
    """Count one school that is noted, if there is one that no other worker is at. Returns its id.

    The caller has entered the scope of the whole node, because sums of the province and the country change.
    """
    require(actor, Permission.INDICATOR_READ, within=None)
    stale = StaleSchool.objects.select_for_update(skip_locked=True).order_by("since", "organisation_id").first()
    if stale is None:
        return None
    school = stale.organisation_id
    stale.delete()
    recount(actor=actor, organisation=registry.organisation_with(school), at=at)
    return school


@transaction.atomic
def recount(*, actor: Actor, organisation: Organisation, at: datetime) -> None:
    """Count a school and its classes from their rows and carry the differences to every body above it.

    Sums are sums of numerators and of denominators, never means of percentages (domain §9.7). A school without a
    school year on that day keeps what it had; one whose node reports its figures is not counted here.
    """
    require(actor, Permission.INDICATOR_READ, within=organisation)
    day = at.astimezone(clock.VIETNAM).date()
    year = schools.school_year_on(organisation.id, day)
    if year is None or FarFigure.objects.filter(organisation=organisation).exists():
        return
    rows = IndicatorCount.objects.select_for_update().filter(organisation=organisation, school_year=year.code)
    before = {row.code: Count(row.numerator, row.denominator, row.unknown) for row in rows}
    for code, now in sorted(count_school(organisation.id, year, day).items()):
        old = before.get(code)
        if now != old:
            carry(organisation, code, year.code, now, old or Count(0, 0, 0), at)
    _keep_classes(organisation, year, day, at)


def _keep_classes(organisation: Organisation, year: SchoolYear, day: date, at: datetime) -> None:
    """Write what differs from what is kept of the school's classes; classes that have nobody left go."""
    now = count_classes(organisation.id, year, day)
    kept = ClassCount.objects.filter(organisation=organisation, school_year=year.code)
    before = {
        (school_class, code): Count(*amounts)
        for school_class, code, *amounts in kept.values_list(
            "school_class_id", "code", "numerator", "denominator", "unknown"
        )
    }
    gone = {school_class for school_class, _code in before.keys() - now.keys()}
    if gone:
        kept.filter(school_class_id__in=gone).exclude(school_class_id__in={key for key, _code in now}).delete()
    changed = [(key, count) for key, count in sorted(now.items()) if count != before.get(key)]
    ClassCount.objects.bulk_create(
        [
            ClassCount(
                organisation=organisation, school_class_id=school_class, code=code, school_year=year.code,
                numerator=count.numerator, denominator=count.denominator, unknown=count.unknown, counted_at=at,
            )
            for (school_class, code), count in changed
        ],
        update_conflicts=True,
        unique_fields=["school_class", "code"],
        update_fields=["numerator", "denominator", "unknown", "counted_at"],
    )  # fmt: skip


def carry(organisation: Organisation, code: str, year: str, now: Count, old: Count, at: datetime) -> None:
    """Carry what differs between two counts of a body to it and to every body above it. One statement."""
    values: dict[str, Any] = {
        "code": code,
        "year": year,
        "at": at,
        "organisations": sorted(int(part) for part in organisation.lineage.split(".") if part),
        "numerator": now.numerator - old.numerator,
        "denominator": now.denominator - old.denominator,
        "unknown": now.unknown - old.unknown,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ADD, values)
