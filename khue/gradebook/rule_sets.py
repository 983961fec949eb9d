"""The rules by which marks are kept, as dated data: a new circular is a new row here, never a changed constant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class MarkKind(StrEnum):
    """What a mark column is for."""

    REGULAR = "regular"  # ĐĐGtx
    MID_TERM = "mid"  # ĐĐGgk
    END_TERM = "end"  # ĐĐGck


@dataclass(frozen=True)
class RuleSet:
    """One circular's rules for keeping marks.

    grades           the grades it applies to
    weights          what a mark of each kind counts in the term mean
    top_tenths       the top of the scale, in tenths
    source           legal citation
    """

    code: str
    valid_from: date
    valid_to: date | None
    grades: range
    weights: Mapping[MarkKind, int]
    term_weights: tuple[int, int]
    top_tenths: int
    source: str


TT22_2021 = RuleSet(
    code="TT22-2021",
    valid_from=date(2021, 9, 5),
    valid_to=None,
    grades=range(6, 13),
    weights={MarkKind.REGULAR: 1, MarkKind.MID_TERM: 2, MarkKind.END_TERM: 3},
    term_weights=(1, 2),
    top_tenths=100,
    source="TT 22/2021/TT-BGDĐT, Điều 6, 7, 9",
)
RULE_SETS = (TT22_2021,)


def rule_set(code: str) -> RuleSet:
    """The rule set with that code. Raises KeyError for a code that was never issued."""
    return {known.code: known for known in RULE_SETS}[code]


def rule_set_for(grade: int, on: date) -> RuleSet | None:
    """The rule set in force for a grade on a day; None where marks are not kept (primary) or no rule is known."""
    for known in RULE_SETS:
        if grade in known.grades and known.valid_from <= on and (known.valid_to is None or on <= known.valid_to):
            return known
    return None
