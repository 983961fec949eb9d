"""Where each block may begin by itself, whatever the others do."""

from khue.timetable.solver.problem import MUST, AllowedStarts, Problem


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
