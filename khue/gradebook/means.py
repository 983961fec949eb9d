"""Term and year means: exact arithmetic on integer tenths, rounded half up."""

from collections.abc import Iterable

from khue.gradebook.rule_sets import MarkKind, RuleSet


def rounded_half_up(numerator: int, denominator: int) -> int:
    """The nearest integer of numerator / denominator, a half rounded up. Both are non-negative, denominator > 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def term_mean(marks: Iterable[tuple[MarkKind, int]], rules: RuleSet) -> int | None:
    """ĐTBmhk: the weighted mean of one pupil in one subject in one term.

    marks    kind and value in tenths of every mark that counts; excused and missing ones are left out
    returns  tenths, half rounded up; None when no mark counts
    source   TT 22/2021/TT-BGDĐT, Điều 9: (ΣĐĐGtx + 2·ĐĐGgk + 3·ĐĐGck) / (số ĐĐGtx + 5)
    """
    total = weight = 0
    for kind, value in marks:
        total += rules.weights[kind] * value
        weight += rules.weights[kind]
    return rounded_half_up(total, weight) if weight else None


def year_mean(term_1: int | None, term_2: int | None, rules: RuleSet) -> int | None:
    """ĐTBmcn from the already rounded term means.

    returns  tenths, half rounded up; None until both terms have a mean
    source   TT 22/2021/TT-BGDĐT, Điều 9: (ĐTBmhkI + 2·ĐTBmhkII) / 3
    """
    if term_1 is None or term_2 is None:
        return None
    first, second = rules.term_weights
    return rounded_half_up(first * term_1 + second * term_2, first + second)


def term_passed(assessments: Iterable[bool], expected: int, *, is_over: bool) -> bool | None:
    """Result of a commented subject: Đạt when there are enough assessments and every one is Đạt.

    expected  the number of assessments the rule set asks for
    is_over   no assessment can come any more: what is missing then counts as Chưa đạt
    returns   None while there is none, and while all so far are Đạt and more are to come
    source    TT 22/2021/TT-BGDĐT, Điều 9
    """
    given = list(assessments)
    if not given:
        return None
    if all(given) and len(given) < expected and not is_over:
        return None
    return len(given) >= expected and all(given)
