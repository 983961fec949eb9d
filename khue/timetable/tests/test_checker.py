"""What is wrong with a timetable, each rule broken once by hand."""

import pytest

from khue.timetable.solver.checker import Breach, Violation, violations
from khue.timetable.solver.problem import (
    AllowedStarts,
    Apart,
    AtOnce,
    DaysPerWeek,
    GapsPerDay,
    GapsPerWeek,
    Kind,
    PeriodsOnEnd,
    PeriodsPerDay,
    Resource,
    SameDay,
    SameStart,
    Travel,
)
from khue.timetable.solver.words import SENTENCES, sentence
from khue.timetable.tests.small import AN, BINH, CLASS_6A, CLASS_6B, RESOURCES, TWO_SESSIONS, block, week

MATHS_A, MATHS_B = block("Toán · 6A", AN, CLASS_6A), block("Toán · 6B", AN, CLASS_6B)
ART_A = block("Mĩ thuật · 6A", BINH, CLASS_6A)


def test_a_timetable_that_keeps_every_rule_has_no_violation():
    problem = week(MATHS_A, MATHS_B, ART_A, rules=[GapsPerDay(AN, 0), Apart((0, 2), 1), DaysPerWeek(AN, 1, 0, 3)])

    assert violations(problem, (0, 1, 4)) == []


def test_a_block_without_a_time_is_named():
    problem = week(MATHS_A, MATHS_B)

    assert violations(problem, (0, None)) == [Violation(Breach.UNPLACED, blocks=(1,))]


def test_a_double_period_does_not_run_past_its_day_or_session():
    problem = week(block("Văn · 6A", AN, CLASS_6A, duration=2), grid=TWO_SESSIONS)

    assert violations(problem, (1,)) == [Violation(Breach.OUT_OF_HOURS, blocks=(0,), time=1)]
    assert violations(problem, (3,)) == [Violation(Breach.OUT_OF_HOURS, blocks=(0,), time=3)]
    assert violations(problem, (2,)) == []


def test_nobody_is_in_two_places():
    problem = week(MATHS_A, MATHS_B)

    assert violations(problem, (2, 2)) == [Violation(Breach.CLASH, resource=AN, blocks=(0, 1), time=2)]


def test_a_day_off_is_kept_for_every_period_of_a_block():
    resources = (Resource("Cô An", Kind.TEACHER, frozenset({1})), *RESOURCES[1:])
    problem = week(block("Văn · 6A", AN, CLASS_6A, duration=2), resources=resources)

    assert violations(problem, (0,)) == [Violation(Breach.CLOSED, resource=AN, blocks=(0,), time=1)]


@pytest.mark.parametrize(
    ("rule", "starts", "expected"),
    [
        (AllowedStarts((0, 2), frozenset({0, 4})), (0, 1, 5), Violation(Breach.START, blocks=(2,), time=5)),
        (Apart((0, 2), 1), (0, 4, 2), Violation(Breach.TOO_CLOSE, blocks=(0, 2), time=2, found=0, allowed=1)),
        (SameDay((0, 2)), (0, 1, 5), Violation(Breach.NOT_SAME_DAY, blocks=(0, 2), found=2, allowed=1)),
        (SameStart((1, 2)), (0, 1, 5), Violation(Breach.NOT_SAME_START, blocks=(1, 2), found=2, allowed=1)),
        (AtOnce((1, 2), 1), (0, 5, 5), Violation(Breach.AT_ONCE, blocks=(1, 2), time=5, found=2, allowed=1)),
        (GapsPerDay(AN, 1), (0, 3, 1), Violation(Breach.GAPS_IN_DAY, resource=AN, day=0, found=2, allowed=1)),
        (GapsPerWeek(AN, 1), (0, 3, 1), Violation(Breach.GAPS_IN_WEEK, resource=AN, found=2, allowed=1)),
        (
            PeriodsPerDay(AN, 0, 1),
            (4, 6, 0),
            Violation(Breach.TOO_MANY_PERIODS, resource=AN, day=1, found=2, allowed=1),
        ),
        (
            PeriodsPerDay(BINH, 2, 4),
            (0, 1, 4),
            Violation(Breach.TOO_FEW_PERIODS, resource=BINH, day=1, found=1, allowed=2),
        ),
        (PeriodsOnEnd(AN, 1), (5, 6, 0), Violation(Breach.TOO_LONG_ON_END, resource=AN, day=1, found=2, allowed=1)),
        (DaysPerWeek(AN, 1, 1, 3), (1, 6, 0), Violation(Breach.TOO_MANY_DAYS, resource=AN, found=2, allowed=1)),
    ],
)
def test_each_rule_is_reported_when_it_is_broken_once(rule, starts, expected):
    assert violations(week(MATHS_A, MATHS_B, ART_A, rules=[rule]), starts) == [expected]


def test_a_day_that_may_not_be_free_counts_as_too_few():
    problem = week(MATHS_A, rules=[PeriodsPerDay(AN, 1, 4, free_days=False)])

    assert violations(problem, (0,)) == [Violation(Breach.TOO_FEW_PERIODS, resource=AN, day=1, found=0, allowed=1)]


def test_lunch_and_hours_off_are_nobodys_gap():
    resources = (Resource("Cô An", Kind.TEACHER, frozenset({5})), *RESOURCES[1:])
    across_lunch = week(MATHS_A, MATHS_B, rules=[GapsPerDay(AN, 0)], grid=TWO_SESSIONS)
    across_an_hour_off = week(MATHS_A, MATHS_B, rules=[GapsPerDay(AN, 0)], resources=resources)

    assert violations(across_lunch, (0, 3)) == []
    assert violations(across_an_hour_off, (4, 6)) == []
    assert [found.breach for found in violations(across_an_hour_off, (0, 2))] == [Breach.GAPS_IN_DAY]


def test_two_blocks_of_a_day_that_should_be_apart_at_least_follow_each_other():
    problem = week(MATHS_A, block("Toán · 6A", AN, CLASS_6A), rules=[Apart((0, 1), 1, adjoining=True, weight=95)])

    beside, with_a_break = violations(problem, (2, 1)), violations(problem, (0, 2))

    assert [found.breach for found in beside] == [Breach.TOO_CLOSE]
    assert [found.breach for found in with_a_break] == [Breach.TOO_CLOSE, Breach.NOT_ADJOINING]
    assert not any(found.is_hard for found in with_a_break)


def test_a_teacher_of_two_campuses_has_time_for_the_way_within_a_session():
    here, there = block("Toán · 6A", AN, CLASS_6A, place="A"), block("Toán · 6B", AN, CLASS_6B, place="B")
    one_session = week(here, there, rules=[Travel(AN, 1)])
    two_sessions = week(here, there, rules=[Travel(AN, 1)], grid=TWO_SESSIONS)

    assert violations(one_session, (0, 1)) == [
        Violation(Breach.NO_TIME_TO_TRAVEL, resource=AN, blocks=(0, 1), time=1, found=0, allowed=1)
    ]
    assert violations(one_session, (0, 2)) == []
    assert violations(two_sessions, (1, 2)) == []


def test_every_breach_has_a_sentence_that_names_who_and_when():
    problem = week(MATHS_A, MATHS_B)
    [clash] = violations(problem, (2, 2))

    assert set(SENTENCES) == set(Breach)
    assert sentence(problem, clash) == "Cô An bị trùng vào Thứ 2, tiết 3: Toán · 6A; Toán · 6B."
    for breach in Breach:
        assert sentence(problem, Violation(breach, resource=0, blocks=(0,), time=0, day=0)).endswith(".")


def test_a_timetable_of_another_problem_is_no_timetable():
    with pytest.raises(ValueError, match="1 starts for 2 blocks"):
        violations(week(MATHS_A, MATHS_B), (0,))
