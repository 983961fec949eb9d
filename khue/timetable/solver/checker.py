"""Whether a timetable keeps the rules, found out by looking at it: shares nothing with the search that made it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise

from khue.timetable.solver.problem import (
    MUST,
    AllowedStarts,
    Apart,
    AtOnce,
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
    Timetable,
    Travel,
)


class Breach(StrEnum):
    """What can be wrong with a timetable."""

    UNPLACED = "unplaced"
    OUT_OF_HOURS = "out_of_hours"
    CLASH = "clash"
    CLOSED = "closed"
    START = "start"
    TOO_CLOSE = "too_close"
    NOT_ADJOINING = "not_adjoining"
    NOT_SAME_DAY = "not_same_day"
    NOT_SAME_START = "not_same_start"
    AT_ONCE = "at_once"
    GAPS_IN_DAY = "gaps_in_day"
    GAPS_IN_WEEK = "gaps_in_week"
    TOO_FEW_PERIODS = "too_few_periods"
    TOO_MANY_PERIODS = "too_many_periods"
    TOO_LONG_ON_END = "too_long_on_end"
    TOO_MANY_DAYS = "too_many_days"
    NO_TIME_TO_TRAVEL = "no_time_to_travel"


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule, once broken.

    weight   100: the timetable must not be published; less: a wish that was not met
    time     where in the week, when it is at one time; `day` when it is on one day
    found    what the timetable has, and `allowed` what the rule allows, both in the rule's own unit
    """

    breach: Breach
    weight: int = MUST
    resource: int | None = None
    blocks: tuple[int, ...] = ()
    time: int | None = None
    day: int | None = None
    found: int = 0
    allowed: int = 0

    @property
    def is_hard(self) -> bool:
        """Whether it forbids the timetable."""
        return self.weight >= MUST


def violations(problem: Problem, timetable: Timetable) -> list[Violation]:
    """Everything that is wrong, what must hold before what was wished.

    timetable   one start for each block of the problem; rules pass over blocks without one, which are violations
                of their own
    """
    if len(timetable) != len(problem.blocks):
        raise ValueError(f"{len(timetable)} starts for {len(problem.blocks)} blocks")
    week = _Week(problem, timetable)
    found = [*_placements(week), *_clashes(week)]
    for rule in problem.rules:
        found += _broken(week, rule)
    return sorted(found, key=lambda violation: -violation.weight)


class _Week:
    """The timetable seen from its resources: which periods of which day each has, and with what."""

    def __init__(self, problem: Problem, timetable: Timetable) -> None:
        self.problem = problem
        self.grid: Grid = problem.grid
        self.starts = timetable
        self.taught: list[dict[int, list[int]]] = [{} for _ in problem.resources]
        for number, (block, start) in enumerate(zip(problem.blocks, timetable, strict=True)):
            if start is not None:
                for time in range(start, start + block.duration):
                    for resource in block.resources:
                        self.taught[resource].setdefault(time, []).append(number)

    def placed(self, blocks: Iterable[int]) -> list[tuple[int, int]]:
        """The blocks that have a start, each with it, in the order of the week."""
        found = [(start, block) for block in blocks if (start := self.starts[block]) is not None]
        return [(block, start) for start, block in sorted(found)]

    def end(self, block: int) -> int:
        """The time after the last period of a placed block."""
        start = self.starts[block]
        assert start is not None
        return start + self.problem.blocks[block].duration

    def periods(self, resource: int, day: int) -> list[int]:
        """The periods of a day at which a resource is taken, in order."""
        return sorted(self.grid.period(time) for time in self.taught[resource] if self.grid.day(time) == day)

    def gaps(self, resource: int, day: int) -> int:
        """Free periods between two lessons of one session, without those at which the resource is not there."""
        taken = self.periods(resource, day)
        closed = self.problem.resources[resource].closed
        count = 0
        for first, last in self.grid.sessions:
            inside = [period for period in taken if first <= period <= last]
            if inside:
                between = set(range(inside[0], inside[-1])) - set(inside)
                count += sum(self.grid.time(day, period) not in closed for period in between)
        return count


def _placements(week: _Week) -> Iterator[Violation]:
    for number, block in enumerate(week.problem.blocks):
        start = week.starts[number]
        if start is None:
            yield Violation(Breach.UNPLACED, blocks=(number,))
        elif start not in set(week.grid.starts(block.duration)):
            yield Violation(Breach.OUT_OF_HOURS, blocks=(number,), time=start)


def _clashes(week: _Week) -> Iterator[Violation]:
    for resource, taught in enumerate(week.taught):
        for time, blocks in sorted(taught.items()):
            if len(blocks) > 1:
                yield Violation(Breach.CLASH, resource=resource, blocks=tuple(blocks), time=time)
            if time in week.problem.resources[resource].closed:
                yield Violation(Breach.CLOSED, resource=resource, blocks=tuple(blocks), time=time)


def _broken(week: _Week, rule: Rule) -> Iterator[Violation]:
    match rule:
        case AllowedStarts():
            for block, start in week.placed(rule.blocks):
                if start not in rule.starts:
                    yield Violation(Breach.START, rule.weight, blocks=(block,), time=start)
        case Apart():
            yield from _apart(week, rule)
        case SameDay():
            days = {week.grid.day(start) for _, start in week.placed(rule.blocks)}
            yield from _one_of(days, Breach.NOT_SAME_DAY, rule)
        case SameStart():
            starts = {start for _, start in week.placed(rule.blocks)}
            yield from _one_of(starts, Breach.NOT_SAME_START, rule)
        case AtOnce():
            yield from _at_once(week, rule)
        case Travel():
            yield from _travel(week, rule)
        case _:
            yield from _days(week, rule)


def _one_of(found: set[int], breach: Breach, rule: SameDay | SameStart) -> Iterator[Violation]:
    if len(found) > 1:
        yield Violation(breach, rule.weight, blocks=rule.blocks, found=len(found), allowed=1)


def _apart(week: _Week, rule: Apart) -> Iterator[Violation]:
    for (one, first), (other, second) in combinations(week.placed(rule.blocks), 2):
        days = week.grid.day(second) - week.grid.day(first)
        if days < rule.days:
            yield Violation(Breach.TOO_CLOSE, rule.weight, None, (one, other), second, None, days, rule.days)
        if rule.adjoining and days == 0 and week.end(one) != second:
            yield Violation(Breach.NOT_ADJOINING, rule.weight, None, (one, other), second)


def _at_once(week: _Week, rule: AtOnce) -> Iterator[Violation]:
    running: dict[int, list[int]] = {}
    for block, start in week.placed(rule.blocks):
        for time in range(start, week.end(block)):
            running.setdefault(time, []).append(block)
    for time, blocks in sorted(running.items()):
        if len(blocks) > rule.most:
            yield Violation(
                Breach.AT_ONCE, rule.weight, None, tuple(dict.fromkeys(blocks)), time, None, len(blocks), rule.most
            )


def _travel(week: _Week, rule: Travel) -> Iterator[Violation]:
    blocks = week.problem.blocks
    mine = (number for number, block in enumerate(blocks) if rule.resource in block.resources and block.place)
    for (one, first), (other, second) in pairwise(week.placed(mine)):
        free = second - week.end(one)
        together = any(
            low <= week.grid.period(first) <= high and low <= week.grid.period(second) <= high
            for low, high in week.grid.sessions
        )
        is_way = blocks[one].place != blocks[other].place and week.grid.day(first) == week.grid.day(second)
        if is_way and together and free < rule.periods:
            yield Violation(
                Breach.NO_TIME_TO_TRAVEL, rule.weight, rule.resource, (one, other), second, None, free, rule.periods
            )


def _days(
    week: _Week, rule: GapsPerDay | GapsPerWeek | PeriodsPerDay | PeriodsOnEnd | DaysPerWeek
) -> Iterator[Violation]:
    days = range(len(week.grid.days))
    match rule:
        case GapsPerDay():
            counts = [week.gaps(rule.resource, day) for day in days]
            yield from _above(Breach.GAPS_IN_DAY, rule, counts)
        case GapsPerWeek():
            count = sum(week.gaps(rule.resource, day) for day in days)
            if count > rule.most:
                yield Violation(Breach.GAPS_IN_WEEK, rule.weight, rule.resource, found=count, allowed=rule.most)
        case PeriodsPerDay():
            counts = [len(week.periods(rule.resource, day)) for day in days]
            yield from _above(Breach.TOO_MANY_PERIODS, rule, counts)
            for day, count in enumerate(counts):
                if count < rule.least and not (count == 0 and rule.free_days):
                    yield Violation(
                        Breach.TOO_FEW_PERIODS, rule.weight, rule.resource, day=day, found=count, allowed=rule.least
                    )
        case PeriodsOnEnd():
            counts = [_longest(week, rule.resource, day) for day in days]
            yield from _above(Breach.TOO_LONG_ON_END, rule, counts)
        case DaysPerWeek():
            within = range(rule.first, rule.last + 1)
            count = sum(any(period in within for period in week.periods(rule.resource, day)) for day in days)
            if count > rule.most:
                yield Violation(Breach.TOO_MANY_DAYS, rule.weight, rule.resource, found=count, allowed=rule.most)


def _above(
    breach: Breach, rule: GapsPerDay | PeriodsPerDay | PeriodsOnEnd, counts: Sequence[int]
) -> Iterator[Violation]:
    for day, count in enumerate(counts):
        if count > rule.most:
            yield Violation(breach, rule.weight, rule.resource, day=day, found=count, allowed=rule.most)


def _longest(week: _Week, resource: int, day: int) -> int:
    longest = 0
    for first, last in week.grid.sessions:
        run = 0
        for period in range(first, last + 1):
            run = run + 1 if week.grid.time(day, period) in week.taught[resource] else 0
            longest = max(longest, run)
    return longest
