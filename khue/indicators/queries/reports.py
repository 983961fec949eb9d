"""Period reports: a body's own, and what an office has received or is still owed by schools."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import first
from khue.indicators import access
from khue.indicators.access import Permission
from khue.indicators.models import PeriodReport, ReportDeadline
from khue.indicators.queries.figures import readable_organisations
from khue.indicators.queries.managers import Managed, Round, Tally, nearest, tally_of
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One school in an office's list. is_late: it came after its day, or has not come and its day is over.

    Whose day counts is said by the nearest office: a department's, not the Ministry's.

    report   its public id, None while nothing was sent; sent_at likewise
    """

    school: Organisation
    report: UUID | None
    sent_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Received:
    """How far an office is with a period: open schools below it, how many sent, how many of all are late.

    counted_at  when, of a large office whose count is kept for a minute; None where it is of now
    """

    schools: int
    sent: int
    late: int
    counted_at: datetime | None = None

    @property
    def missing(self) -> int:
        return self.schools - self.sent


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


def report_lines(of: Round, schools: Sequence[Organisation], on: date, tally: Tally | None = None) -> list[ReportLine]:
    """What each of a page of schools has sent. One query where the tally is given."""
    days = (tally or tally_of(of)).days
    rows = _sent_by([school.id for school in schools], of.school_year, of.period)
    found = {school: (report, sent_at, is_late) for school, report, sent_at, is_late in rows}
    lines = []
    for school in schools:
        due = nearest(school.lineage, days)
        lines.append(ReportLine(school, *found.get(school.id, (None, None, due is not None and on > due))))
    return lines


@compiled
def _sent_by(
    school_ids: Sequence[int], school_year: str, period: str
) -> QuerySet[PeriodReport, tuple[int, UUID, datetime | None, bool]]:
    rows = PeriodReport.objects.filter(
        organisation_id__in=school_ids, school_year=school_year, period=period, state=PeriodReport.State.SENT
    )
    return rows.values_list("organisation_id", "public_id", "sent_at", "is_late")


def received(of: Round, on: date, tally: Tally | None = None) -> Received:
    """How many reports of schools came of a period, and how many are late. No query where the tally is given."""
    tally = tally or tally_of(of)
    schools, sent, late = tally.once(("received", on), lambda: totals(tally.managers, on))
    return Received(schools, sent, late, tally.counted_at)


def totals(managers: Iterable[Managed], on: date) -> tuple[int, int, int]:
    """Of these: schools, how many have sent, how many are late."""
    schools = sent = late = 0
    for one in managers:
        schools, sent, late = schools + one.schools, sent + one.sent, late + one.late(on)
    return schools, sent, late


def may_report(actor: Actor, place: Organisation) -> bool:
    """Whether the actor reports for this body: a school, or the own office of what it received."""
    return access.may_report(actor, place)


def may_receive(actor: Actor, place: Organisation) -> bool:
    """Whether the actor receives reports of schools below this body."""
    return actor.may(Permission.REPORT_RECEIVE, place)
