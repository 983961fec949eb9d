"""The offices below an office, as it waits for the sums of their schools' period reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation.compiled import compiled
from khue.indicators.models import PeriodReport
from khue.indicators.queries.managers import Round, tally_of
from khue.indicators.queries.report_lists import Listed
from khue.indicators.queries.reports import totals
from khue.registry.models import Organisation
from khue.registry.queries.schools_below import count_open_offices_under, open_offices_with


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


def offices_reporting(of: Round, on: date, which: str = "") -> Listed:
    """The open offices directly below one: a query, and its arguments. Page it, and give the page to `office_lines`.

    which  "sent", "missing" or "late", of their sums; all of them for any other word
    """
    if which not in ("sent", "missing", "late"):
        return open_offices_with, (of.office.id,)
    is_over = of.is_over(on) if which == "late" else None
    return _narrowed, (of.office.id, of.school_year, of.period, which == "missing", is_over)


def _narrowed(
    office_id: int, school_year: str, period: str, is_missing: bool, is_over: bool | None
) -> QuerySet[Organisation]:
    rows, sent = open_offices_with(office_id), _sums_under(office_id, school_year, period)
    has_sent = Q(id__in=sent.values("organisation_id"))
    if is_over is None:
        return rows.exclude(has_sent) if is_missing else rows.filter(has_sent)
    late = Q(id__in=sent.filter(is_late=True).values("organisation_id"))
    return rows.filter(late | ~has_sent if is_over else late)


def office_lines(of: Round, offices: Sequence[Organisation], on: date) -> list[OfficeLine]:
    """How far each of a page of offices is. One query besides the tally."""
    tally = tally_of(of)
    managers = tally.once("by office", lambda: tally.by_office(of.office))
    sums = {row[0]: row[1:] for row in _sums([office.id for office in offices], of.school_year, of.period)}
    lines = []
    for office in offices:
        schools, sent, late = totals(managers.get(office.id, ()), on)
        report, sent_at, summed, is_late = sums.get(office.id, (None, None, 0, of.is_over(on)))
        lines.append(OfficeLine(
            office=office, due=tally.days.get(office.id), schools=schools, sent=sent, late=late, report=report,
            sent_at=sent_at, summed=summed or 0, is_late=is_late,
        ))  # fmt: skip
    return lines


@compiled
def _sums(
    office_ids: Sequence[int], school_year: str, period: str
) -> QuerySet[PeriodReport, tuple[int, UUID, datetime | None, int | None, bool]]:
    rows = PeriodReport.objects.filter(
        organisation_id__in=office_ids, school_year=school_year, period=period, state=PeriodReport.State.SENT,
        summed__isnull=False,
    )  # fmt: skip
    return rows.values_list("organisation_id", "public_id", "sent_at", "summed", "is_late")


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


@compiled
def _count_sums(office_id: int, school_year: str, period: str) -> QuerySet[PeriodReport, tuple[bool, int]]:
    rows = _sums_under(office_id, school_year, period).order_by()
    return rows.values_list("is_late").annotate(count=Count("id"))


def _sums_under(office_id: int, school_year: str, period: str) -> QuerySet[PeriodReport]:
    return PeriodReport.objects.filter(
        organisation__parent_id=office_id, organisation__valid_to=None, school_year=school_year, period=period,
        state=PeriodReport.State.SENT, summed__isnull=False,
    )  # fmt: skip
