"""What a term or a year comes to by the circular: study level, conduct, moving up, awards. Pure functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from khue.gradebook.rule_sets import Level, YearRules


class Outcome(StrEnum):
    """What becomes of a pupil at the end of the year."""

    PROMOTED = "promoted"  # được lên lớp
    REASSESS = "reassess"  # đánh giá lại trong hè
    SUMMER_TRAINING = "summer_training"  # rèn luyện trong hè
    REPEAT = "repeat"  # không được lên lớp


class Award(StrEnum):
    """A title of the year."""

    EXCELLENT = "excellent"  # Học sinh Xuất sắc
    GOOD = "good"  # Học sinh Giỏi


@dataclass(frozen=True, slots=True)
class StudyLevel:
    """The study level of a term or a year.

    level         after the adjustment for one subject
    unadjusted    as the table of levels alone gives it
    is_ambiguous  the circular can be read in two ways and they differ: a person has to look
    """

    level: Level
    unadjusted: Level
    is_ambiguous: bool


def study_level(means: Sequence[int], failed: int, rules: YearRules) -> StudyLevel:
    """Kết quả học tập, with the adjustment when exactly one subject pulls the level down by two steps or more.

    "Only because of one subject" is read as: without that subject the level would be Tốt or Khá. The other reading,
    "if that subject were fully good", only raises the flag.

    means    of the scored subjects that count, in tenths; exempted subjects are left out
    failed   how many commented subjects are Chưa đạt
    source   TT 22/2021/TT-BGDĐT, Điều 9 khoản 2, 3
    """
    base = _level(means, failed, rules)
    if base >= Level.FAIR:  # nothing lies two steps above it
        return StudyLevel(base, base, is_ambiguous=False)
    removed = max((_level(*rest, rules) for rest in _without_one(means, failed)), default=base)
    replaced = max((_level(*rest, rules) for rest in _with_one_perfect(means, failed)), default=base)
    level, other = _adjusted(base, removed), _adjusted(base, replaced)
    return StudyLevel(level, base, is_ambiguous=level != other)


def _level(means: Sequence[int], failed: int, rules: YearRules) -> Level:
    least = min(means, default=0)
    for rule in rules.levels:
        if failed > rule.failed or least < rule.every:
            continue
        if len([mean for mean in means if mean >= rule.most_reach]) >= rule.most:
            return rule.level
    return Level.NOT_MET


def _without_one(means: Sequence[int], failed: int) -> Iterator[tuple[Sequence[int], int]]:
    for place in range(len(means)):
        yield [*means[:place], *means[place + 1 :]], failed
    if failed:
        yield means, failed - 1


def _with_one_perfect(means: Sequence[int], failed: int) -> Iterator[tuple[Sequence[int], int]]:
    for place in range(len(means)):
        yield [*means[:place], 100, *means[place + 1 :]], failed
    if failed:
        yield means, failed - 1


def _adjusted(base: Level, possible: Level) -> Level:
    is_pulled_down = possible >= Level.FAIR and possible - base >= 2
    return Level(base + 1) if is_pulled_down else base


def year_conduct(term_1: Level, term_2: Level, rules: YearRules) -> Level:
    """Kết quả rèn luyện cả năm from those of the terms.

    source   TT 22/2021/TT-BGDĐT, Điều 8 khoản 2
    """
    return rules.conduct[term_1, term_2]


def outcome(*, conduct: Level, study: Level, absent_sessions: int, rules: YearRules) -> Outcome:
    """Whether the pupil moves up: absences first, then conduct, then study.

    conduct, study    of the year; after summer training or re-assessment ask again with the new results
    absent_sessions   with and without leave, counted on a plan of one session a day
    source            TT 22/2021/TT-BGDĐT, Điều 12, 13, 14
    """
    if absent_sessions > rules.most_absent:
        return Outcome.REPEAT
    if conduct == Level.NOT_MET:
        # Only whoever has reached the study level is given a task for the summer; domain §3.3 marks this reading.
        return Outcome.SUMMER_TRAINING if study >= Level.MET else Outcome.REPEAT
    return Outcome.PROMOTED if study >= Level.MET else Outcome.REASSESS


def award(*, conduct: Level, study: Level, means: Sequence[int], rules: YearRules) -> Award | None:
    """The title of the year, from year means in tenths; None when the circular gives none.

    source   TT 22/2021/TT-BGDĐT, Điều 15
    """
    if conduct != Level.GOOD or study != Level.GOOD:
        return None
    is_excellent = sum(mean >= rules.excellent_reach for mean in means) >= rules.excellent
    return Award.EXCELLENT if is_excellent else Award.GOOD
