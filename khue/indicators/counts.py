"""Counts and what may be done with them: a ratio is kept as its two counts, so that sums go up the tree."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted somewhere: never a percentage.

    unknown  who or what could not be counted, because nobody has told; never taken for zero
    """

    numerator: int
    denominator: int
    unknown: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.numerator + other.numerator, self.denominator + other.denominator, self.unknown + other.unknown
        )


NOTHING = Count(0, 0, 0)


def total(counts: Iterable[Count | None]) -> Count | None:
    """The count of the whole from its parts: sums of numerators and denominators, never a mean of percentages.

    counts   None where a part has not been counted: it is left out, not taken for zero
    returns  None when no part has been counted
    source   domain §9.7
    """
    known = [count for count in counts if count is not None]
    return sum(known, NOTHING) if known else None


def percent(count: Count | None, places: int = 1) -> Decimal | None:
    """The share in percent, half rounded up; None while nothing is known."""
    if count is None or not count.denominator:
        return None
    share = Decimal(100) * count.numerator / count.denominator
    return share.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def has_reached(count: Count | None, target: int | None) -> bool:
    """Whether the share is at or above the target, by exact arithmetic; False while either is unknown."""
    if count is None or target is None or not count.denominator:
        return False
    return 100 * count.numerator >= target * count.denominator
