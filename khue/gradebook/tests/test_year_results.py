from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.gradebook.primary import SubjectLevel, TraitLevel, YearLevel
from khue.gradebook.primary import year_level as primary_level
from khue.gradebook.rule_sets import TT22_2021_YEAR as RULES
from khue.gradebook.rule_sets import Level
from khue.gradebook.year_results import Award, Outcome, award, outcome, study_level, year_conduct

N, M, F, G = Level


@pytest.mark.parametrize(
    ("means", "failed", "before", "after"),
    [
        ([80, 81, 82, 80, 83, 85, 65, 65], 0, G, G),
        ([80, 81, 82, 80, 83, 85, 65, 64], 0, F, F),
        ([90] * 7 + [49], 0, M, F),
        ([90] * 7 + [34], 0, N, M),
        ([70] * 7 + [34], 0, N, M),
        ([70] * 7 + [40], 0, M, M),
        ([90] * 8, 1, M, F),
        ([90] * 8, 2, N, N),
        ([90] * 6 + [49, 49], 0, M, M),
        ([50] * 6 + [35, 35], 0, M, M),
        ([50] * 5 + [49] * 3, 0, N, N),
        ([80] * 5 + [79] * 3, 0, F, F),
        ([65] * 6 + [50, 50], 1, M, M),
        ([80] * 6 + [65, 65], 0, G, G),
    ],
)
def test_study_levels_of_the_circular(means: list[int], failed: int, before: Level, after: Level) -> None:
    found = study_level(means, failed, RULES)

    assert (found.unadjusted, found.level, found.is_ambiguous) == (before, after, False)


def test_two_readings_that_differ_are_left_to_a_person() -> None:
    found = study_level([80] * 5 + [70, 70, 49], 0, RULES)

    assert (found.unadjusted, found.level, found.is_ambiguous) == (M, M, True)


@given(st.lists(st.integers(0, 100), min_size=6, max_size=11), st.integers(0, 3))
def test_the_adjustment_is_one_step_and_never_down(means: list[int], failed: int) -> None:
    found = study_level(means, failed, RULES)

    assert found.level - found.unadjusted in (0, 1)
    assert found == study_level(sorted(means), failed, RULES)


@given(st.lists(st.integers(0, 100), min_size=6, max_size=11), st.integers(0, 3), st.data())
def test_a_better_mean_never_lowers_the_table_level(means: list[int], failed: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(means) - 1))
    better = [*means[:place], data.draw(st.integers(means[place], 100)), *means[place + 1 :]]

    assert study_level(better, failed, RULES).unadjusted >= study_level(means, failed, RULES).unadjusted


@pytest.mark.parametrize(
    ("term_2", "years"), [(G, (F, F, G, G)), (F, (M, F, F, F)), (M, (M, M, M, F)), (N, (N, N, N, N))]
)
def test_conduct_of_the_year_follows_the_second_term_more(term_2: Level, years: Sequence[Level]) -> None:
    assert tuple(year_conduct(term_1, term_2, RULES) for term_1 in Level) == years


@pytest.mark.parametrize(
    ("conduct", "study", "absent", "becomes"),
    [
        (M, M, 45, Outcome.PROMOTED),
        (G, G, 46, Outcome.REPEAT),
        (N, G, 3, Outcome.SUMMER_TRAINING),
        (F, N, 10, Outcome.REASSESS),
        (N, N, 0, Outcome.REPEAT),
    ],
)
def test_who_moves_up(conduct: Level, study: Level, absent: int, becomes: Outcome) -> None:
    assert outcome(conduct=conduct, study=study, absent_sessions=absent, rules=RULES) == becomes


def test_a_subject_assessed_again_replaces_its_mean() -> None:
    before, after = [60] * 6 + [36, 32], [60] * 6 + [36, 50]

    assert study_level(before, 0, RULES).level == N
    assert outcome(conduct=F, study=study_level(after, 0, RULES).level, absent_sessions=10, rules=RULES) == "promoted"


@pytest.mark.parametrize(
    ("conduct", "means", "title"),
    [(G, [80] * 6 + [65, 65], Award.GOOD), (G, [90] * 6 + [65, 65], Award.EXCELLENT), (F, [90] * 8, None)],
)
def test_titles_of_the_year(conduct: Level, means: list[int], title: Award | None) -> None:
    assert award(conduct=conduct, study=study_level(means, 0, RULES).level, means=means, rules=RULES) == title


S, T = SubjectLevel, TraitLevel


@pytest.mark.parametrize(
    ("subjects", "traits", "tests", "level"),
    [
        ([2, 2], [2, 2], [9, 10, 9], YearLevel.EXCELLENT),
        ([2, 2], [2, 2], [9, 8, 10], YearLevel.WELL_COMPLETED),
        ([2, 2], [2, 1], [10, 10, 10], YearLevel.COMPLETED),
        ([2, 1], [2, 2], [10, 10], YearLevel.COMPLETED),
        ([2, 2], [2, 2], [7, 6], YearLevel.COMPLETED),
        ([1, 1], [1, 1], [5, 5], YearLevel.COMPLETED),
        ([1, 1], [1, 1], [5, 4], YearLevel.NOT_COMPLETED),
        ([2, 0], [2, 2], [9], YearLevel.NOT_COMPLETED),
        ([2, 2], [2, 0], [9], YearLevel.NOT_COMPLETED),
    ],
)
def test_the_year_of_a_primary_pupil(
    subjects: list[int], traits: list[int], tests: list[int], level: YearLevel
) -> None:
    assert primary_level([S(one) for one in subjects], [T(one) for one in traits], tests) == level
