"""A problem as arrays of numbers, laid out once before a search.

Lists of different lengths stand one after the other in one array: those of item n are `all[first[n]:first[n + 1]]`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from khue.timetable.solver.domains import domains
from khue.timetable.solver.problem import (
    MUST,
    AllowedStarts,
    Apart,
    AtOnce,
    DaysPerWeek,
    GapsPerDay,
    GapsPerWeek,
    Kind,
    PeriodsOnEnd,
    PeriodsPerDay,
    Problem,
    Rule,
    SameDay,
    SameStart,
    Travel,
)

Numbers = NDArray[np.int64]
LONGEST_DAY = 62
GAPS_PER_DAY, GAPS_PER_WEEK, PERIODS_PER_DAY, PERIODS_ON_END, DAYS_PER_WEEK, TRAVEL = range(6)
APART, SAME_DAY, SAME_START, AT_ONCE = range(4)
FORBIDDEN = -1
DUTY = 1 << 24
"""A cost counts wishes in units of one and duties in units of this, so that the smaller cost breaks fewer duties."""
HARD, CLASH = 20 * DUTY, 30 * DUTY


class Tables(NamedTuple):
    """Everything that does not change during a search. A row of a resource is a class of a block, see `moves`.

    likes    of each block and time: FORBIDDEN, or what beginning there costs in wishes
    rules    of resources: kind, up to three numbers of the rule, weight
    closed   of resources and days, as `sessions`: sets of periods, as bits
    bonds    rules about blocks: kind, up to two numbers of the rule, weight;  crowds  those of a block about how many
             run at once
    twins    the same number for blocks that may change places without anything being different
    salts    of each resource, and `marks` of each time, random numbers;  ways  whether a resource has to travel
    """

    periods: int
    durations: Numbers
    places: Numbers
    likes: Numbers
    first_start: Numbers
    starts: Numbers
    first_resource: Numbers
    resources: Numbers
    first_row: Numbers
    rows: Numbers
    first_bond: Numbers
    bonds_of: Numbers
    first_crowd: Numbers
    crowds: Numbers
    first_block: Numbers
    blocks: Numbers
    first_rule: Numbers
    rules: Numbers
    closed: Numbers
    first_member: Numbers
    members: Numbers
    bonds: Numbers
    sessions: Numbers
    day_of: Numbers
    period_of: Numbers
    session_of: Numbers
    salts: Numbers
    marks: Numbers
    ways: Numbers
    twins: Numbers

    def starts_of(self, block: int) -> list[int]:
        """Where a block may begin."""
        return [int(start) for start in self.starts[self.first_start[block] : self.first_start[block + 1]]]


def weight_of(rule: Rule) -> int:
    """What one unit of breaking a rule costs."""
    return HARD if rule.weight >= MUST else max(rule.weight * 2 // 100, 1)


def tables_of(problem: Problem, held: Mapping[int, int] | None = None) -> Tables:
    """Lay out a problem. A block that is held has one start; every block must have one."""
    grid = problem.grid
    if len(grid.periods) > LONGEST_DAY:
        raise ValueError(f"more than {LONGEST_DAY} periods in a day")
    starts = domains(problem)
    for number, start in (held or {}).items():
        starts[number] = [start]
    bonds = [rule for rule in problem.rules if isinstance(rule, Apart | SameDay | SameStart | AtOnce)]
    times = np.arange(grid.size, dtype=np.int64)
    held_by: list[list[int]] = [[] for _ in problem.resources]
    for number, block in enumerate(problem.blocks):
        for resource in block.resources:
            held_by[resource].append(number)
    bonds_of: list[list[int]] = [[] for _ in problem.blocks]
    for number, bond in enumerate(bonds):
        for member in bond.blocks:
            bonds_of[member].append(number)
    places = {place: 1 + n for n, place in enumerate(sorted({block.place for block in problem.blocks} - {""}))}
    rules = _rules(problem, held_by)
    return Tables(
        len(grid.periods),
        _numbers(block.duration for block in problem.blocks),
        _numbers(places.get(block.place, 0) for block in problem.blocks),
        _likes(problem, starts),
        *_lists(starts),
        *_lists([block.resources for block in problem.blocks]),
        *_lists(_rows(problem)),
        *_lists(bonds_of),
        *_lists([[bond for bond in mine if isinstance(bonds[bond], AtOnce)] for mine in bonds_of]),
        *_lists(held_by),
        _firsts(rules),
        _table([row for mine in rules for row in mine], 5),
        _closed(problem),
        *_lists([bond.blocks for bond in bonds]),
        _table([_bond(bond) for bond in bonds], 4),
        _numbers(_bits(range(first, last + 1)) for first, last in grid.sessions),
        times // len(grid.periods),
        times % len(grid.periods),
        _sessions(problem),
        _random(len(problem.resources), 1),
        _random(grid.size, 2),
        _numbers(any(row[0] == TRAVEL for row in mine) for mine in rules),
        _twins(problem, starts, bonds_of),
    )


def _numbers(values: Iterable[int]) -> Numbers:
    return np.array(list(values), dtype=np.int64)


def _random(count: int, seed: int) -> Numbers:
    return np.random.default_rng(seed).integers(-(1 << 63), (1 << 63) - 1, count, dtype=np.int64)


def _table(rows: list[tuple[int, ...]], width: int) -> Numbers:
    return np.array(rows, dtype=np.int64).reshape(len(rows), width)


def _firsts(lists: Sequence[Sequence[object]]) -> Numbers:
    return np.cumsum([0, *map(len, lists)], dtype=np.int64)


def _lists(lists: Sequence[Sequence[int]]) -> tuple[Numbers, Numbers]:
    return _firsts(lists), _numbers(value for values in lists for value in values)


def _bits(periods: Iterable[int]) -> int:
    return sum(1 << period for period in periods)


def _rows(problem: Problem) -> list[list[int]]:
    """The resources within which a block changes places: its classes; without a class, whatever else it takes."""
    resources = problem.resources
    return [
        [number for number in block.resources if resources[number].kind is Kind.CLASS] or list(block.resources[:1])
        for block in problem.blocks
    ]


def _twins(problem: Problem, starts: list[list[int]], bonds_of: list[list[int]]) -> Numbers:
    wishes = [
        [rule for rule in problem.rules if isinstance(rule, AllowedStarts) and number in rule.blocks]
        for number in range(len(problem.blocks))
    ]
    numbers: dict[object, int] = {}
    return _numbers(
        numbers.setdefault(
            (replace(block, name=""), tuple(starts[n]), tuple(bonds_of[n]), tuple(wishes[n])), len(numbers)
        )
        for n, block in enumerate(problem.blocks)
    )


def _likes(problem: Problem, starts: list[list[int]]) -> Numbers:
    likes = np.full((len(problem.blocks), problem.grid.size), FORBIDDEN, dtype=np.int64)
    for number, allowed in enumerate(starts):
        likes[number, allowed] = 0
    for rule in problem.rules:
        if isinstance(rule, AllowedStarts) and rule.weight < MUST:
            for number in rule.blocks:
                for start in starts[number]:
                    likes[number, start] += 0 if start in rule.starts else weight_of(rule)
    return likes


def _closed(problem: Problem) -> Numbers:
    grid = problem.grid
    closed = np.zeros((len(problem.resources), len(grid.days)), dtype=np.int64)
    for number, resource in enumerate(problem.resources):
        for time in resource.closed:
            closed[number, grid.day(time)] |= 1 << grid.period(time)
    return closed


def _sessions(problem: Problem) -> Numbers:
    """The session of each time; a period outside of all of them has none."""
    found = np.full(problem.grid.size, -1, dtype=np.int64)
    for day in range(len(problem.grid.days)):
        for number, (first, last) in enumerate(problem.grid.sessions):
            found[problem.grid.time(day, first) : problem.grid.time(day, last) + 1] = number
    return found


def _bond(rule: Apart | SameDay | SameStart | AtOnce) -> tuple[int, ...]:
    match rule:
        case Apart():
            return APART, rule.days, int(rule.adjoining), weight_of(rule)
        case AtOnce():
            return AT_ONCE, rule.most, 0, weight_of(rule)
    return SAME_DAY if isinstance(rule, SameDay) else SAME_START, 0, 0, weight_of(rule)


def _rules(problem: Problem, held_by: list[list[int]]) -> list[list[tuple[int, ...]]]:
    """The rules of each resource; one that allows no less than another of its kind says nothing and is left out."""
    rows: list[list[tuple[int, ...]]] = [[] for _ in problem.resources]
    for rule in problem.rules:
        if not isinstance(rule, AllowedStarts | Apart | SameDay | SameStart | AtOnce):
            mine = [problem.blocks[number].place for number in held_by[rule.resource]]
            if not isinstance(rule, Travel) or len(set(mine) - {""}) > 1:
                rows[rule.resource].append((*_rule(rule), weight_of(rule)))
    return [_strictest(mine) for mine in rows]


def _rule(rule: Rule) -> tuple[int, int, int, int]:
    match rule:
        case GapsPerDay():
            return GAPS_PER_DAY, rule.most, 0, 0
        case GapsPerWeek():
            return GAPS_PER_WEEK, rule.most, 0, 0
        case PeriodsPerDay():
            return PERIODS_PER_DAY, rule.least, rule.most, int(rule.free_days)
        case PeriodsOnEnd():
            return PERIODS_ON_END, rule.most, 0, 0
        case DaysPerWeek():
            return DAYS_PER_WEEK, rule.most, _bits(range(rule.first, rule.last + 1)), 0
        case Travel():
            return TRAVEL, rule.periods, 0, 0
    raise TypeError(rule)


def _strictest(rows: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Without twins, and of limits on the same thing only the lowest of each weight."""
    limits = (GAPS_PER_DAY, GAPS_PER_WEEK, PERIODS_ON_END, DAYS_PER_WEEK)
    lowest: dict[tuple[int, ...], tuple[int, ...]] = {}
    for row in rows:
        key = (row[0], *row[2:]) if row[0] in limits else row
        lowest[key] = min(lowest.get(key, row), row)
    return list(lowest.values())
