from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from khue.indicators.catalogue import CATALOGUE, Definition, Indicator
from khue.indicators.counts import NOTHING, Count, has_reached, percent, total

amounts = st.integers(0, 10_000_000)
counts = st.builds(lambda a, b, u: Count(min(a, b), max(a, b), u), amounts, amounts, amounts)


@given(st.lists(st.lists(st.none() | counts, max_size=5), max_size=5))
def test_the_total_does_not_depend_on_how_the_parts_are_grouped(groups: list[list[Count | None]]) -> None:
    assert total(total(group) for group in groups) == total(part for group in groups for part in group)


@given(st.lists(counts, min_size=1, max_size=6))
def test_a_share_lies_between_those_of_its_parts(parts: list[Count]) -> None:
    whole = total(parts)
    shares = [Fraction(part.numerator, part.denominator) for part in parts if part.denominator]

    assert whole is not None
    if shares:
        assert min(shares) <= Fraction(whole.numerator, whole.denominator) <= max(shares)
    else:
        assert percent(whole) is None


@given(counts, st.integers(0, 100))
def test_a_target_is_reached_by_exact_arithmetic(count: Count, target: int) -> None:
    exact = bool(count.denominator) and Fraction(100 * count.numerator, count.denominator) >= target

    assert has_reached(count, target) is exact


def test_missing_is_never_zero() -> None:
    assert total([]) is None
    assert total([None, None]) is None
    assert total([None, Count(1, 4)]) == Count(1, 4)
    assert percent(None) is None
    assert percent(NOTHING) is None
    assert percent(Count(0, 9)) == 0
    assert not has_reached(Count(5, 5), None)


def test_a_mean_of_percentages_is_not_the_share() -> None:
    assert percent(total([Count(1, 1), Count(0, 99)])) == Decimal("1.0")
    assert percent(Count(1, 16), 1) == Decimal("6.3")  # half up, where round() gives 6.2


def test_a_figure_is_read_by_the_definition_of_its_day() -> None:
    from datetime import date

    first = Definition(1, date(2022, 1, 25), "a", "b")
    second = Definition(2, date(2027, 1, 1), "c", "d")
    indicator = Indicator("X", "x", "người", (first, second), {2025: 50, 2030: None})

    assert indicator.definition_on(date(2026, 12, 31)) is first
    assert indicator.definition_on(date(2027, 1, 1)) is second
    assert indicator.definition_on(date(2020, 1, 1)) is first


def test_the_catalogue_is_whole_and_invents_nothing() -> None:
    assert [i.code for i in CATALOGUE] == [*(f"A{n}" for n in range(1, 9)), *(f"B{n}" for n in range(1, 7))]
    for indicator in CATALOGUE:
        assert indicator.target_2030 is None
        versions = [d.version for d in indicator.definitions]
        assert versions == list(range(1, len(versions) + 1))
        assert sorted(d.valid_from for d in indicator.definitions) == [d.valid_from for d in indicator.definitions]
    assert {i.code: i.target_2025 for i in CATALOGUE if i.target_2025 is None} == {"B4": None, "B5": None}
