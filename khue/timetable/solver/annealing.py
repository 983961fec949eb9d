"""The search: all blocks are placed from the beginning, and changes of places wear down what is wrong.

What is done millions of times a second is in `compiled`; here it is started, looked at and told how hot it is.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import NamedTuple

import numpy as np

from khue.timetable.solver.compiled.changes import begin
from khue.timetable.solver.compiled.search import wander
from khue.timetable.solver.compiled.state import TOTAL, State, state_of
from khue.timetable.solver.compiled.tables import DUTY, Numbers, Tables

STRETCH, WALKERS = 131_072, 2
Look = Callable[[int, tuple[int, ...] | None], float | None]
"""Told the steps so far and, when there is a new one, the best starts; answers how hot to go on, or None to stop."""


class Walker(NamedTuple):
    """One of those who search. The last number of `best` is what the starts before it cost."""

    state: State
    best: Numbers


class Walk:
    """Two walks through the timetables of a problem, side by side on two processors, equally long.

    They begin at the same starts and differ by chance; the better is the answer, the first where both are as good, so
    that a seed gives the same timetable on one processor and on many.
    steps   how many changes each of them looked at so far
    """

    def __init__(self, tables: Tables, starts: Sequence[int], random: Random) -> None:
        self.tables, self.random, self.steps = tables, random, 0
        self._can_move = len(tables.starts) > len(tables.durations)
        self.move_to(starts)
        # Compiles where it has to, before anybody counts seconds.
        self._wander(self._walkers[0], 1.0, 0, 0)

    def move_to(self, starts: Sequence[int]) -> None:
        """Go on from these starts, which are the best from now on."""
        self._walkers = [self._walker(starts) for _ in range(WALKERS)]

    def _walker(self, starts: Sequence[int]) -> Walker:
        state = state_of(self.tables, list(starts), self.random.getrandbits(63))
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
        """Search until what the best breaks costs no more than enough, or `look` says stop."""
        known = None
        with ThreadPoolExecutor(WALKERS) as threads:
            while True:
                cost = int(self._best[-1])
                temperature = look(self.steps, None if cost == known else self.best)
                known = cost
                if temperature is None or cost <= enough or not self._can_move:
                    return
                walks = [threads.submit(self._wander, one, temperature, STRETCH, enough) for one in self._walkers]
                self.steps += max(walk.result() for walk in walks)

    def _wander(self, walker: Walker, temperature: float, steps: int, enough: int) -> int:
        return wander(self.tables, walker.state, temperature, steps, walker.best, enough)
