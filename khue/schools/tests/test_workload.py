from decimal import Decimal as D

import pytest

from khue.schools.workload import Duty, load_of, quota_of

HOMEROOM, GROUP = Duty.HOMEROOM, Duty.GROUP_HEAD


@pytest.mark.parametrize(
    ("position", "taught", "quota"),
    [
        ("teacher", [(3, D(20))], 23),
        ("teacher", [(6, D(4)), (9, D(4))], 19),
        ("teacher", [(12, D(3))], 17),
        ("teacher", [(9, D(4)), (10, D(8))], 17),
        ("teacher", [(9, D(8)), (10, D(8))], 17),
        ("teacher", [], None),
        ("head", [], 2),
        ("deputy_head", [(6, D(4))], 4),
    ],
)
def test_a_teacher_owes_the_quota_of_the_level_with_most_periods(position: str, taught: list, quota: int) -> None:
    assert quota_of(position, taught) == quota


@pytest.mark.parametrize(
    ("quota", "taught", "duties", "owed", "over", "too_much"),
    [
        (17, D(14), [HOMEROOM, GROUP], 10, D(4), False),  # the example of domain §9.2
        (17, D(16), [HOMEROOM, GROUP], 10, D(6), True),
        (19, D("19.5"), [], 19, D("0.5"), False),
        (19, D(12), [HOMEROOM], 15, D(-3), False),
        (2, D(3), [HOMEROOM], 0, D(3), True),
        (23, D(30), [HOMEROOM, GROUP, HOMEROOM], 15, D(15), True),
    ],
)
def test_duties_reduce_what_is_owed_and_overtime_has_a_limit(quota, taught, duties, owed, over, too_much) -> None:
    load = load_of(quota, taught, duties)

    assert (load.owed, load.over, load.is_too_much) == (owed, over, too_much)
