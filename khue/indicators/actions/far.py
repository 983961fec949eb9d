"""Figures that cross nodes: what is counted here is reported above, and what is reported from below is summed here."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from khue.exchange import actions as exchange
from khue.exchange import queries as received
from khue.exchange.queries import ReceivedFigure
from khue.foundation import audit, scope
from khue.foundation.actor import Actor, require
from khue.indicators.access import Permission
from khue.indicators.actions.counting import carry
from khue.indicators.catalogue import BY_CODE
from khue.indicators.counts import NOTHING, Count
from khue.indicators.models import FarFigure, FigureMark, IndicatorCount, StaleSchool
from khue.registry import queries as registry
from khue.registry.models import Organisation


@transaction.atomic
def report_school(*, actor: Actor, organisation_id: int, at: datetime) -> int:
    """Hand over to the exchange what a school was counted to; what changed is sent. Returns how many figures did."""
    require(actor, Permission.INDICATOR_READ, within=organisation_id)

    school = registry.organisation_with(organisation_id)
    rows = IndicatorCount.objects.filter(organisation=school).order_by("code", "school_year")
    latest = {row.code: row for row in rows}
    figures = [
        exchange.Figure(
            code=row.code, year=row.school_year, definition=BY_CODE[row.code].definitions[-1].version,
            numerator=row.numerator, denominator=row.denominator, unknown=row.unknown,
        )
        for row in latest.values()
    ]  # fmt: skip
    return exchange.report_figures(actor=actor, school=school, figures=figures, at=at)


@transaction.atomic
def take_figures(*, actor: Actor, at: datetime) -> int:
    """Take the next figures that nodes below reported, and carry the differences to every body above.

    The caller has entered the scope of the whole node. Taking a figure again changes nothing: its version counts.
    source   domain §9.7: numerators and denominators are summed
    returns  how many were looked at; 0 when there are no more
    """
    require(actor, Permission.INDICATOR_READ, within=None)

    mark, _made = FigureMark.objects.get_or_create(id=1, defaults={"position": 0})
    mark = FigureMark.objects.select_for_update().get(id=1)
    told, position = received.figures_after(mark.position)
    taken = _take(told, at)
    if position != mark.position:
        FigureMark.objects.filter(id=1).update(position=position)
    if taken:
        audit.record(actor, "figures.taken", None, records=taken, position=position)
    return len(told)


@transaction.atomic
def count_here_again(*, actor: Actor, organisation_id: int, at: datetime) -> int:
    """Count a school from its rows again, since its own node keeps them no more. Returns how many figures that ends.

    What they came to stays in the sums until the rows are counted; then what differs is carried. What its node told
    last and nobody had taken yet is carried now: of years that are over no rows are counted.
    """
    require(actor, Permission.INDICATOR_READ, within=organisation_id)

    with scope.raised(actor):  # sums of the department and the country change
        _carry_last(registry.organisation_with(organisation_id), at)
    ended, _each = FarFigure.objects.filter(organisation_id=organisation_id).delete()
    StaleSchool.objects.bulk_create([StaleSchool(organisation_id=organisation_id, since=at)], ignore_conflicts=True)
    audit.record(actor, "figures.counted_here", registry.organisation_with(organisation_id), records=ended)
    return ended


def _carry_last(school: Organisation, at: datetime) -> None:
    """Bring the sums to what the school's node told last."""
    rows = IndicatorCount.objects.filter(organisation=school)
    stood = {(row.code, row.school_year): Count(row.numerator, row.denominator, row.unknown) for row in rows}
    for (code, year), figure in {(each.code, each.year): each for each in received.figures_kept_of(school.id)}.items():
        now = NOTHING if figure.is_gone else Count(figure.numerator, figure.denominator, figure.unknown)
        old = stood.get((code, year), NOTHING)
        if code in BY_CODE and BY_CODE[code].is_computed and now != old:
            carry(school, code, year, now, old, at)


def _take(told: Iterable[ReceivedFigure], at: datetime) -> int:
    newest = {figure.key: figure for figure in told if figure.code in BY_CODE and BY_CODE[figure.code].is_computed}
    stood = {row.key: row for row in FarFigure.objects.filter(key__in=list(newest))}
    wanted = {each.organisation_id for each in newest.values()} | {row.organisation_id for row in stood.values()}
    places = {one.id: one for one in registry.organisations_with(wanted)}
    taken = 0
    for key, figure in sorted(newest.items()):
        row, place = stood.get(key), places[figure.organisation_id]
        if row.version >= figure.version if row is not None else figure.is_gone:
            continue  # known, or taken back before it was ever heard here
        if row is not None and row.organisation_id != place.id:  # the school has become a body of this node
            before = Count(row.numerator, row.denominator, row.unknown)
            carry(places[row.organisation_id], row.code, row.school_year, NOTHING, before, at)
            row = None
        now = NOTHING if figure.is_gone else Count(figure.numerator, figure.denominator, figure.unknown)
        carry(place, figure.code, figure.year, now, _before(place, figure, row), at)
        _keep(place, figure, at)
        taken += 1
    return taken


def _before(place: Organisation, figure: ReceivedFigure, row: FarFigure | None) -> Count:
    """What stands in the sums already. A school that had its rows here was counted here until its node spoke."""
    if row is not None:
        return Count(row.numerator, row.denominator, row.unknown)
    if place.kind != Organisation.Kind.SCHOOL:
        return NOTHING
    if FarFigure.objects.filter(organisation=place, code=figure.code, school_year=figure.year).exists():
        return NOTHING  # under another key; what was counted here stands in the sums no more
    own = IndicatorCount.objects.filter(organisation=place, code=figure.code, school_year=figure.year).first()
    return Count(own.numerator, own.denominator, own.unknown) if own else NOTHING


def _keep(place: Organisation, figure: ReceivedFigure, at: datetime) -> None:
    is_gone = figure.is_gone
    FarFigure.objects.update_or_create(
        key=figure.key,
        defaults={
            "organisation": place, "school_code": figure.school_code, "school_name": figure.school_name,
            "code": figure.code, "school_year": figure.year, "definition": figure.definition,
            "numerator": 0 if is_gone else figure.numerator, "denominator": 0 if is_gone else figure.denominator,
            "unknown": 0 if is_gone else figure.unknown, "version": figure.version,
            "neighbour": figure.neighbour, "changed_at": figure.changed_at, "taken_at": at,
        },
    )  # fmt: skip
