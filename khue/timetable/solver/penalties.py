"""How much is wrong with a timetable, kept up to date block by block: what the search counts.

Everything a rule looks at is a *cell*: a number in which each block adds its part for the start it has. A teacher's
Monday is a cell (how many blocks at each period, ten bits apiece), "these two on different days" is a cell (how many
of them on each day). What a value of a cell costs is worked out once and remembered, so that trying a change is a few
additions and look-ups. Cells of a resource's days also add to a cell of its week: gaps so far, days with lessons.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from khue.timetable.solver.problem import (
    MUST,
    AllowedStarts,
    Apart,
    AtOnce,
    BlockRule,
    DaysPerWeek,
    GapsPerDay,
    GapsPerWeek,
    Grid,
    PeriodsOnEnd,
    PeriodsPerDay,
    Problem,
    Rule,
    SameDay,
    SameStart,
    Travel,
)

BITS = 10
FULL = (1 << BITS) - 1
HARD = 20
CLASH = 30
Price = tuple[int, int]
"""What a value of a cell costs, and what it adds to the week."""
Adds = list[dict[int, list[tuple[int, int]]]]


def weight_of(rule: Rule) -> int:
    """What one unit of breaking a rule costs: a duty far more than a wish."""
    return HARD if rule.weight >= MUST else max(rule.weight * 2 // 100, 1)


class Prices(dict[int, Price]):
    """The prices of a cell's values, each worked out when first asked for."""

    def __init__(self, price: Callable[[int], Price]) -> None:
        super().__init__()
        self._price = price

    def __missing__(self, value: int) -> Price:
        found = self[value] = self._price(value)
        return found


@dataclass
class Board:
    """A problem made ready for counting.

    parts   for each block, for each start it may have: the cells it changes and by how much
    prices  of each cell;  weeks   the cell of the week that a cell adds to, or -1
    """

    problem: Problem
    parts: list[dict[int, tuple[tuple[int, int], ...]]]
    prices: list[Prices] = field(default_factory=list)
    weeks: list[int] = field(default_factory=list)


def board_of(problem: Problem, held: Mapping[int, int] | None = None) -> Board:
    """Lay out the cells of a problem. A block that can begin nowhere has no starts here; one that is held has one."""
    groups = [rule.blocks for rule in problem.rules if isinstance(rule, BlockRule)]
    most = Counter(resource for block in problem.blocks for resource in block.resources)
    if max([*most.values(), *map(len, groups), 0]) > FULL:
        raise ValueError(f"more than {FULL} blocks of one resource or rule")
    adds: Adds = [{start: [] for start in starts} for starts in domains(problem)]
    for number, start in (held or {}).items():
        adds[number] = {start: []}
    board = Board(problem, [])
    for resource in range(len(problem.resources)):
        _lay_resource(board, adds, resource)
    for rule in problem.rules:
        _lay_block_rule(board, adds, rule)
    board.parts = [{start: tuple(parts) for start, parts in starts.items()} for starts in adds]
    return board


def domains(problem: Problem) -> list[list[int]]:
    """The starts each block may have by itself, in order: in session, with everybody there, as duties allow."""
    grid, found = problem.grid, []
    by_duration = {block.duration: list(grid.starts(block.duration)) for block in problem.blocks}
    for block in problem.blocks:
        closed = frozenset[int]().union(*(problem.resources[resource].closed for resource in block.resources))
        found.append([s for s in by_duration[block.duration] if closed.isdisjoint(range(s, s + block.duration))])
    for rule in problem.rules:
        if isinstance(rule, AllowedStarts) and rule.weight >= MUST:
            for number in rule.blocks:
                found[number] = [start for start in found[number] if start in rule.starts]
    return found


def _cell(board: Board, price: Callable[[int], Price], week: int = -1) -> int:
    board.prices.append(Prices(price))
    board.weeks.append(week)
    return len(board.prices) - 1


def _lay_resource(board: Board, adds: Adds, resource: int) -> None:
    problem, grid = board.problem, board.problem.grid
    mine = [number for number, block in enumerate(problem.blocks) if resource in block.resources]
    rules = [rule for rule in problem.rules if getattr(rule, "resource", None) == resource]
    weekly: list[Rule] = [rule for rule in rules if isinstance(rule, GapsPerWeek | DaysPerWeek | PeriodsPerDay)]
    week = _cell(board, _week_price(grid, weekly)) if weekly else -1
    places = sorted({problem.blocks[number].place for number in mine} - {""}) if _travels(rules) else []
    closed = problem.resources[resource].closed
    cells = [
        _cell(
            board,
            _day_price(grid, day, rules, {grid.period(t) for t in closed if grid.day(t) == day}, len(places)),
            week,
        )
        for day in range(len(grid.days))
    ]
    for number in mine:
        block = problem.blocks[number]
        copies = [0] + ([1 + places.index(block.place)] if block.place in places else [])
        for start, parts in adds[number].items():
            amount = sum(_run(grid, start, block.duration) << (BITS * len(grid.periods) * copy) for copy in copies)
            parts.append((cells[grid.day(start)], amount))


def _travels(rules: Iterable[Rule]) -> bool:
    return any(isinstance(rule, Travel) for rule in rules)


def _run(grid: Grid, start: int, duration: int) -> int:
    return sum(1 << (BITS * period) for period in range(grid.period(start), grid.period(start) + duration))


def counts(value: int, length: int) -> list[int]:
    """The numbers packed into the value of a cell."""
    return [value >> (BITS * index) & FULL for index in range(length)]


def _day_price(grid: Grid, number: int, rules: list[Rule], closed: set[int], places: int) -> Callable[[int], Price]:
    """What a day of one resource costs, and its gaps and lessons for the week."""
    length = len(grid.periods)

    def price(value: int) -> Price:
        taken = counts(value, length)
        cost = CLASH * sum(count - 1 for count in taken if count > 1)
        day = Day(taken, grid.sessions, closed)
        week = day.gaps | len(day.periods) << (BITS + BITS * number)
        shift = BITS + BITS * len(grid.days)
        for rule in rules:
            if isinstance(rule, Travel):
                where = [counts(value >> (BITS * length * (place + 1)), length) for place in range(places)]
                cost += weight_of(rule) * day.missing_way(where, rule.periods)
            elif isinstance(rule, DaysPerWeek) and not _is_whole_day(rule, grid):
                week += any(taken[rule.first : rule.last + 1]) << shift
                shift += BITS
            else:
                cost += weight_of(rule) * day.broken(rule)
        return cost, week

    return price


@dataclass
class Day:
    """One resource's day: how many blocks at each period."""

    taken: list[int]
    sessions: tuple[tuple[int, int], ...]
    closed: set[int]

    def __post_init__(self) -> None:
        self.periods = [period for period, count in enumerate(self.taken) if count]
        self.gaps = sum(
            after - before - 1 - sum(before < period < after for period in self.closed)
            for first, last in self.sessions
            for before, after in pairwise(period for period in self.periods if first <= period <= last)
        )

    def broken(self, rule: Rule) -> int:
        """By how many periods a rule about days is broken."""
        match rule:
            case GapsPerDay():
                return max(self.gaps - rule.most, 0)
            case PeriodsPerDay():
                return max(len(self.periods) - rule.most, 0)
            case PeriodsOnEnd():
                return max(self._longest() - rule.most, 0)
        return 0

    def missing_way(self, where: list[list[int]], periods: int) -> int:
        """Free periods that are missing between blocks of a session at different places."""
        missing = 0
        for first, last in self.sessions:
            stops = [
                (period, place) for period in range(first, last + 1) for place, at in enumerate(where) if at[period]
            ]
            for (before, here), (after, there) in pairwise(stops):
                missing += max(periods - (after - before - 1), 0) if here != there else 0
        return missing

    def _longest(self) -> int:
        longest = run = 0
        for first, last in self.sessions:
            run = 0
            for period in range(first, last + 1):
                run = run + 1 if self.taken[period] else 0
                longest = max(longest, run)
        return longest


def _is_whole_day(rule: DaysPerWeek, grid: Grid) -> bool:
    return rule.first == 0 and rule.last == len(grid.periods) - 1


def _week_price(grid: Grid, rules: list[Rule]) -> Callable[[int], Price]:
    """What a week of one resource costs.

    A day too many costs by what is taught on the shortest day, which then need not reach the least of a day: so the
    search can empty a day lesson by lesson instead of having to move it at once.
    """

    def price(value: int) -> Price:
        gaps = value & ((1 << BITS) - 1)
        taught = sorted(count for count in counts(value >> BITS, len(grid.days)) if count)
        cost, shift, spare = 0, BITS + BITS * len(grid.days), 0
        for rule in rules:
            if isinstance(rule, GapsPerWeek):
                cost += weight_of(rule) * max(gaps - rule.most, 0)
            elif isinstance(rule, DaysPerWeek) and _is_whole_day(rule, grid):
                excess = max(len(taught) - rule.most, 0)
                spare = max(spare, excess)
                cost += sum(weight_of(rule) * (7 + 3 * count) // 10 for count in taught[:excess])
            elif isinstance(rule, DaysPerWeek):
                cost += weight_of(rule) * max((value >> shift & ((1 << BITS) - 1)) - rule.most, 0)
                shift += BITS
        for rule in rules:
            if isinstance(rule, PeriodsPerDay):
                free = 0 if rule.free_days else (len(grid.days) - len(taught)) * rule.least
                cost += weight_of(rule) * (free + sum(max(rule.least - count, 0) for count in taught[spare:]))
        return cost, 0

    return price


def _lay_block_rule(board: Board, adds: Adds, rule: Rule) -> None:
    grid = board.problem.grid
    match rule:
        case Apart() | SameDay():
            cell = _cell(board, _spread_price(rule, len(grid.days)))
            _add(adds, rule.blocks, lambda start: (cell, 1 << (BITS * grid.day(start))))
        case SameStart():
            cell = _cell(board, _spread_price(rule, grid.size))
            _add(adds, rule.blocks, lambda start: (cell, 1 << (BITS * start)))
        case AllowedStarts() if rule.weight < MUST:
            cell = _cell(board, lambda value: (value * weight_of(rule), 0))
            _add(adds, rule.blocks, lambda start: (cell, int(start not in rule.starts)))
        case AtOnce():
            cells = [_cell(board, _at_once_price(rule, len(grid.periods))) for _ in grid.days]
            for number in rule.blocks:
                for start, parts in adds[number].items():
                    parts.append((cells[grid.day(start)], _run(grid, start, board.problem.blocks[number].duration)))


def _add(adds: Adds, blocks: tuple[int, ...], part: Callable[[int], tuple[int, int]]) -> None:
    for number in blocks:
        for start, parts in adds[number].items():
            parts.append(part(start))


def _spread_price(rule: Apart | SameDay | SameStart, length: int) -> Callable[[int], Price]:
    weight = weight_of(rule)

    def price(value: int) -> Price:
        taken = counts(value, length)
        if not isinstance(rule, Apart):
            return weight * (sum(taken) - max(taken)), 0
        close = sum(count * (count - 1) // 2 for count in taken) if rule.days else 0
        for day, count in enumerate(taken):
            close += count * sum(taken[day + 1 : day + rule.days])
        return weight * close, 0

    return price


def _at_once_price(rule: AtOnce, length: int) -> Callable[[int], Price]:
    weight = weight_of(rule)
    return lambda value: (weight * sum(max(count - rule.most, 0) for count in counts(value, length)), 0)
