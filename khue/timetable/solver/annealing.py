"""The search: all blocks are placed from the beginning, and changes of places wear down what is wrong.

What is done a million times a second is in `compiled`; here it is started, looked at and told how hot it is.
"""

from collections.abc import Callable, Sequence
from random import Random

import numpy as np

from khue.timetable.solver.compiled.changes import begin
from khue.timetable.solver.compiled.search import wander
from khue.timetable.solver.compiled.state import TOTAL, State, state_of
from khue.timetable.solver.compiled.tables import DUTY, Numbers, Tables

STRETCH = 131_072
Look = Callable[[int, tuple[int, ...] | None], float | None]
"""Told the steps so far and, when there is a new one, the best starts; answers how hot to go on, or None to stop."""


class Walk:
    """One walk through the timetables of a problem.

    steps   how many changes were looked at so far
    """

    def __init__(self, tables: Tables, starts: Sequence[int], random: Random) -> None:
        self.tables, self.random, self.steps = tables, random, 0
        self._can_move = len(tables.starts) > len(tables.durations)
        self.move_to(starts)
        # Compiles where it has to, before anybody counts seconds.
        wander(tables, self._state, 1.0, 0, self._best, 0)

    def move_to(self, starts: Sequence[int]) -> None:
        """Go on from these starts, which are the best from now on."""
        self._state: State = state_of(self.tables, list(starts), self.random.getrandbits(63))
        begin(self.tables, self._state)
        self._best: Numbers = np.array([*starts, self._state.numbers[TOTAL]], dtype=np.int64)

    @property
    def best(self) -> tuple[int, ...]:
        """The starts that break fewest duties and, among those, fewest wishes."""
        return tuple(int(start) for start in self._best[:-1])

    @property
    def keeps_duties(self) -> bool:
        """Whether the best breaks no duty."""
        return bool(self._best[-1] < DUTY)

    def go(self, look: Look, *, enough: int) -> None:
        """Search until what the best breaks costs no more than enough, or `look` says stop."""
        known = None
        while True:
            cost = int(self._best[-1])
            temperature = look(self.steps, None if cost == known else self.best)
            known = cost
            if temperature is None or cost <= enough or not self._can_move:
                return
            self.steps += wander(self.tables, self._state, temperature, STRETCH, self._best, enough)
