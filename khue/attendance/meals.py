"""Which meals and days a family pays for: those at which its child was, as the rolls tell and as the school decided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from khue.attendance.absent_sessions import HalfDay
from khue.foundation.clock import VIETNAM

EVERY_DAY = "1234567"


@dataclass(frozen=True, slots=True)
class MealRule:
    """What a school decided from a day on.

    session   the half-day at which a child must be, "am" or "pm"; empty where either will do
    weekdays  on which meals are served, "12345": 1 is Monday
    cut_off   an absence announced later that day is paid for, as the meal is cooked; None where no absence is
    """

    valid_from: date
    session: str = ""
    weekdays: str = EVERY_DAY
    cut_off: time | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """That a family told the school of an absence. session: empty for all day."""

    first: date
    last: date
    session: str
    at: datetime


def meals_of(half_days: Iterable[HalfDay], announced: Sequence[Announced], rules: Sequence[MealRule]) -> int:
    """Meals of one child that are paid for.

    half_days  with rolls; of one without a roll nobody knows who was there, so nobody pays for it
    rules      in any order; before the first one, whoever was there at all had a meal, and no absence is paid for
    """
    days = defaultdict(list)
    for half in half_days:
        if half.held:
            days[half.day].append(half)
    in_order = sorted(rules, key=lambda rule: rule.valid_from)
    return sum(_is_paid(day, halves, announced, _rule_on(day, in_order)) for day, halves in days.items())


def days_of(half_days: Iterable[HalfDay]) -> int:
    """Days on which a child was there for at least one lesson."""
    return len({half.day for half in half_days if half.missed < half.held})


def _rule_on(day: date, rules: Sequence[MealRule]) -> MealRule:
    found = [rule for rule in rules if rule.valid_from <= day]
    return found[-1] if found else MealRule(day)


def _is_paid(day: date, halves: Sequence[HalfDay], announced: Sequence[Announced], rule: MealRule) -> bool:
    counting = [half for half in halves if rule.session in ("", half.session)]
    if not counting or str(day.isoweekday()) not in rule.weekdays:
        return False
    if any(half.missed < half.held for half in counting):
        return True
    if rule.cut_off is None:
        return False
    latest = datetime.combine(day, rule.cut_off, VIETNAM)
    return not any(
        told.first <= day <= told.last and told.at <= latest and _covers(told.session, counting) for told in announced
    )


def _covers(session: str, halves: Sequence[HalfDay]) -> bool:
    return session == "" or all(half.session == session for half in halves)
