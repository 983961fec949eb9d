"""What a primary pupil's year comes to: levels instead of means. Pure functions."""

from collections.abc import Sequence
from enum import IntEnum


class SubjectLevel(IntEnum):
    """A subject or activity, four times a year: C Chưa hoàn thành, H Hoàn thành, T Hoàn thành tốt."""

    NOT_COMPLETED = 0
    COMPLETED = 1
    WELL_COMPLETED = 2


class TraitLevel(IntEnum):
    """A quality or competence, four times a year: C Cần cố gắng, Đ Đạt, T Tốt."""

    NEEDS_EFFORT = 0
    MET = 1
    GOOD = 2


class YearLevel(IntEnum):
    """The year: Chưa hoàn thành, Hoàn thành, Hoàn thành tốt, Hoàn thành xuất sắc."""

    NOT_COMPLETED = 0
    COMPLETED = 1
    WELL_COMPLETED = 2
    EXCELLENT = 3


#: The least that each level asks of every subject, every quality and competence, every end-of-year test; the highest
#: first. TT 27/2020/TT-BGDĐT, Điều 9.
_LEAST = (
    (YearLevel.EXCELLENT, SubjectLevel.WELL_COMPLETED, TraitLevel.GOOD, 9),
    (YearLevel.WELL_COMPLETED, SubjectLevel.WELL_COMPLETED, TraitLevel.GOOD, 7),
    (YearLevel.COMPLETED, SubjectLevel.COMPLETED, TraitLevel.MET, 5),
)


def year_level(subjects: Sequence[SubjectLevel], traits: Sequence[TraitLevel], tests: Sequence[int]) -> YearLevel:
    """Mức đánh giá kết quả giáo dục cuối năm.

    subjects  every subject and activity at the end of the year
    traits    every quality and competence at the end of the year
    tests     end-of-year tests, whole marks from 1 to 10
    source    TT 27/2020/TT-BGDĐT, Điều 9
    """
    for level, subject, trait, mark in _LEAST:
        if min(subjects) >= subject and min(traits) >= trait and min(tests, default=10) >= mark:
            return level
    return YearLevel.NOT_COMPLETED
