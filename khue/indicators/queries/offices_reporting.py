"""The offices below an office, as it waits for the sums of their schools' period reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation.compiled import compiled
from khue.indicators.models import PeriodReport
from khue.indicators.queries.managers import Round, tally_of
from khue.indicators.queries.reports import totals
from khue.registry.models import Organisation
from khue.registry.queries.schools_below import count_open_offices_under, open_offices_under


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
    """How far each of a page of offices is. One query besides the tally."""
    tally = tally_of(of)
    managers = tally.by_office(of.office)
    sums = {row.organisation_id: row for row in _sums(of).filter(organisation__in=offices).defer("figures", "unknown")}
    lines = []
    for office in offices:
        schools, sent, late = totals(managers.get(office.id, ()), on)
        row = sums.get(office.id)
        lines.append(OfficeLine(
            office=office, due=tally.days.get(office.id), schools=schools, sent=sent, late=late,
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
    offices = count_open_offices_under(of.office)
    if not offices:
        return Sums(0, 0, 0)
    sent = dict(_count_sums(of.office.id, of.school_year, of.period))
    came = sum(sent.values())
    return Sums(offices, came, sent.get(True, 0) + (offices - came if of.is_over(on) else 0))


def _sums(of: Round) -> QuerySet[PeriodReport]:
    return _sums_under(of.office.id, of.school_year, of.period)


@compiled
def _count_sums(office_id: int, school_year: str, period: str) -> QuerySet[PeriodReport, tuple[bool, int]]:
    rows = _sums_under(office_id, school_year, period).order_by()
    return rows.values_list("is_late").annotate(count=Count("id"))


def _sums_under(office_id: int, school_year: str, period: str) -> QuerySet[PeriodReport]:
    return PeriodReport.objects.filter(
        organisation__parent_id=office_id, organisation__valid_to=None, school_year=school_year, period=period,
        state=PeriodReport.State.SENT, summed__isnull=False,
    )  # fmt: skip
