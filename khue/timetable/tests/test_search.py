"""What the search finds: tiny weeks with one answer, random weeks that have one, and what it never may do."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from time import sleep

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khue.timetable.solver.checker import violations
from khue.timetable.solver.compiled.changes import begin, change, energy, keep, undo
from khue.timetable.solver.compiled.hopes import is_hopeless
from khue.timetable.solver.compiled.moves import chain, exchange
from khue.timetable.solver.compiled.state import BROKEN, TOTAL, State, memory, state_of
from khue.timetable.solver.compiled.tables import DUTY, Tables, tables_of
from khue.timetable.solver.domains import domains
from khue.timetable.solver.problem import (
    AllowedStarts,
    Apart,
    AtOnce,
    Block,
    DaysPerWeek,
    GapsPerDay,
    GapsPerWeek,
    Kind,
    PeriodsOnEnd,
    PeriodsPerDay,
    Problem,
    Resource,
    Rule,
    SameDay,
    SameStart,
    Timetable,
    Travel,
)
from khue.timetable.solver.progress import Progress
from khue.timetable.solver.search import solve, solve_again
from khue.timetable.tests.small import AN, BINH, CLASS_6A, CLASS_6B, RESOURCES, TWO_SESSIONS, block, week

MATHS_A, MATHS_B = block("Toán · 6A", AN, CLASS_6A), block("Toán · 6B", AN, CLASS_6B)
ART_A = block("Mĩ thuật · 6A", BINH, CLASS_6A)
ANY = 1 << 40
"""More energy than any small week has."""


def test_a_week_with_one_answer_is_answered_with_it():
    resources = (replace(RESOURCES[AN], closed=frozenset({0, 1, 2, 4, 5, 6, 7})), *RESOURCES[1:])
    problem = week(
        MATHS_A,
        block("Văn · 6A", BINH, CLASS_6A, duration=2),
        ART_A,
        rules=[GapsPerDay(CLASS_6A, 0), DaysPerWeek(CLASS_6A, 1, 0, 3), AllowedStarts((2,), frozenset({0, 5}))],
        resources=resources,
    )

    answer = solve(problem, seed=1, seconds=10)

    assert answer.starts == (3, 1, 0)
    assert (answer.conflicts, answer.wishes) == (0, 0)


def test_a_seed_finds_the_same_timetable_again():
    problem = week(*[MATHS_A, MATHS_B, ART_A] * 2, rules=[GapsPerDay(CLASS_6A, 0), Apart((0, 3), 1), Apart((1, 4), 1)])

    first, again = solve(problem, seed=7, seconds=10), solve(problem, seed=7, seconds=10)

    assert first.conflicts == 0
    assert first.starts == again.starts


def test_a_seed_finds_the_same_timetable_on_a_machine_that_is_busy():
    problem = week(*[MATHS_A, MATHS_B, ART_A] * 2, rules=[Apart((0, 3), 2, False, 95), GapsPerWeek(AN, 0, 95)])
    naps = Random(3)

    def busy(_progress: Progress) -> bool:
        sleep(naps.random() / 20)
        return True

    quick, slow = solve(problem, seed=7, seconds=60), solve(problem, seed=7, seconds=60, watch=busy)

    assert (quick.starts, quick.steps, quick.is_whole) == (slow.starts, slow.steps, slow.is_whole)
    assert quick.is_whole


def test_a_week_without_an_answer_ends_with_its_time_and_says_what_is_left():
    problem = week(*[MATHS_A] * 9)

    answer = solve(problem, seed=1, seconds=0.5)

    assert answer.conflicts > 0
    assert not answer.is_whole
    assert answer.conflicts == sum(found.is_hard for found in violations(problem, answer.starts))


def test_a_week_where_no_block_can_move_ends_at_once_and_says_what_is_wrong():
    one_place = (replace(RESOURCES[AN], closed=frozenset(range(1, 8))), *RESOURCES[1:])

    answer = solve(week(MATHS_A, MATHS_A, resources=one_place), seed=1, seconds=10)

    assert (answer.starts, answer.conflicts) == ((0, 0), 2)


def test_a_block_that_can_begin_nowhere_is_left_out_and_the_others_are_placed():
    problem = week(MATHS_A, ART_A, rules=[AllowedStarts((0,), frozenset()), Apart((0, 1), 1)])

    answer = solve(problem, seed=1, seconds=10)

    assert answer.starts[0] is None
    assert answer.starts[1] is not None
    assert answer.conflicts == 1


def test_the_one_who_watches_stops_the_search():
    seen: list[Progress] = []

    def watch(progress: Progress) -> bool:
        seen.append(progress)
        return len(seen) < 3

    solve(week(*[MATHS_A] * 9), seed=1, seconds=60, watch=watch)

    assert len(seen) == 3
    assert [progress.steps for progress in seen] == sorted(progress.steps for progress in seen)


def test_a_locked_block_stays():
    problem = week(MATHS_A, MATHS_B, ART_A)

    for seed in range(5):
        answer = solve(problem, seed=seed, seconds=10, locked={1: 6})

        assert answer.starts[1] == 6
        assert answer.conflicts == 0


def test_a_lock_against_the_rules_is_kept_and_the_others_give_way():
    problem = week(
        MATHS_A, MATHS_B, rules=[AllowedStarts((0,), frozenset({3, 4})), AllowedStarts((1,), frozenset({5, 6}))]
    )

    answer = solve(problem, seed=1, seconds=0.5, locked={0: 5})

    assert answer.starts == (5, 6)
    assert answer.conflicts == 1


def test_a_published_week_is_mended_by_moving_what_has_to_move_and_nothing_else():
    problem = week(*[MATHS_A, MATHS_B, ART_A] * 2)
    before: Timetable = (0, 1, 2, 4, 5, 6)
    off = (replace(RESOURCES[AN], closed=frozenset({4})), *RESOURCES[1:])

    answer = solve_again(replace(problem, resources=off), before, seed=1, seconds=1)

    assert answer.conflicts == 0
    assert sum(one != other for one, other in zip(before, answer.starts, strict=True)) == 1


def rules(blocks: int) -> st.SearchStrategy[Rule]:
    """Any rule about any of the blocks or resources of a small week."""
    some = st.lists(st.integers(0, blocks - 1), min_size=1, max_size=4, unique=True).map(tuple)
    often = st.lists(st.integers(0, blocks - 1), min_size=1, max_size=4).map(tuple)
    who, few, weight = st.integers(0, 3), st.integers(0, 3), st.sampled_from([100, 95])
    return st.one_of(
        st.builds(AllowedStarts, some, st.frozensets(st.integers(0, 7)), weight),
        st.builds(Apart, some, st.integers(1, 2), st.just(False), weight),
        st.builds(SameDay, some, weight),
        st.builds(SameStart, some, weight),
        st.builds(AtOnce, often, few, weight),
        st.builds(GapsPerDay, who, few, weight),
        st.builds(GapsPerWeek, who, few, weight),
        st.builds(PeriodsPerDay, who, few, st.integers(2, 4), st.booleans(), weight),
        st.builds(PeriodsOnEnd, who, few, weight),
        st.builds(DaysPerWeek, who, few, st.integers(0, 1), st.integers(2, 3), weight),
        st.builds(Travel, who, st.integers(1, 2), weight),
    )


@st.composite
def weeks(draw: st.DrawFn) -> Problem:
    """A small week of any blocks under any rules, whether or not it has an answer."""
    who = st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True).map(tuple)
    one = st.builds(Block, st.just("x"), st.integers(1, 2), who, st.sampled_from(["", "A", "B"]))
    blocks = draw(st.lists(one, min_size=1, max_size=6))
    closed = st.frozensets(st.integers(0, 7), max_size=2)
    resources = tuple(replace(resource, closed=draw(closed)) for resource in RESOURCES)
    grid = draw(st.sampled_from([week().grid, TWO_SESSIONS]))
    return week(*blocks, rules=draw(st.lists(rules(len(blocks)), max_size=5)), grid=grid, resources=resources)


def counted(problem: Problem, random: Random) -> tuple[Tables, State] | None:
    """A random timetable of a week, counted; None where a block can begin nowhere."""
    if not all(domains(problem)):
        return None
    tables = tables_of(problem)
    return tables, state_anew(tables, [random.choice(starts) for starts in domains(problem)])


def state_anew(tables: Tables, starts: Sequence[int]) -> State:
    state = state_of(tables, list(starts), seed=1, memory=memory())
    begin(tables, state)
    return state


def everything(state: State) -> list[list[int]]:
    """What a state says of a timetable, without the scratch of the last change; broken things in order."""
    kept = (state.start, state.busy, state.sums, state.keys, state.clashes, state.running, state.over, state.prices)
    broken = sorted(state.broken[: state.numbers[BROKEN]])
    return [*(values.ravel().tolist() for values in kept), broken, [int(state.numbers[TOTAL])]]


@settings(max_examples=200, deadline=None)
@given(weeks(), st.randoms(use_true_random=False))
def test_the_search_counts_nothing_exactly_when_the_checker_finds_nothing(problem: Problem, random: Random) -> None:
    found = counted(problem, random)
    if found is not None:
        _, state = found
        wrong = violations(problem, tuple(int(start) for start in state.start))

        assert (state.numbers[TOTAL] == 0) == (wrong == [])
        assert (state.numbers[TOTAL] < DUTY) == (not any(violation.is_hard for violation in wrong))


@settings(max_examples=100, deadline=None)
@given(weeks(), st.randoms(use_true_random=False))
def test_the_running_count_is_the_count_made_anew_and_no_hope_is_given_up_too_early(
    problem: Problem, random: Random
) -> None:
    found = counted(problem, random)
    if found is not None:
        tables, state = found
        for _ in range(20):
            block = random.randrange(len(problem.blocks))
            start, row = random.choice(tables.starts_of(block)), int(tables.rows[tables.first_row[block]])
            moves = random.choice(
                [lambda b=block, s=start: chain(tables, state, b, s),
                 lambda b=block, s=start, r=row: exchange(tables, state, b, s, r, random.random() < 0.5)]
            )  # fmt: skip
            if start != state.start[block] and (count := moves()):
                before = everything(state)
                most = energy(int(state.numbers[TOTAL])) + random.choice([-20, 0, 15, 30, ANY])
                clashes, hopeless = state.clashes.sum(), is_hopeless(tables, state, count, most)
                cost = change(tables, state, count, most)
                anew = state_anew(tables, state.start.tolist())
                if hopeless and state.clashes.sum() <= clashes:
                    assert energy(int(state.numbers[TOTAL])) > most
                assert (energy(int(state.numbers[TOTAL])) <= most) == (energy(int(anew.numbers[TOTAL])) <= most)
                if energy(int(state.numbers[TOTAL])) > most or random.random() < 0.5:
                    undo(tables, state, count, cost)
                    assert everything(state) == before
                else:
                    keep(tables, state, count)
                    assert everything(state) == everything(anew)


@settings(max_examples=100, deadline=None)
@given(weeks(), st.randoms(use_true_random=False))
def test_a_chain_of_single_periods_brings_nobody_to_two_places_who_was_in_one(problem: Problem, random: Random) -> None:
    short = replace(problem, blocks=tuple(replace(block, duration=1) for block in problem.blocks))
    found = counted(short, random)
    if found is not None:
        tables, state = found
        for _ in range(20):
            block = random.randrange(len(problem.blocks))
            start = random.choice(tables.starts_of(block))
            if start != state.start[block] and (count := chain(tables, state, block, start)):
                clashes = state.clashes.sum()
                change(tables, state, count, ANY)
                keep(tables, state, count)
                assert state.clashes.sum() <= clashes


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 1000))
def test_a_week_that_has_an_answer_gets_one(random: Random, seed: int) -> None:
    """Classes are filled first, then teachers are given lessons that do not meet, then the times are forgotten."""
    resources = tuple(Resource(f"{n}", Kind.TEACHER if n < 3 else Kind.CLASS) for n in range(6))
    blocks = []
    for time in range(8):
        teachers = random.sample(range(3), 3)
        blocks += [
            block("x", teacher, 3 + n) for n, teacher in enumerate(teachers) if random.random() < 0.8 or time < 1
        ]
    random.shuffle(blocks)

    answer = solve(week(*blocks, resources=resources), seed=seed, seconds=10)

    assert answer.conflicts == 0
    assert violations(week(*blocks, resources=resources), answer.starts) == []


@pytest.mark.parametrize("seed", [1, 2])
def test_both_classes_finish_without_holes_under_tight_rules(seed):
    rules = [GapsPerDay(CLASS_6A, 0), GapsPerDay(CLASS_6B, 0), PeriodsPerDay(AN, 2, 3), GapsPerWeek(AN, 0)]
    problem = week(*[MATHS_A, MATHS_B, ART_A] * 2, block("Nhạc · 6B", BINH, CLASS_6B, duration=2), rules=rules)

    assert solve(problem, seed=seed, seconds=10).conflicts == 0
