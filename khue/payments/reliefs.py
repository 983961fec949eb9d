"""How much is taken off a fee: for days a child was not yet or no longer there, and for what it is granted."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Terms:
    """What is granted: percent of the price off, or what one unit costs instead. reason: with its evidence."""

    reason: str
    percent: int | None = None
    price: int | None = None


@dataclass(frozen=True, slots=True)
class Less:
    """đồng taken off, 0 to the whole; with the reasons where anything is."""

    amount: int
    reason: str


def less(*, price: int, quantity: int, terms: Iterable[Terms] = (), stayed: int = 1, of_days: int = 1) -> Less:
    """What is taken off `quantity` units of `price`.

    terms    of several only the one that helps most counts
    stayed   days of the span on which the child was there, of `of_days`: the rest is not asked for
    """
    whole = price * quantity
    share = (whole * stayed * 2 + of_days) // (of_days * 2)  # half a đồng is rounded up
    reasons = [_("Học %(stayed)s/%(days)s ngày của kỳ") % {"stayed": stayed, "days": of_days}] if share < whole else []
    granted, reason = max(((_granted(one, price, share), one.reason) for one in terms), default=(0, ""))
    if granted:
        reasons.append(reason)
    return Less(whole - share + granted, "; ".join(reasons))


def _granted(terms: Terms, price: int, share: int) -> int:
    """A lower price lowers what is left of the span in the same proportion. Rounded down: the family pays the rest."""
    if terms.percent is not None:
        return share * min(terms.percent, 100) // 100
    return share * max(price - (terms.price or 0), 0) // price
