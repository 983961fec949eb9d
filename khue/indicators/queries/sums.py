"""What the reports below an office come to: from the bodies directly below it, each of which has its own kept."""

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.indicators.models import PeriodReport, PeriodSum
from khue.registry.models import Organisation


def parts_of_sum(office_id: int, school_year: str, period: str) -> list[PeriodReport | PeriodSum]:
    """What the bodies directly below an office tell of a period, each school in one of them. Two queries.

    Once an office has sent its sum, that stands for every school under it: what one of them sends later is not in it.
    """
    sent = _sent_under(office_id, school_year, period)
    told = {row.organisation_id for row in sent if row.summed is not None}
    kept = _kept_under(office_id, school_year, period)
    return [*sent, *(row for row in kept if row.organisation_id not in told)]


@compiled
def _sent_under(office_id: int, school_year: str, period: str) -> QuerySet[PeriodReport]:
    rows = PeriodReport.objects.filter(
        organisation__parent_id=office_id, school_year=school_year, period=period, state=PeriodReport.State.SENT
    )
    return rows.order_by("id")


@compiled
def _kept_under(office_id: int, school_year: str, period: str) -> QuerySet[PeriodSum]:
    rows = PeriodSum.objects.filter(organisation__parent_id=office_id, school_year=school_year, period=period)
    return rows.order_by("id")


def sum_at(office: Organisation, school_year: str, period: str) -> PeriodSum | None:
    """What all reports below an office came to when one of them last came; None while none did. One query."""
    return next(iter(_sum_at(office.id, school_year, period)), None)


@compiled
def _sum_at(office_id: int, school_year: str, period: str) -> QuerySet[PeriodSum]:
    return PeriodSum.objects.filter(organisation_id=office_id, school_year=school_year, period=period)
