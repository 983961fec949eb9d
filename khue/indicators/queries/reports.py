"""Period reports: a body's own, and what an office has received or is still owed by schools."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Length

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.indicators import access
from khue.indicators.access import Permission
from khue.indicators.models import PeriodReport, ReportDeadline
from khue.indicators.queries.figures import readable_organisations
from khue.registry.models import Organisation
from khue.registry.queries.schools_below import count_open_schools_below, open_schools_below


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One school in an office's list. is_late: it came after its day, or has not come and its day is over.

    Whose day counts is said by `nearest_due`: a department's, not the Ministry's.

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

    due  the last day that this office, or one above it, says; None where none does. Of the sums of offices directly
         below it is the one that counts; of a school it may be nearer
    """

    office: Organisation
    school_year: str
    period: str
    due: date | None

    def is_over(self, on: date) -> bool:
        return self.due is not None and on > self.due


def visible_reports(actor: Actor) -> QuerySet[PeriodReport]:
    """A body's own reports; to an office those that were sent. One query; page it."""
    own = actor.organisations(Permission.REPORT_WRITE)
    rows = PeriodReport.objects.select_related("organisation__territory")
    readable = rows.filter(organisation__in=readable_organisations(actor).order_by())
    sent = readable.filter(state=PeriodReport.State.SENT)
    return readable if own is None else sent | readable.filter(organisation_id__in=own | access.summing(actor))


def report_of(actor: Actor, public_id: UUID) -> PeriodReport:
    """Raises NotFound, also when it exists but was not sent to the actor."""
    return first(_report(actor, public_id))


@compiled
def _report(actor: Actor, public_id: UUID) -> QuerySet[PeriodReport]:
    return visible_reports(actor).filter(public_id=public_id)


def reports_at(place: Organisation, school_year: str) -> dict[str, PeriodReport]:
    """The reports of a body's year by period. One query."""
    return {row.period: row for row in _reports(place.id, school_year)}


@compiled
def _reports(organisation_id: int, school_year: str) -> QuerySet[PeriodReport]:
    return PeriodReport.objects.filter(organisation_id=organisation_id, school_year=school_year)


def due_on(place: Organisation, school_year: str, period: str) -> date | None:
    """By when a body sends a period's report: as the nearest office above says. None where none says. One query."""
    return _due(_line_of(place)[:-1], school_year).get(period)


def due_dates(place: Organisation, school_year: str) -> dict[str, date]:
    """The days that a body gives or is given, by period; what a nearer office says goes before. One query."""
    return _due(_line_of(place), school_year)


def _due(line: list[int], school_year: str) -> dict[str, date]:
    nearest = sorted(_deadlines(line, school_year), key=lambda row: line.index(row.organisation_id))
    return {row.period: row.due_on for row in nearest}


def _line_of(place: Organisation) -> list[int]:
    return [int(key) for key in place.lineage.strip(".").split(".")]


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
        return rows.filter(late | Q(id__in=_overdue(of, on).values("id")))
    if which == "sent":
        return rows.filter(id__in=sent.values("organisation_id"))
    return rows.exclude(id__in=sent.values("organisation_id")) if which == "missing" else rows


def nearest_due(of: Round) -> QuerySet[ReportDeadline, date]:
    """The last day of the nearest office above a body, which has its `lineage`: for a subquery."""
    rows = ReportDeadline.objects.filter(school_year=of.school_year, period=of.period)
    rows = rows.annotate(below=_text(OuterRef("lineage"))).filter(below__startswith=F("organisation__lineage"))
    rows = rows.exclude(organisation_id=OuterRef("id"))
    return rows.order_by(Length("organisation__lineage").desc()).values_list("due_on", flat=True)[:1]


def _text(outer: OuterRef) -> "ExpressionWrapper[OuterRef]":
    return ExpressionWrapper(outer, output_field=TextField())


def _overdue(of: Round, on: date) -> QuerySet[Organisation]:
    """Open schools that have not sent though their day is over."""
    sent = _sent(of.office.lineage, of.school_year, of.period)
    rows = open_schools_below(of.office).order_by().exclude(id__in=sent.values("organisation_id"))
    return rows.annotate(due=Subquery(nearest_due(of))).filter(due__lt=on)


def report_lines(of: Round, schools: Sequence[Organisation], on: date) -> list[ReportLine]:
    """What each of a page of schools has sent. Two queries."""
    rows = _sent_by([school.id for school in schools], of.school_year, of.period)
    found = {school: (report, sent_at, is_late) for school, report, sent_at, is_late in rows}
    days = days_given([key for school in schools for key in _line_of(school)[:-1]], of)
    lines = []
    for school in schools:
        due = next((days[key] for key in reversed(_line_of(school)[:-1]) if key in days), None)
        lines.append(ReportLine(school, *found.get(school.id, (None, None, due is not None and on > due))))
    return lines


def days_given(office_ids: Sequence[int], of: Round) -> dict[int, date]:
    """The last day of a period's reports by the office that says it, of these. One query."""
    rows = _deadlines(sorted(set(office_ids)), of.school_year)
    return {row.organisation_id: row.due_on for row in rows if row.period == of.period}


@compiled
def _sent_by(
    school_ids: Sequence[int], school_year: str, period: str
) -> QuerySet[PeriodReport, tuple[int, UUID, datetime | None, bool]]:
    rows = PeriodReport.objects.filter(
        organisation_id__in=school_ids, school_year=school_year, period=period, state=PeriodReport.State.SENT
    )
    return rows.values_list("organisation_id", "public_id", "sent_at", "is_late")


def received(of: Round, on: date) -> Received:
    """How many reports of schools came of a period, and how many are late. Three queries."""
    whole = count_open_schools_below(of.office)
    sent = dict(_count_sent(of.office.lineage, of.school_year, of.period))
    came = sum(sent.values())
    return Received(whole, came, sent.get(True, 0) + (_overdue(of, on).count() if whole > came else 0))


@compiled
def _count_sent(lineage: str, school_year: str, period: str) -> QuerySet[PeriodReport, tuple[bool, int]]:
    rows = _sent(lineage, school_year, period).filter(organisation__valid_to=None, summed=None)
    return rows.order_by().values_list("is_late").annotate(count=Count("id"))


def _sent(lineage: str, school_year: str, period: str) -> QuerySet[PeriodReport]:
    return PeriodReport.objects.filter(
        organisation__lineage__startswith=lineage, school_year=school_year, period=period,
        state=PeriodReport.State.SENT,
    )  # fmt: skip


def sent_reports(office: Organisation, school_year: str, period: str) -> list[PeriodReport]:
    """What bodies below an office have sent of a period, each school in one of them. One query.

    Once an office below has sent its sum, that stands for every school under it: what one of them sends later is
    not in it.
    """
    sums = PeriodReport.objects.filter(
        school_year=school_year, period=period, state=PeriodReport.State.SENT, summed__isnull=False,
        organisation__lineage__startswith=office.lineage,
    ).exclude(organisation_id=office.id)  # fmt: skip
    above = sums.annotate(below=_text(OuterRef("organisation__lineage")))
    above = above.filter(below__startswith=F("organisation__lineage"))
    rows = _sent(office.lineage, school_year, period).exclude(organisation_id=office.id)
    rows = rows.exclude(Exists(above.exclude(organisation_id=OuterRef("organisation_id"))))
    return list(rows.order_by("id").only("figures", "corrected", "summed", "unknown"))


def may_report(actor: Actor, place: Organisation) -> bool:
    """Whether the actor reports for this body: a school, or the own office of what it received."""
    return access.may_report(actor, place)


def may_receive(actor: Actor, place: Organisation) -> bool:
    """Whether the actor receives reports of schools below this body."""
    return actor.may(Permission.REPORT_RECEIVE, place)
