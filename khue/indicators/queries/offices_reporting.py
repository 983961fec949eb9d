"""The offices below an office, as it waits for the sums of their schools' period reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import BigIntegerField, Count, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from khue.indicators.models import PeriodReport
from khue.indicators.queries.reports import Round, days_given, nearest_due
from khue.registry.models import Organisation
from khue.registry.queries.schools_below import open_offices_under, open_schools_below


@dataclass(frozen=True, slots=True)
class OfficeLine:
    """One office below: how far its schools are, each by the day it was given, and its own sum.

    due      by when its schools send, as it says itself; None where it says nothing
    report   of its sum, None while it was not sent; sent_at likewise; summed: of how many schools that tells
    is_late  the sum came after the day of the office above, or has not come and that day is over
    """

    office: Organisation
    due: date | None
    schools: int
    sent: int
    late: int
    report: UUID | None
    sent_at: datetime | None
    summed: int
    is_late: bool

    @property
    def after(self) -> int:
        """How many schools sent when the sum was made already: it does not hold them."""
        return max(0, self.sent - self.summed) if self.report else 0


def offices_reporting(of: Round, on: date, which: str = "") -> QuerySet[Organisation]:
    """The open offices directly below one. Page it, and give the page to `office_lines`. One query.

    which  "sent", "missing" or "late", of their sums; all of them for any other word
    """
    rows = open_offices_under(of.office)
    sent = _sums(of)
    if which == "late":
        late = Q(id__in=sent.filter(is_late=True).values("organisation_id"))
        return rows.filter(late | ~Q(id__in=sent.values("organisation_id")) if of.is_over(on) else late)
    if which == "sent":
        return rows.filter(id__in=sent.values("organisation_id"))
    return rows.exclude(id__in=sent.values("organisation_id")) if which == "missing" else rows


def office_lines(of: Round, offices: Sequence[Organisation], on: date) -> list[OfficeLine]:
    """How far each of a page of offices is. Four queries."""
    days = days_given([office.id for office in offices], of)
    counts = {key: rest for key, *rest in _counted(of, offices, on)}
    sums = {row.organisation_id: row for row in _sums(of).filter(organisation__in=offices).defer("figures", "unknown")}
    lines = []
    for office in offices:
        schools, sent, late = counts.get(office.id, (0, 0, 0))
        row = sums.get(office.id)
        lines.append(OfficeLine(
            office=office, due=days.get(office.id), schools=schools, sent=sent, late=late,
            report=row.public_id if row else None, sent_at=row.sent_at if row else None,
            summed=(row.summed or 0) if row else 0, is_late=row.is_late if row else of.is_over(on),
        ))  # fmt: skip
    return lines


@dataclass(frozen=True, slots=True)
class Sums:
    """Of the offices directly below one: how many there are, how many have sent their sum, how many are late."""

    offices: int
    sent: int
    late: int


def sums_received(of: Round, on: date) -> Sums:
    """How far the offices below are with their sums. Two queries, one where there are none."""
    offices = open_offices_under(of.office).count()
    if not offices:
        return Sums(0, 0, 0)
    sent = dict(_sums(of).order_by().values_list("is_late").annotate(count=Count("id")))
    came = sum(sent.values())
    return Sums(offices, came, sent.get(True, 0) + (offices - came if of.is_over(on) else 0))


def _sums(of: Round) -> QuerySet[PeriodReport]:
    return PeriodReport.objects.filter(
        organisation__parent_id=of.office.id, organisation__valid_to=None, school_year=of.school_year,
        period=of.period, state=PeriodReport.State.SENT, summed__isnull=False,
    )  # fmt: skip


def _counted(of: Round, offices: Sequence[Organisation], on: date) -> QuerySet[Organisation, tuple[int, int, int, int]]:
    """By office: open schools below it, of them who sent, who is late."""
    inside = Q(id__in=())
    for office in offices:
        inside |= Q(lineage__startswith=office.lineage)
    place = len(of.office.lineage.strip(".").split(".")) + 1
    said = PeriodReport.objects.filter(
        organisation_id=OuterRef("id"), school_year=of.school_year, period=of.period, state=PeriodReport.State.SENT
    )
    part = Func(F("lineage"), Value("."), Value(place), function="split_part")
    rows = open_schools_below(of.office).filter(inside).order_by()
    rows = rows.annotate(
        office=Cast(part, BigIntegerField()), came_late=Subquery(said.values("is_late")[:1]),
        due=Subquery(nearest_due(of)),
    )  # fmt: skip
    late = Q(came_late=True) | Q(came_late=None, due__lt=on)
    counted = rows.values("office").annotate(
        schools=Count("id"), sent=Count("id", filter=Q(came_late__isnull=False)), late=Count("id", filter=late)
    )
    return counted.values_list("office", "schools", "sent", "late")
