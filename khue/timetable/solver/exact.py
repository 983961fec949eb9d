"""Asking CP-SAT for a timetable that keeps every rule that must hold, or for the proof that there is none."""

from collections.abc import Callable, Mapping
from enum import Enum
from threading import Thread

from ortools.sat.python import cp_model

from khue.timetable.solver.model import Model, can_model
from khue.timetable.solver.problem import Problem, Timetable

LOOK_SECONDS = 0.2


class Verdict(Enum):
    """What CP-SAT found out: a timetable, that there is none, or nothing in the work it was given."""

    FOUND = "found"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


def solver_of(seed: int, work: float) -> cp_model.CpSolver:
    """CP-SAT as we use it: one thread, so that a seed repeats; no linear relaxation, which only costs time here.

    work   at most so much, in CP-SAT's own measure, which is about a second and the same on every machine
    """
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 0
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work
    return solver


def find(
    problem: Problem,
    *,
    seed: int,
    work: float,
    locked: Mapping[int, int],
    before: Timetable | None = None,
    goes_on: Callable[[], bool] = lambda: True,
) -> tuple[Verdict, Timetable | None]:
    """A timetable without a conflict, whatever the wishes below 100 say.

    before    a timetable to keep to: as few blocks as can be leave the start they have there
    goes_on   asked every fraction of a second, while CP-SAT works in a thread of its own
    """
    if not can_model(problem):
        return Verdict.UNKNOWN, None
    model = Model(problem, locked)
    for block, start in enumerate(before or ()):
        for time, literal in model.start[block].items():
            model.cp.add_hint(literal, time == start)
    if before is not None:
        model.cp.maximize(
            sum(model.start[block][start] for block, start in enumerate(before) if start in model.start[block])
        )
    solver = solver_of(seed, work)
    status = _solve(solver, model.cp, goes_on)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        chosen = (next(time for time, x in starts.items() if solver.boolean_value(x)) for starts in model.start)
        return Verdict.FOUND, tuple(chosen)
    return (Verdict.IMPOSSIBLE if status == cp_model.INFEASIBLE else Verdict.UNKNOWN), None


def _solve(solver: cp_model.CpSolver, model: cp_model.CpModel, goes_on: Callable[[], bool]) -> object:
    statuses: list[object] = []
    worker = Thread(target=lambda: statuses.append(solver.solve(model)))
    worker.start()
    worker.join(LOOK_SECONDS)
    while worker.is_alive():
        if not goes_on():
            solver.stop_search()
        worker.join(LOOK_SECONDS)
    return statuses[0] if statuses else cp_model.UNKNOWN
