"""How far the schools of an office are with a period's reports, counted by who manages them.

Days are given by offices, and schools of one manager share theirs: so what grows with the country is counted by the
database in two grouped statements, and who is late is worked out for a few thousand offices, not for every school.
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar, cast

from django.db.models import Count, Q, QuerySet

from khue.foundation import clock
from khue.foundation.compiled import compiled
from khue.indicators.models import PeriodReport, ReportDeadline
from khue.registry.models import Organisation
from khue.registry.queries.schools_below import open_schools_in

T = TypeVar("T")
#: From so many schools on, a count is kept by the process that made it, for so many seconds: counting takes longer.
LARGE, FRESH_SECONDS, MOST_KEPT = 2_000, 60, 60


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


@dataclass(frozen=True, slots=True)
class Managed:
    """The open schools directly under one manager. due: by when they send, None where no office above them says."""

    manager_id: int
    lineage: str
    due: date | None
    schools: int
    sent: int
    came_late: int

    @property
    def missing(self) -> int:
        return self.schools - self.sent

    def late(self, on: date) -> int:
        """Sent after its day, or not sent though the day is over."""
        return self.came_late + (self.missing if self.due is not None and self.due < on else 0)


@dataclass(frozen=True, slots=True)
class Tally:
    """The managers below an office.

    days        the last day by the office that gives it: on the line down to this one, and below it
    counted_at  when, where the count was kept for a while; None where it is of now
    """

    managers: Sequence[Managed]
    days: Mapping[int, date]
    counted_at: datetime | None = None
    _worked_out: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, what: Hashable, work: Callable[[], T]) -> T:
        """What is worked out of the managers, kept as long as their count is: there are thousands of them."""
        if what not in self._worked_out:
            self._worked_out[what] = work()
        return cast(T, self._worked_out[what])

    def with_some(self, count: Callable[[Managed], int]) -> list[int]:
        """Managers of whose schools at least one is counted."""
        return [one.manager_id for one in self.managers if count(one)]

    def by_office(self, above: Organisation) -> dict[int, list[Managed]]:
        """Of each body directly below one: itself and every manager below it."""
        found: dict[int, list[Managed]] = {}
        for one in self.managers:
            if rest := one.lineage.removeprefix(above.lineage):
                found.setdefault(int(rest.partition(".")[0]), []).append(one)
        return found


_kept: dict[tuple[str, str, str], tuple[float, Tally]] = {}


def tally_of(of: Round) -> Tally:
    """Three queries, none where a count of a large office is kept. For whoever may see all that stands below it."""
    key = (of.office.lineage, of.school_year, of.period)
    held = _kept.get(key)
    if held and time.monotonic() - held[0] < FRESH_SECONDS:
        return held[1]
    line = [int(key) for key in of.office.lineage.strip(".").split(".")]
    days = dict(_days(line, of.office.lineage, of.school_year, of.period))
    managers = _counted(of, days)
    if sum(one.schools for one in managers) < LARGE:
        return Tally(managers, days)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    tally = Tally(managers, days, clock.now())
    _kept[key] = (time.monotonic(), tally)
    return tally


def _counted(of: Round, days: Mapping[int, date]) -> list[Managed]:
    came: dict[int, dict[bool, int]] = {}
    for manager, is_late, count in _sent(of.office.lineage, of.school_year, of.period):
        came.setdefault(manager, {})[is_late] = count
    return [
        Managed(manager, lineage, nearest(lineage, days), count, sum(came.get(manager, {}).values()),
                came.get(manager, {}).get(True, 0))
        for manager, lineage, count in _schools(of.office.lineage)
    ]  # fmt: skip


@compiled
def _schools(lineage: str) -> QuerySet[Organisation, tuple[int, str, int]]:
    rows = open_schools_in(lineage).order_by().values_list("parent_id", "parent__lineage")
    return rows.annotate(count=Count("id"))


@compiled
def _sent(lineage: str, school_year: str, period: str) -> QuerySet[PeriodReport, tuple[int, bool, int]]:
    rows = PeriodReport.objects.filter(
        organisation__lineage__startswith=lineage, organisation__kind=Organisation.Kind.SCHOOL,
        organisation__valid_to=None, school_year=school_year, period=period, state=PeriodReport.State.SENT,
    )  # fmt: skip
    return rows.order_by().values_list("organisation__parent_id", "is_late").annotate(count=Count("id"))


@compiled
def _days(
    line: Sequence[int], lineage: str, school_year: str, period: str
) -> QuerySet[ReportDeadline, tuple[int, date]]:
    near = Q(organisation_id__in=line) | Q(organisation__lineage__startswith=lineage)
    rows = ReportDeadline.objects.filter(near, school_year=school_year, period=period)
    return rows.values_list("organisation_id", "due_on")


def nearest(lineage: str, days: Mapping[int, date]) -> date | None:
    """What the nearest office of a line says, from the manager up."""
    line = map(int, reversed(lineage.strip(".").split(".")))
    return next((days[key] for key in line if key in days), None)
