"""Period reports: a school's own, and what an office has received or is still owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.indicators.access import Permission
from khue.indicators.models import PeriodReport, ReportDeadline
from khue.indicators.queries.figures import readable_organisations
from khue.indicators.queries.schools_below import count_open_schools_below, open_schools_below
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One school in an office's list. is_late: it came after the day, or has not come and the day is over.

    report   its public id, None while nothing was sent; sent_at likewise
    """

    school: Organisation
    report: UUID | None
    sent_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Received:
    """How far an office is with a period: open schools below it, how many sent, how many of all are late."""

    schools: int
    sent: int
    late: int

    @property
    def missing(self) -> int:
        return self.schools - self.sent


@dataclass(frozen=True, slots=True)
class Round:
    """The reports of one period that an office waits for.

    due  the last day; None where nobody said one: then nothing is late
    """

    office: Organisation
    school_year: str
    period: str
    due: date | None

    def is_over(self, on: date) -> bool:
        return self.due is not None and on > self.due


def visible_reports(actor: Actor) -> QuerySet[PeriodReport]:
    """A school's own reports; to an office those that were sent. One query; page it."""
    own = actor.organisations(Permission.REPORT_WRITE)
    rows = PeriodReport.objects.select_related("organisation__territory")
    readable = rows.filter(organisation__in=readable_organisations(actor).order_by())
    sent = readable.filter(state=PeriodReport.State.SENT)
    return readable if own is None else sent | readable.filter(organisation_id__in=own)


def report_of(actor: Actor, public_id: UUID) -> PeriodReport:
    """Raises NotFound, also when it exists but was not sent to the actor."""
    return first(_report(actor, public_id))


@compiled
def _report(actor: Actor, public_id: UUID) -> QuerySet[PeriodReport]:
    return visible_reports(actor).filter(public_id=public_id)


def reports_at(school: Organisation, school_year: str) -> dict[str, PeriodReport]:
    """The reports of a school's year by period. One query."""
    return {row.period: row for row in _reports(school.id, school_year)}


@compiled
def _reports(school_id: int, school_year: str) -> QuerySet[PeriodReport]:
    return PeriodReport.objects.filter(organisation_id=school_id, school_year=school_year)


def due_on(school: Organisation, school_year: str, period: str) -> date | None:
    """By when the school sends a period's report: as the nearest office above says. None where none says. One query."""
    return due_dates(school, school_year).get(period)


def due_dates(place: Organisation, school_year: str) -> dict[str, date]:
    """The days of a body by period; what a nearer office says goes before. One query."""
    above = [int(key) for key in place.lineage.strip(".").split(".")]
    nearest = sorted(_deadlines(above, school_year), key=lambda row: above.index(row.organisation_id))
    return {row.period: row.due_on for row in nearest}


@compiled
def _deadlines(organisation_ids: Sequence[int], school_year: str) -> QuerySet[ReportDeadline]:
    return ReportDeadline.objects.filter(organisation_id__in=organisation_ids, school_year=school_year)


def schools_reporting(of: Round, on: date, which: str = "") -> QuerySet[Organisation]:
    """The open schools below an office. One query; page it, and give the page to `report_lines`.

    which  "sent", "missing" or "late"; all of them for any other word
    """
    rows = open_schools_below(of.office)
    sent = _sent(of.office.lineage, of.school_year, of.period)
    if which == "late":
        late = Q(id__in=sent.filter(is_late=True).values("organisation_id"))
        return rows.filter(late | ~Q(id__in=sent.values("organisation_id")) if of.is_over(on) else late)
    if which == "sent":
        return rows.filter(id__in=sent.values("organisation_id"))
    return rows.exclude(id__in=sent.values("organisation_id")) if which == "missing" else rows


def report_lines(of: Round, schools: Sequence[Organisation], on: date) -> list[ReportLine]:
    """What each of a page of schools has sent. One query."""
    rows = _sent_by([school.id for school in schools], of.school_year, of.period)
    found = {school: (report, sent_at, is_late) for school, report, sent_at, is_late in rows}
    nothing = (None, None, of.is_over(on))
    return [ReportLine(school, *found.get(school.id, nothing)) for school in schools]


@compiled
def _sent_by(
    school_ids: Sequence[int], school_year: str, period: str
) -> QuerySet[PeriodReport, tuple[int, UUID, datetime | None, bool]]:
    rows = PeriodReport.objects.filter(
        organisation_id__in=school_ids, school_year=school_year, period=period, state=PeriodReport.State.SENT
    )
    return rows.values_list("organisation_id", "public_id", "sent_at", "is_late")


def received(of: Round, on: date) -> Received:
    """How many reports of a period came, and how many are late. Two queries."""
    whole = count_open_schools_below(of.office)
    sent = dict(_count_sent(of.office.lineage, of.school_year, of.period))
    came = sum(sent.values())
    return Received(whole, came, sent.get(True, 0) + (whole - came if of.is_over(on) else 0))


@compiled
def _count_sent(lineage: str, school_year: str, period: str) -> QuerySet[PeriodReport, tuple[bool, int]]:
    rows = _sent(lineage, school_year, period).filter(organisation__valid_to=None)
    return rows.order_by().values_list("is_late").annotate(count=Count("id"))


def _sent(lineage: str, school_year: str, period: str) -> QuerySet[PeriodReport]:
    return PeriodReport.objects.filter(
        organisation__lineage__startswith=lineage, school_year=school_year, period=period,
        state=PeriodReport.State.SENT,
    )  # fmt: skip


def sent_reports(office: Organisation, school_year: str, period: str) -> list[PeriodReport]:
    """Everything that schools below an office have sent of a period, figures alone. One query."""
    rows = _sent(office.lineage, school_year, period).order_by("id")
    return list(rows.only("figures", "corrected"))


def may_report(actor: Actor, school: Organisation) -> bool:
    """Whether the actor reports for this school."""
    return school.kind == Organisation.Kind.SCHOOL and actor.may(Permission.REPORT_WRITE, school)


def may_receive(actor: Actor, place: Organisation) -> bool:
    """Whether the actor receives reports of schools below this body."""
    return actor.may(Permission.REPORT_RECEIVE, place)
