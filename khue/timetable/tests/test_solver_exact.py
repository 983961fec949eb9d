"""What CP-SAT answers, judged by the checker and by what is published already."""

from dataclasses import replace
from time import process_time

from hypothesis import given, settings

from khue.timetable.solver.checker import violations
from khue.timetable.solver.exact import Verdict, find
from khue.timetable.solver.problem import PeriodsPerDay, Problem
from khue.timetable.solver.search import solve, solve_again
from khue.timetable.tests.small import AN, BINH, CLASS_6A, CLASS_6B, RESOURCES, block, week
from khue.timetable.tests.test_search import weeks

LESSONS = [
    block("Toán · 6A", AN, CLASS_6A),
    block("Toán · 6B", AN, CLASS_6B),
    block("Nhạc · 6A", BINH, CLASS_6A),
    block("Nhạc · 6B", BINH, CLASS_6B),
] * 2


@settings(max_examples=30, deadline=None)
@given(weeks())
def test_what_it_finds_passes_the_checker_and_what_it_refuses_the_search_does_not_find(problem: Problem) -> None:
    verdict, starts = find(problem, seed=1, work=5, locked={})

    if starts is None:
        assert verdict is Verdict.IMPOSSIBLE
        assert solve(problem, seed=1, seconds=0.05).conflicts > 0
    else:
        assert [found for found in violations(problem, starts) if found.is_hard] == []


def test_who_teaches_nothing_cannot_be_there_every_day():
    problem = week(block("Toán · 6A", AN, CLASS_6A), rules=[PeriodsPerDay(BINH, 1, 2, free_days=False)])

    assert find(problem, seed=1, work=5, locked={}) == (Verdict.IMPOSSIBLE, None)


def test_a_seed_finds_the_same_answer_again():
    problem = week(*LESSONS)

    assert find(problem, seed=3, work=5, locked={}) == find(problem, seed=3, work=5, locked={})


def test_one_new_time_off_moves_no_more_than_it_must():
    before = (0, 1, 1, 0, 2, 3, 3, 2)
    away = (replace(RESOURCES[AN], closed=frozenset({2})), *RESOURCES[1:])

    answer = solve_again(week(*LESSONS, resources=away), before, seed=1, seconds=5)

    assert answer.conflicts == 0
    assert sum(old != new for old, new in zip(before, answer.starts, strict=True)) == 1


def test_it_stops_within_a_second_of_being_told():
    began = process_time()

    find(week(*LESSONS * 2), seed=1, work=1000, locked={}, goes_on=lambda: False)

    assert process_time() - began < 1
