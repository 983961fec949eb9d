"""The rules by which marks are kept, as dated data: a new circular is a new row here, never a changed constant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum


class MarkKind(StrEnum):
    """What a mark column is for."""

    REGULAR = "regular"  # ĐĐGtx
    MID_TERM = "mid"  # ĐĐGgk
    END_TERM = "end"  # ĐĐGck


class Level(IntEnum):
    """A result of study or conduct, lowest first: Chưa đạt, Đạt, Khá, Tốt."""

    NOT_MET = 0
    MET = 1
    FAIR = 2
    GOOD = 3


@dataclass(frozen=True)
class LevelRule:
    """What a study level asks of a pupil's subjects.

    every         each scored subject's mean is at least this, in tenths
    most          so many scored subjects ...
    most_reach    ... have a mean of at least this, in tenths
    failed        so many commented subjects may be Chưa đạt
    """

    level: Level
    every: int
    most: int
    most_reach: int
    failed: int


@dataclass(frozen=True)
class YearRules:
    """What a year's results come to.

    levels               from the highest; whoever meets none is Chưa đạt
    conduct              (term 1, term 2) to the year's conduct
    most_absent          sessions of absence with which a pupil may still move up
    reassess_below       a scored subject below this mean, in tenths, may be assessed again
    excellent            so many scored subjects ...
    excellent_reach      ... with at least this mean, in tenths, make an excellent pupil
    """

    levels: tuple[LevelRule, ...]
    conduct: Mapping[tuple[Level, Level], Level]
    most_absent: int
    reassess_below: int
    excellent: int
    excellent_reach: int
    source: str


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
    year: YearRules


_N, _M, _F, _G = Level
TT22_2021_YEAR = YearRules(
    levels=(
        LevelRule(Level.GOOD, every=65, most=6, most_reach=80, failed=0),
        LevelRule(Level.FAIR, every=50, most=6, most_reach=65, failed=0),
        LevelRule(Level.MET, every=35, most=6, most_reach=50, failed=1),
    ),
    conduct={
        (term_1, term_2): year
        for term_2, row in ((_G, (_F, _F, _G, _G)), (_F, (_M, _F, _F, _F)), (_M, (_M, _M, _M, _F)), (_N, (_N,) * 4))
        for term_1, year in zip(Level, row, strict=True)
    },
    most_absent=45,
    reassess_below=50,
    excellent=6,
    excellent_reach=90,
    source="TT 22/2021/TT-BGDĐT, Điều 8, 9, 12, 13, 14, 15",
)
TT22_2021 = RuleSet(
    code="TT22-2021",
    valid_from=date(2021, 9, 5),
    valid_to=None,
    grades=range(6, 13),
    weights={MarkKind.REGULAR: 1, MarkKind.MID_TERM: 2, MarkKind.END_TERM: 3},
    term_weights=(1, 2),
    top_tenths=100,
    source="TT 22/2021/TT-BGDĐT, Điều 6, 7, 9",
    year=TT22_2021_YEAR,
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
