"""The list of an office's schools with a period's reports, narrowed to who has sent, has not, or is late."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from khue.indicators.models import PeriodReport
from khue.indicators.queries.managers import Managed, Round, Tally, tally_of
from khue.registry.models import Organisation
from khue.registry.queries.schools_below import open_schools_in

#: What is counted of a manager's schools, by the word that narrows a list to them.
COUNTS: dict[str, Callable[[Managed, date], int]] = {
    "sent": lambda one, _on: one.sent,
    "missing": lambda one, _on: one.missing,
    "late": lambda one, on: one.late(on),
}
#: Where so few managers have what a list is narrowed to, it looks at their schools only; likewise where what is looked
#: for is less than a quarter of so many schools. Else it is met soon enough by going through all by their names.
FEW_MANAGERS, FEW_SCHOOLS = 20, 3_000

#: An id that no manager has: Django would leave a query out that compares with an empty list.
NOBODY = 0

#: A query that lists.Listing keeps, and its arguments.
Listed = tuple[Callable[..., QuerySet[Organisation]], Sequence[object]]


def schools_reporting(of: Round, on: date, which: str = "", tally: Tally | None = None) -> Listed:
    """The open schools below an office: a query, and its arguments. Page it, and give the page to `report_lines`.

    which  "sent", "missing" or "late"; all of them for any other word
    tally  of the round, counted where it is not given and needed
    """
    if which not in COUNTS:
        return open_schools_in, (of.office.lineage,)
    tally = tally or tally_of(of)
    managers, over = tally.once((which, on), lambda: _managers(tally, which, on))
    return _narrowed, (of.office.lineage, managers, of.school_year, of.period, which == "missing", over)


def _managers(tally: Tally, which: str, on: date) -> tuple[list[int] | None, list[int] | None]:
    some = _worth_looking_at([one for one in tally.managers if COUNTS[which](one, on)], which, on)
    if which != "late":
        return some, None
    return some, tally.with_some(lambda one: one.late(on) - one.came_late) or [NOBODY]


def _worth_looking_at(some: Sequence[Managed], which: str, on: date) -> list[int] | None:
    """The managers whose schools are looked at; None where all schools are gone through."""
    schools, wanted = sum(one.schools for one in some), sum(COUNTS[which](one, on) for one in some)
    if len(some) <= FEW_MANAGERS or (schools <= FEW_SCHOOLS and 4 * wanted <= schools):
        return [one.manager_id for one in some]
    return None


def _narrowed(
    lineage: str, managers: Sequence[int] | None, school_year: str, period: str, is_missing: bool,
    over: Sequence[int] | None,
) -> QuerySet[Organisation]:  # fmt: skip
    """What each school has sent is looked up, so that a page costs what it walks past, never a country's reports.

    over  where late ones are wanted: managers of whose schools those are late that have not sent
    """
    rows = open_schools_in(lineage)
    if managers is not None:
        rows = rows.filter(parent_id__in=managers)
    sent = PeriodReport.objects.filter(
        organisation_id=OuterRef("id"), school_year=school_year, period=period, state=PeriodReport.State.SENT
    )
    came_late = Subquery(sent.values("is_late")[:1])
    if over is None:
        return rows.alias(came_late=came_late).filter(came_late__isnull=is_missing)
    has_not = ExpressionWrapper(Q(parent_id__in=over), BooleanField())
    return rows.alias(late=Coalesce(came_late, has_not)).filter(late=True)
