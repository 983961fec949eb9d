"""Why a school has no timetable: a few wishes of which one has to give way, and the lessons they are about."""

from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import TypeVar

from ortools.sat.python import cp_model

from khue.timetable.solver.exact import solver_of
from khue.timetable.solver.model import Model, can_model
from khue.timetable.solver.problem import Problem
from khue.timetable.solver.wish import Reasons, Wish

PROOF = 5.0
Item = TypeVar("Item")


def reasons(problem: Problem, *, seconds: float, locked: Mapping[int, int] | None = None) -> Reasons | None:
    """A small contradiction in what is asked; None when there is a timetable or no proof was found in time.

    seconds   after which the set is not made any smaller
    """
    if not can_model(problem):
        return None
    until = monotonic() + seconds
    held = dict(locked or {})
    wishes = _first(problem, held)
    if wishes is None:
        return None
    needed = _smaller(wishes, lambda kept: _is_impossible(problem, held, kept, frozenset()), until)
    every = frozenset(range(len(problem.blocks)))
    blocks = _smaller(sorted(every), lambda kept: _is_impossible(problem, held, needed, every - frozenset(kept)), until)
    return Reasons(tuple(needed), tuple(sorted(blocks)))


def _first(problem: Problem, locked: Mapping[int, int]) -> list[Wish] | None:
    """Wishes that contradict each other, by one proof; None without one."""
    model = Model(problem, locked, guarded=True)
    model.cp.add_assumptions(list(model.guards.values()))
    solver = solver_of(1, PROOF * 4)
    if solver.solve(model.cp) != cp_model.INFEASIBLE:
        return None
    used = set(solver.sufficient_assumptions_for_infeasibility())
    return [wish for wish, guard in model.guards.items() if guard.index in used]


def _is_impossible(
    problem: Problem, locked: Mapping[int, int], wishes: Iterable[Wish], optional: frozenset[int]
) -> bool:
    """Whether it is proved that these wishes cannot be met when these blocks may stay out."""
    model = Model(problem, locked, guarded=True, optional=optional)
    kept = set(wishes)
    for wish, guard in model.guards.items():
        model.cp.add_bool_and([guard if wish in kept else ~guard])
    return solver_of(1, PROOF).solve(model.cp) == cp_model.INFEASIBLE


def _smaller(items: list[Item], is_enough: Callable[[list[Item]], bool], until: float) -> list[Item]:
    """As few of the items as are enough: larger pieces are left out first, then single ones."""
    kept, size = list(items), max(len(items) // 2, 1)
    while kept:
        index = 0
        while index < len(kept):
            if monotonic() > until:
                return kept
            without = kept[:index] + kept[index + size :]
            if is_enough(without):
                kept = without
            else:
                index += size
        if size == 1:
            break
        size = max(size // 2, 1)
    return kept
