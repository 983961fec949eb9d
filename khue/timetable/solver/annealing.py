"""The search: all blocks are placed from the beginning, and changes of places wear down what is wrong.

What is done millions of times a second is in `compiled`; here it is started, looked at and told how hot it is.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from math import exp
from random import Random
from typing import NamedTuple

import numpy as np

from khue.timetable.solver.compiled import one_compiles
from khue.timetable.solver.compiled.changes import begin, energy
from khue.timetable.solver.compiled.search import wander
from khue.timetable.solver.compiled.state import TOTAL, State, memory, state_of
from khue.timetable.solver.compiled.tables import DUTY, Numbers, Tables

THREADS = 2
STRETCH, ROUNDS = 8_192, 8
"""How many changes a walker looks at before it may trade its heat, and how often that is before somebody looks."""
Look = Callable[[int, tuple[int, ...] | None], Sequence[float] | None]
"""Told the steps so far and, when there is a new one, the best starts; answers how hot to go on, or None to stop."""


class Walker(NamedTuple):
    """One of those who search. The last number of `best` is what the starts before it cost."""

    state: State
    best: Numbers

    @property
    def energy(self) -> int:
        """What is wrong where it stands."""
        return int(energy(int(self.state.numbers[TOTAL])))


class Walk:
    """Walks through the timetables of a problem, each at its own heat, in two threads, equally long.

    All begin at the same starts. Between stretches walkers of neighbouring heats trade them, the likelier the less is
    wrong with the hotter one ("replica exchange"): the cold ones look closely where the hot ones came to. Who trades
    is decided between stretches and in one place, and the best is the first of several as good, so that a seed gives
    the same timetable on one processor and on many.
    steps   how many changes each of them looked at so far
    """

    def __init__(self, tables: Tables, starts: Sequence[int], random: Random, *, walkers: int) -> None:
        self.tables, self.random, self.steps = tables, random, 0
        self._can_move = len(tables.starts) > len(tables.durations)
        self._memories = [memory() for _ in range(THREADS)]
        self._rounds = 0
        # Compiles where it has to, before anybody counts seconds.
        with one_compiles():
            self.move_to(starts, walkers=walkers)
            self._wander(0, 1.0, 0, 0)

    def move_to(self, starts: Sequence[int], *, walkers: int) -> None:
        """Let so many go on from these starts, which are the best from now on."""
        self._walkers = [self._walker(starts, number % THREADS) for number in range(walkers)]
        self._by_heat = list(range(walkers))

    def _walker(self, starts: Sequence[int], thread: int) -> Walker:
        state = state_of(self.tables, list(starts), self.random.getrandbits(63), self._memories[thread])
        begin(self.tables, state)
        return Walker(state, np.array([*starts, state.numbers[TOTAL]], dtype=np.int64))

    @property
    def best(self) -> tuple[int, ...]:
        """The starts that break fewest duties and, among those, fewest wishes."""
        return tuple(int(start) for start in self._best[:-1])

    @property
    def keeps_duties(self) -> bool:
        """Whether the best breaks no duty."""
        return bool(self._best[-1] < DUTY)

    @property
    def _best(self) -> Numbers:
        return min((walker.best for walker in self._walkers), key=lambda best: int(best[-1]))

    def go(self, look: Look, *, enough: int) -> None:
        """Search until what the best breaks costs no more than enough, or `look` says stop.

        The temperatures `look` answers with are one for each walker, the coldest first.
        """
        known = None
        with ThreadPoolExecutor(THREADS) as threads:
            while True:
                cost = int(self._best[-1])
                temperatures = look(self.steps, None if cost == known else self.best)
                known = cost
                if temperatures is None or cost <= enough or not self._can_move:
                    return
                for _ in range(ROUNDS):
                    if self._best[-1] > enough:
                        self._go_a_stretch(threads, temperatures, enough)
                        self._trade(temperatures)

    def _go_a_stretch(self, threads: ThreadPoolExecutor, temperatures: Sequence[float], enough: int) -> None:
        heat = dict(zip(self._by_heat, temperatures, strict=True))

        def go(thread: int) -> int:
            mine = range(thread, len(self._walkers), THREADS)
            return max(self._wander(walker, heat[walker], STRETCH, enough) for walker in mine)

        self.steps += max(threads.map(go, range(THREADS)))

    def _wander(self, walker: int, temperature: float, steps: int, enough: int) -> int:
        one = self._walkers[walker]
        return wander(self.tables, one.state, temperature, steps, one.best, enough)

    def _trade(self, temperatures: Sequence[float]) -> None:
        """Let every other pair of neighbours trade their heat, and the pairs between them next time."""
        self._rounds += 1
        for colder, hotter in list(pairwise(range(len(temperatures))))[self._rounds % 2 :: 2]:
            one, other = self._by_heat[colder], self._by_heat[hotter]
            gain = self._walkers[one].energy - self._walkers[other].energy
            likely = gain * (1 / temperatures[colder] - 1 / temperatures[hotter])
            if likely >= 0 or self.random.random() < exp(likely):
                self._by_heat[colder], self._by_heat[hotter] = other, one
