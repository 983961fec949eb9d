from hypothesis import given
from hypothesis import strategies as st

from khue.attendance.notices import News, news


def test_a_family_is_told_once_a_half_day_and_again_only_when_something_told_is_taken_back() -> None:
    assert news([], []) is None
    assert news([], [7]) == News(told=[7], missed=[7])
    assert news([7], [7, 8]) is None
    assert news([7], []) == News(told=[], taken_back=[7])
    assert news([7], [8]) == News(told=[8], taken_back=[7])


@given(st.lists(st.sets(st.integers(1, 5))))
def test_after_any_order_of_rolls_nothing_untrue_stands_as_told(states: list[set[int]]) -> None:
    told: list[int] = []
    for missing in states:
        found = news(told, missing)
        told = list(found.told) if found else told

        assert set(told) <= missing
        assert bool(told) == bool(missing)
