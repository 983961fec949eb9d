from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.gradebook.means import rounded_half_up, term_mean, term_passed, year_mean
from khue.gradebook.rule_sets import TT22_2021, MarkKind, rule_set_for
from khue.gradebook.typed_marks import NotAMark, TypedMark, parse_comment, parse_score
from tests.world import TODAY

R, M, E = MarkKind.REGULAR, MarkKind.MID_TERM, MarkKind.END_TERM


@pytest.mark.parametrize(
    ("regular", "mid", "end", "mean"),
    [
        ([80, 90, 70, 100], 75, 80, 81),
        ([70, 80], 60, 65, 66),
        ([90, 85, 90], 95, 90, 91),
        ([50, 60, 40], 45, 50, 49),
        ([80, 80], 80, 85, 82),
        ([60, 70], 65, 65, 65),
        ([83, 78, 90], 83, 81, 83),  # 8.25 exactly: binary floating point gives 8.2
    ],
)
def test_term_means_of_the_circular(regular: list[int], mid: int, end: int, mean: int) -> None:
    marks = [*((R, mark) for mark in regular), (M, mid), (E, end)]

    assert term_mean(marks, TT22_2021) == mean


@pytest.mark.parametrize(
    ("first", "second", "mean"),
    [(70, 80, 77), (64, 65, 65), (65, 64, 64), (89, 90, 90), (49, 50, 50), (79, 80, 80), (80, 79, 79), (34, 35, 35)],
)
def test_year_means_of_the_circular(first: int, second: int, mean: int) -> None:
    assert year_mean(first, second, TT22_2021) == mean


def test_there_is_no_mean_without_marks_and_no_year_without_both_terms() -> None:
    assert term_mean([], TT22_2021) is None
    assert year_mean(80, None, TT22_2021) is None


def test_a_subject_without_a_mid_term_mark_divides_by_what_counts() -> None:
    assert term_mean([(R, 80), (R, 70), (E, 90)], TT22_2021) == 84  # 42 / 5


@given(st.lists(st.tuples(st.sampled_from(list(MarkKind)), st.integers(0, 100)), min_size=1, max_size=12))
def test_the_mean_is_exact_half_up_and_between_the_marks(marks: list[tuple[MarkKind, int]]) -> None:
    weights = [TT22_2021.weights[kind] for kind, _ in marks]
    exact = Decimal(sum(w * v for w, (_, v) in zip(weights, marks, strict=True))) / sum(weights)

    mean = term_mean(marks, TT22_2021)

    assert mean == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    assert min(v for _, v in marks) <= mean <= max(v for _, v in marks)


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_rounding_agrees_with_decimal(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    assert rounded_half_up(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_a_commented_subject_is_passed_when_every_assessment_is() -> None:
    for is_over in (False, True):
        assert term_passed([True, True, True, True], expected=4, is_over=is_over) is True
        assert term_passed([True, False, True, True], expected=4, is_over=is_over) is False
        assert term_passed([False], expected=4, is_over=is_over) is False
        assert term_passed([], expected=4, is_over=is_over) is None
    assert term_passed([True, True], expected=4, is_over=True) is False
    assert term_passed([True, True], expected=4, is_over=False) is None  # nobody has failed by the middle of a term


def test_the_rule_set_in_force_depends_on_grade_and_day() -> None:
    assert rule_set_for(6, TODAY) is TT22_2021
    assert rule_set_for(5, TODAY) is None
    assert rule_set_for(6, TODAY.replace(year=2020)) is None


@pytest.mark.parametrize(
    ("typed", "tenths"),
    [
        *[("8,5", 85), ("8.5", 85), ("85", 85), ("8", 80), ("10", 100), ("0", 0)],
        *[("05", 5), ("10,0", 100), (" 7 ", 70), ("99", 99), ("8,50", 85)],
    ],
)
def test_what_a_teacher_types_is_what_the_teacher_means(typed: str, tenths: int) -> None:
    assert parse_score(typed) == TypedMark(tenths=tenths)


@pytest.mark.parametrize("typed", ["100", "10,1", "11,0", "8,55", "-1", "abc", "8,", "1e1", "٨", "8 5"])
def test_what_is_no_mark_is_refused(typed: str) -> None:
    with pytest.raises(NotAMark):
        parse_score(typed)


def test_comments_and_exemption() -> None:
    assert parse_comment("đ") == TypedMark(passed=True)
    assert parse_comment("CĐ") == TypedMark(passed=False)
    assert parse_score("m") == TypedMark(is_exempt=True)
    assert parse_comment("").is_empty
    with pytest.raises(NotAMark):
        parse_comment("8")


@given(st.text(max_size=8))
def test_no_typing_crashes(typed: str) -> None:
    for parse in (parse_score, parse_comment):
        try:
            mark = parse(typed)
        except NotAMark:
            continue
        assert mark.tenths is None or 0 <= mark.tenths <= 100
