"""For which days a fee is asked, by its base: a fee of the year is not asked twice because two months are billed."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from khue.payments.extensions import Period, Span
from khue.payments.models import FeeItem

Base = FeeItem.Base


def window(base: str, span: Span, periods: Sequence[Period]) -> Span:
    """The days for which a fee of this base stands once when this span is billed.

    periods  terms of the school in order; without them the span itself is the window
    """
    if base == Base.ONCE:
        return Span(span.organisation_id, date.min, date.max)
    period = period_of(span.first, periods)
    if period is None or base not in (Base.TERM, Base.YEAR):
        return span
    same = [each for each in periods if each.year == period.year] if base == Base.YEAR else [period]
    return Span(span.organisation_id, min(each.first for each in same), max(each.last for each in same))


def period_of(day: date, periods: Sequence[Period]) -> Period | None:
    """The term of a day; of a day in the holidays the next one."""
    return next((period for period in periods if period.last >= day), None)


def months_in(span: Span) -> int:
    """How many months of the calendar a span touches: what a fee by the month is asked for."""
    return (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1


def carried(moves: Sequence[tuple[date, int]], periods: Sequence[Period]) -> list[tuple[Period, int, int]]:
    """What a family brought into each term in which something moved, and what it took out of it.

    moves    (day, đồng): above zero what it was asked for or given back, below zero what it paid
    returns  (term, balance at its beginning, balance at its end), above zero what the family owes; a term lasts until
             the next one begins, the first one has what was before it
    """
    found = []
    balance = 0
    left = sorted(moves)
    for period, following in pairwise([*periods, None]):
        if period is None:
            break
        end = following.first if following else date.max
        own = [amount for day, amount in left if day < end or following is None]
        left = [(day, amount) for day, amount in left if not (day < end or following is None)]
        if own or balance:
            found.append((period, balance, balance + sum(own)))
        balance += sum(own)
    return found
