"""A problem as a model of OR-Tools CP-SAT: what must hold, exactly; wishes below 100 are left out.

`start[block][time]` says that a block begins at a time. Rules about days choose one *pattern* for each session of a
resource, so that gaps, days and periods are sums. In a guarded model every wish of a person (a rule, times off, a
lock) holds only while its guard does, which is how a set of wishes that cannot be met together is found.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise

from ortools.sat.python import cp_model

from khue.timetable.solver.domains import domains
from khue.timetable.solver.patterns import LONGEST_SESSION, patterns
from khue.timetable.solver.problem import (
    MUST,
    AllowedStarts,
    Apart,
    AtOnce,
    BlockRule,
    DaysPerWeek,
    GapsPerDay,
    GapsPerWeek,
    PeriodsOnEnd,
    PeriodsPerDay,
    Problem,
    Rule,
    SameDay,
    SameStart,
    Travel,
)
from khue.timetable.solver.wish import Lock, TimesOff, Wish

Literal = cp_model.IntVar
DayRule = GapsPerDay | GapsPerWeek | PeriodsPerDay | PeriodsOnEnd | DaysPerWeek


def can_model(problem: Problem) -> bool:
    """Whether sessions are short enough to write down every way to be taken in one."""
    return all(last - first < LONGEST_SESSION for first, last in problem.grid.sessions)


class Model:
    """The model, and what each of its variables means.

    guarded    every wish has a guard in `guards`; otherwise all of them hold
    optional   blocks that may also stay without a start
    """

    def __init__(
        self,
        problem: Problem,
        locked: Mapping[int, int],
        *,
        guarded: bool = False,
        optional: frozenset[int] = frozenset(),
    ) -> None:
        self.problem, self.grid, self.locked = problem, problem.grid, locked
        self.cp = cp_model.CpModel()
        self.guards: dict[Wish, Literal] = {}
        self._guarded = guarded
        self._domains = domains(problem)
        self.start = [self._starts(number) for number in range(len(problem.blocks))]
        for number, starts in enumerate(self.start):
            (self.cp.add_at_most_one if number in optional else self.cp.add_exactly_one)(starts.values())
        self.taken = self._taken()
        self._hold_one_at_a_time()
        self._hold_apart_from_domains()
        rules: dict[int, list[DayRule]] = defaultdict(list)
        for rule in problem.rules:
            if rule.weight < MUST:
                continue
            if isinstance(rule, DayRule):
                rules[rule.resource].append(rule)
            else:
                self._add_rule(rule)
        for resource, mine in rules.items():
            self._add_days(resource, mine)

    def _guard(self, wish: Wish) -> list[Literal]:
        """What has to hold for a wish to be in force: nothing, in a model without guards."""
        if not self._guarded:
            return []
        if wish not in self.guards:
            self.guards[wish] = self.cp.new_bool_var("")
        return [self.guards[wish]]

    def _starts(self, number: int) -> dict[int, Literal]:
        block = self.problem.blocks[number]
        if not self._guarded:
            times = [self.locked[number]] if number in self.locked else self._domains[number]
            return {time: self.cp.new_bool_var("") for time in times}
        free = set(self.grid.starts(block.duration)) | ({self.locked[number]} if number in self.locked else set())
        return {time: self.cp.new_bool_var("") for time in sorted(free)}

    def _taken(self) -> list[dict[int, list[Literal]]]:
        """For each resource and time the starts that take it."""
        taken: list[dict[int, list[Literal]]] = [defaultdict(list) for _ in self.problem.resources]
        for block, starts in zip(self.problem.blocks, self.start, strict=True):
            for start, literal in starts.items():
                for time in range(start, start + block.duration):
                    for resource in block.resources:
                        taken[resource][time].append(literal)
        return taken

    def _hold_one_at_a_time(self) -> None:
        """One block at a time for each resource; a class whose week is exactly full has one at every time."""
        loads = [0] * len(self.problem.resources)
        for block in self.problem.blocks:
            for resource in block.resources:
                loads[resource] += block.duration
        for resource, times in enumerate(self.taken):
            is_full = not self._guarded and loads[resource] == len(times)
            for literals in times.values():
                (self.cp.add_exactly_one if is_full else self.cp.add_at_most_one)(literals)

    def _forbid(self, literal: Literal, wish: Wish) -> None:
        self.cp.add_bool_or([~guard for guard in self._guard(wish)] + [~literal])

    def _hold_apart_from_domains(self) -> None:
        """Times off and locks."""
        for number, resource in enumerate(self.problem.resources):
            for time in resource.closed & self.taken[number].keys():
                for literal in self.taken[number][time]:
                    self._forbid(literal, TimesOff(number))
        for number, locked in self.locked.items():
            for start, literal in self.start[number].items():
                if start != locked:
                    self._forbid(literal, Lock(number, locked))

    def _add_rule(self, rule: BlockRule | Travel) -> None:
        match rule:
            case AllowedStarts():
                for block in rule.blocks:
                    for start, literal in self.start[block].items():
                        if start not in rule.starts:
                            self._forbid(literal, rule)
            case Apart():
                self._add_apart(rule)
            case SameDay():
                self._add_same(rule, [self._on(block) for block in rule.blocks], range(len(self.grid.days)))
            case SameStart():
                starts = [{time: [literal] for time, literal in self.start[b].items()} for b in rule.blocks]
                self._add_same(rule, starts, range(self.grid.size))
            case AtOnce():
                for time in range(self.grid.size):
                    self._at_most(rule, self._running(rule.blocks, time), rule.most)
            case Travel():
                self._add_travel(rule)

    def _at_most(self, rule: Rule, literals: Iterable[Literal], most: int) -> None:
        self.cp.add(sum(literals) <= most).only_enforce_if(self._guard(rule))

    def _on(self, block: int) -> dict[int, list[Literal]]:
        """The starts of a block, by day."""
        days: dict[int, list[Literal]] = defaultdict(list)
        for start, literal in self.start[block].items():
            days[self.grid.day(start)].append(literal)
        return days

    def _running(self, blocks: Iterable[int], time: int) -> list[Literal]:
        durations = [(block, self.problem.blocks[block].duration) for block in blocks]
        return [
            literal
            for block, duration in durations
            for start, literal in self.start[block].items()
            if start <= time < start + duration
        ]

    def _add_apart(self, rule: Apart) -> None:
        days = [self._on(block) for block in rule.blocks]
        for day in range(len(self.grid.days)) if rule.days else ():
            within = [literal for on in days for near in range(day, day + rule.days) for literal in on.get(near, [])]
            self._at_most(rule, within, 1)
        if rule.adjoining and not rule.days:
            self._add_adjoining(rule)

    def _add_adjoining(self, rule: Apart) -> None:
        """Two blocks that may share a day follow each other there."""
        ends = [(block, self.problem.blocks[block].duration) for block in rule.blocks]
        for index, (one, length) in enumerate(ends):
            for other, size in ends[index + 1 :]:
                for first, literal in self.start[one].items():
                    for second, too in self.start[other].items():
                        is_near = second in (first + length, first - size)
                        if self.grid.day(first) == self.grid.day(second) and not is_near:
                            self._at_most(rule, [literal, too], 1)

    def _add_same(self, rule: Rule, where: list[dict[int, list[Literal]]], values: range) -> None:
        for one, other in pairwise(where):
            for value in values:
                equal = sum(one.get(value, [])) == sum(other.get(value, []))
                if equal is not True:
                    self.cp.add(equal).only_enforce_if(self._guard(rule))

    def _add_travel(self, rule: Travel) -> None:
        """No two blocks at different places nearer than the way: those between would only be nearer still."""
        mine = [number for number, block in enumerate(self.problem.blocks) if rule.resource in block.resources]
        places = sorted({self.problem.blocks[number].place for number in mine} - {""})
        at = {place: [number for number in mine if self.problem.blocks[number].place == place] for place in places}
        away = {place: [number for other in places if other != place for number in at[other]] for place in places}
        for day in range(len(self.grid.days)):
            for first, last in self.grid.sessions:
                for early in range(first, last + 1):
                    for late in range(early + 1, min(last, early + rule.periods) + 1):
                        for place in places:
                            here = self._running(at[place], self.grid.time(day, early))
                            there = self._running(away[place], self.grid.time(day, late))
                            self._at_most(rule, [*here, *there], 1)

    def _add_days(self, resource: int, rules: list[DayRule]) -> None:
        """Choose a pattern for each session of a resource, and keep its rules by sums over them."""
        closed = self.problem.resources[resource].closed
        days = [self._patterns(resource, day, closed, rules) for day in range(len(self.grid.days))]
        for rule in rules:
            guard = self._guard(rule)
            match rule:
                case GapsPerWeek():
                    gaps = [count * literal for chosen in days for literal, count, _ in chosen if count]
                    self.cp.add(sum(gaps) <= rule.most).only_enforce_if(guard)
                case GapsPerDay() if len(self.grid.sessions) > 1:
                    for chosen in days:
                        gaps = [count * literal for literal, count, _ in chosen if count]
                        self.cp.add(sum(gaps) <= rule.most).only_enforce_if(guard)
                case PeriodsPerDay():
                    self._add_periods(rule, days, guard)
                case DaysPerWeek():
                    used = [self._used(chosen, range(rule.first, rule.last + 1)) for chosen in days]
                    self.cp.add(sum(used) <= rule.most).only_enforce_if(guard)

    def _patterns(
        self, resource: int, day: int, closed: frozenset[int], rules: list[DayRule]
    ) -> list[tuple[Literal, int, tuple[int, ...]]]:
        """One literal for each pattern of each session of the day, with its gaps and the periods taken."""
        found = []
        for session in self.grid.sessions:
            times = [self.grid.time(day, period) for period in range(session[0], session[1] + 1)]
            chosen = []
            for pattern in patterns(self.grid, day, session, closed, ignores_closed=self._guarded):
                broken = [rule for rule in rules if pattern.breaks(rule)]
                if broken and not self._guarded:
                    continue
                literal = self.cp.new_bool_var("")
                for rule in broken:
                    self._forbid(literal, rule)
                chosen.append((literal, pattern.gaps, tuple(session[0] + index for index in pattern.taken)))
            self.cp.add_exactly_one(literal for literal, _, _ in chosen)
            for period, time in zip(range(session[0], session[1] + 1), times, strict=True):
                on = [literal for literal, _, taken in chosen if period in taken]
                starts = self.taken[resource].get(time, [])
                if on or starts:
                    self.cp.add(sum(on) == sum(starts))
            found += chosen
        return found

    def _used(self, chosen: list[tuple[Literal, int, tuple[int, ...]]], periods: range) -> Literal:
        """A literal that holds whenever something is taught in these periods of the day."""
        used = self.cp.new_bool_var("")
        for literal, _, taken in chosen:
            if any(period in periods for period in taken):
                self.cp.add_implication(literal, used)
        return used

    def _add_periods(
        self, rule: PeriodsPerDay, days: list[list[tuple[Literal, int, tuple[int, ...]]]], guard: list[Literal]
    ) -> None:
        for chosen in days:
            count = sum(len(taken) * literal for literal, _, taken in chosen if taken)
            if isinstance(count, int):
                count = cp_model.LinearExpr.constant(0)
            self.cp.add(count <= rule.most).only_enforce_if(guard)
            if rule.free_days:
                used = self._used(chosen, range(len(self.grid.periods)))
                self.cp.add(count >= rule.least * used).only_enforce_if(guard)
            else:
                self.cp.add(count >= rule.least).only_enforce_if(guard)
