"""Leave of the staff: whose it is to see, who is away, and what is left of a year's days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.models import StoredFile
from khue.foundation.record import one
from khue.registry.queries import Colleague, colleagues
from khue.workspace import access
from khue.workspace.leave_days import left
from khue.workspace.models import LeaveAllowance, StaffLeave

PAPER = "workspace.leave"
COUNTED = (StaffLeave.State.WAITING.value, StaffLeave.State.APPROVED.value)


def visible_leave(actor: Actor) -> QuerySet[StaffLeave]:
    """Leave the actor may see, the latest first: one's own, where one stands in, and where one decides all."""
    return leave_seen(actor, offices_of(actor))


def leave_seen(actor: Actor, offices: Collection[int]) -> QuerySet[StaffLeave]:
    """The same, for a list that keeps its query. offices: from `offices_of`."""
    rows = StaffLeave.objects.filter(access.visible_leave(actor, offices))
    return rows.select_related("person", "covered_by", "paper", "organisation").order_by("-id")


def offices_of(actor: Actor) -> list[int]:
    """The bodies for which the actor answers the boards of schools. No query."""
    return access.offices_of(actor)


def leave_of(actor: Actor, public_id: UUID) -> StaffLeave:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_leave(actor), public_id=public_id)


def decides_on(actor: Actor, leave: StaffLeave) -> bool:
    """Whether the actor answers a leave that `leave_of` gave. No query."""
    return access.decides_on(actor, leave)


def leave_path(leave: StaffLeave) -> str:
    """The page of a leave."""
    return f"/work/leave/{leave.public_id}/"


def waiting_leave(actor: Actor) -> int:
    """How many ask for leave that the actor decides about. One query."""
    counted = _waiting(actor, actor.person_id or 0, access.offices_of(actor))
    return counted[0] if counted else 0


@compiled
def _waiting(actor: Actor, person_id: int, offices: Collection[int]) -> QuerySet[StaffLeave, int]:
    rows = leave_to_decide(actor, person_id, offices).order_by().values("state")
    return cast("QuerySet[StaffLeave, int]", rows.annotate(number=Count("id")).values_list("number", flat=True))


def leave_to_decide(actor: Actor, person_id: int, offices: Collection[int]) -> QuerySet[StaffLeave]:
    """What waits for the actor to decide: nobody decides about oneself, person_id. offices: access.offices_of."""
    rows = StaffLeave.objects.filter(access.decided_leave(actor, offices), state=StaffLeave.State.WAITING)
    return rows.filter(~Q(person_id=person_id))


def may_read_paper(actor: Actor, file: StoredFile) -> bool:
    """What was added is read by who asked and who decides, not by who stands in. One query."""
    return StaffLeave.objects.filter(access.leave_papers(actor), paper=file).exists()


@dataclass(frozen=True, slots=True)
class Away:
    """That somebody is away on some days of a week: no reason, no kind."""

    full_name: str
    first_day: date
    last_day: date
    cover: str


def away_between(actor: Actor, first: date, last: date) -> list[Away]:
    """Who is away in these days where the actor works, in name order. One query."""
    return [Away(name, begins, ends, cover or "") for name, begins, ends, cover in _away(actor, first, last)]


@compiled
def _away(actor: Actor, first: date, last: date) -> QuerySet[StaffLeave, tuple[str, date, date, str | None]]:
    rows = StaffLeave.objects.filter(
        access.visible_occasions(actor), state=StaffLeave.State.APPROVED.value, first_day__lte=last,
        last_day__gte=first,
    )  # fmt: skip
    fields = ("person__full_name", "first_day", "last_day", "covered_by__full_name")
    return rows.order_by("person__sort_key", "id").values_list(*fields)


@dataclass(frozen=True, slots=True)
class Balance:
    """Annual leave of one person in a calendar year, in halves of a day.

    allowed  None where nobody has said
    used     granted, and asked for and not decided
    """

    allowed: int | None
    used: int

    @property
    def left(self) -> int | None:
        return left(self.allowed, self.used)


def balance_of(organisation_id: int, person_id: int, year: int) -> Balance:
    """One person's year. Two queries."""
    return _balances(organisation_id, year, [person_id])[person_id]


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One of the staff with the year's balance."""

    person: Colleague
    balance: Balance


def balances_at(organisation_id: int, year: int) -> list[BalanceRow]:
    """The year of everybody who works there, in name order. Three queries."""
    staff = colleagues(organisation_id)
    balances = _balances(organisation_id, year, [each.person_id for each in staff])
    return [BalanceRow(each, balances[each.person_id]) for each in staff]


def _balances(organisation_id: int, year: int, people: Sequence[int]) -> dict[int, Balance]:
    """Leave counts for the year in which it begins."""
    allowed = dict(_allowed(organisation_id, people, year))
    used = dict(_used(organisation_id, people, date(year, 1, 1), date(year, 12, 31)))
    return {each: Balance(allowed.get(each), used.get(each, 0)) for each in people}


@compiled
def _allowed(organisation_id: int, people: Sequence[int], year: int) -> QuerySet[LeaveAllowance, tuple[int, int]]:
    rows = LeaveAllowance.objects.filter(organisation_id=organisation_id, person_id__in=people, year=year)
    return rows.values_list("person_id", "half_days")


@compiled
def _used(
    organisation_id: int, people: Sequence[int], first: date, last: date
) -> QuerySet[StaffLeave, tuple[int, int]]:
    rows = StaffLeave.objects.filter(
        organisation_id=organisation_id, person_id__in=people, kind=StaffLeave.Kind.ANNUAL.value, state__in=COUNTED,
        first_day__gte=first, first_day__lte=last,
    )  # fmt: skip
    sums = rows.order_by().values("person_id").annotate(half=Sum("half_days")).values_list("person_id", "half")
    return cast("QuerySet[StaffLeave, tuple[int, int]]", sums)
