"""Period reports: a school's own, and what an office has received or is still owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.indicators.access import Permission
from khue.indicators.models import PeriodReport, ReportDeadline
from khue.indicators.queries.figures import readable_organisations
from khue.registry import queries as registry
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One school in an office's list. is_late: it came after the day, or has not come and the day is over."""

    school: Organisation
    report: PeriodReport | None
    is_late: bool


def visible_reports(actor: Actor) -> QuerySet[PeriodReport]:
    """A school's own reports; to an office those that were sent. One query; page it."""
    own = actor.organisations(Permission.REPORT_WRITE)
    rows = PeriodReport.objects.select_related("organisation__territory")
    readable = rows.filter(organisation__in=readable_organisations(actor).order_by())
    sent = readable.filter(state=PeriodReport.State.SENT)
    return readable if own is None else sent | readable.filter(organisation_id__in=own)


def report_of(actor: Actor, public_id: UUID) -> PeriodReport:
    """Raises NotFound, also when it exists but was not sent to the actor."""
    return one(visible_reports(actor), public_id=public_id)


def reports_at(school: Organisation, school_year: str) -> dict[str, PeriodReport]:
    """The reports of a school's year by period. One query."""
    return {row.period: row for row in PeriodReport.objects.filter(organisation=school, school_year=school_year)}


def due_on(school: Organisation, school_year: str, period: str) -> date | None:
    """By when the school sends a period's report: as the nearest office above says. None where none says. One query."""
    return due_dates(school, school_year).get(period)


def due_dates(place: Organisation, school_year: str) -> dict[str, date]:
    """The days of a body by period; what a nearer office says goes before. One query."""
    above = [int(key) for key in place.lineage.strip(".").split(".")]
    rows = ReportDeadline.objects.filter(organisation_id__in=above, school_year=school_year)
    nearest = sorted(rows, key=lambda row: above.index(row.organisation_id))
    return {row.period: row.due_on for row in nearest}


def reports_due(office: Organisation, school_year: str, period: str, on: date) -> Sequence[ReportLine]:
    """Schools below an office by name, the first five hundred, with what each has sent. Three queries."""
    due = due_dates(office, school_year).get(period)
    schools = list(registry.organisations_below(office, kind=Organisation.Kind.SCHOOL).filter(valid_to=None)[:500])
    rows = PeriodReport.objects.filter(
        organisation__in=schools, school_year=school_year, period=period, state=PeriodReport.State.SENT
    )
    sent = {row.organisation_id: row for row in rows}
    is_over = due is not None and on > due
    return [
        ReportLine(school, sent.get(school.id), sent[school.id].is_late if school.id in sent else is_over)
        for school in schools
    ]


def sent_reports(office: Organisation, school_year: str, period: str) -> list[PeriodReport]:
    """What schools below an office have sent of a period. Three queries."""
    lines = reports_due(office, school_year, period, date.max)
    return [line.report for line in lines if line.report is not None]


def may_report(actor: Actor, school: Organisation) -> bool:
    """Whether the actor reports for this school."""
    return school.kind == Organisation.Kind.SCHOOL and actor.may(Permission.REPORT_WRITE, school)


def may_receive(actor: Actor, place: Organisation) -> bool:
    """Whether the actor receives reports of schools below this body."""
    return actor.may(Permission.REPORT_RECEIVE, place)
