"""How many periods a week a teacher owes, and how many are too many."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PRIMARY, LOWER, UPPER = range(1, 6), range(6, 10), range(10, 13)
QUOTAS = ((PRIMARY, 23), (LOWER, 19), (UPPER, 17))
MOST_DUTIES = 2
MOST_OVERTIME = Decimal("0.5")


class Duty(StrEnum):
    """What a teacher does beside teaching, for which periods are taken off."""

    HOMEROOM = "homeroom"
    GROUP_HEAD = "group_head"


REDUCTIONS = {Duty.HOMEROOM: 4, Duty.GROUP_HEAD: 3}
LEADER_QUOTAS = {"head": 2, "deputy_head": 4}


@dataclass(frozen=True, slots=True)
class Load:
    """Periods a week: taught, owed, and above what is owed (below it where negative)."""

    taught: Decimal
    owed: int

    @property
    def over(self) -> Decimal:
        return self.taught - self.owed

    @property
    def is_too_much(self) -> bool:
        """More overtime than half of what is owed."""
        return self.over > self.owed * MOST_OVERTIME


def quota_of(position: str, periods_by_grade: Iterable[tuple[int, Decimal]]) -> int | None:
    """Periods a week before any reduction; None for somebody who teaches nothing and does not lead the school.

    periods_by_grade  what the teacher teaches; who teaches on several levels owes the quota of the level with most
    source            TT 05/2025/TT-BGDĐT; domain §9.2
    """
    if position in LEADER_QUOTAS:
        return LEADER_QUOTAS[position]
    taught: dict[int, Decimal] = {}
    for grade, periods in periods_by_grade:
        quota = next(quota for grades, quota in QUOTAS if grade in grades)
        taught[quota] = taught.get(quota, Decimal(0)) + periods
    return max(taught, key=lambda quota: (taught[quota], -quota)) if taught else None


def load_of(quota: int, taught: Decimal, duties: Iterable[Duty]) -> Load:
    """The load with the reductions of at most two duties, the greatest first.

    source  TT 05/2025/TT-BGDĐT: homeroom 4, head of a subject group 3; domain §9.2
    """
    reductions = sorted((REDUCTIONS[duty] for duty in duties), reverse=True)[:MOST_DUTIES]
    return Load(taught, max(quota - sum(reductions), 0))
