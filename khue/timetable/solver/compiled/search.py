"""A stretch of simulated annealing at one temperature.

A change that makes the timetable worse is taken now and then, ever more rarely as the search cools down, so that it
does not end in the first corner. Most changes begin with a block of something that is broken.
"""

from math import log

from khue.timetable.solver.compiled import compiled, inlined
from khue.timetable.solver.compiled.changes import change, energy, keep, undo
from khue.timetable.solver.compiled.hopes import is_hopeless
from khue.timetable.solver.compiled.moves import chain, exchange
from khue.timetable.solver.compiled.state import BROKEN, TOTAL, State
from khue.timetable.solver.compiled.tables import Numbers, Tables

MENDS, CHAINS, SLIDES = 0.8, 0.8, 0.3


@compiled
def wander(t: Tables, s: State, temperature: float, steps: int, best: Numbers, enough: int) -> int:
    """Search on, keeping in `best` the best starts and, as its last number, what they cost; answers the steps done.

    enough   stop at the first timetable that costs no more
    """
    for step in range(steps):
        if best[-1] <= enough:
            return step
        count = _propose(t, s)
        if not count:
            continue
        most = energy(s.numbers[TOTAL]) - int(temperature * log(1.0 - _chance(s)))
        if is_hopeless(t, s, count, most):
            continue
        before = change(t, s, count, most)
        if energy(s.numbers[TOTAL]) <= most:
            keep(t, s, count)
            if s.numbers[TOTAL] < best[-1]:
                for block in range(len(s.start)):
                    best[block] = s.start[block]
                best[-1] = s.numbers[TOTAL]
        else:
            undo(t, s, count, before)
    return steps


@inlined
def _propose(t: Tables, s: State) -> int:
    """Write down a change; answers how many blocks move, 0 for none."""
    block = _broken_block(t, s) if s.numbers[BROKEN] and _chance(s) < MENDS else _below(s, len(s.start))
    first, last = t.first_start[block], t.first_start[block + 1]
    start = t.starts[first + _below(s, last - first)]
    first, last = t.first_row[block], t.first_row[block + 1]
    row = t.rows[first + _below(s, last - first)] if last > first else -1
    if start == s.start[block] or (row >= 0 and _is_twin(t, s, block, row, start)):
        return 0
    if row >= 0 and _chance(s) >= CHAINS:
        return exchange(t, s, block, start, row, _chance(s) < SLIDES)
    return chain(t, s, block, start)


@inlined
def _is_twin(t: Tables, s: State, block: int, row: int, start: int) -> bool:
    """Whether a row has there, alone, what is the same as the block but for its name."""
    return bool(s.busy[row, start] == 1 and t.twins[s.sums[row, start]] == t.twins[block])


@inlined
def _broken_block(t: Tables, s: State) -> int:
    """A block of something that is broken; any block where that has none."""
    thing = s.broken[_below(s, s.numbers[BROKEN])]
    bond = thing - len(s.clashes)
    if bond >= 0:
        first, last = t.first_member[bond], t.first_member[bond + 1]
        return t.members[first + _below(s, last - first)] if last > first else _below(s, len(s.start))
    first, last = t.first_block[thing], t.first_block[thing + 1]
    return t.blocks[first + _below(s, last - first)] if last > first else _below(s, len(s.start))


@inlined
def _next(s: State) -> int:
    """Another random number of 31 bits: the upper ones of Knuth's linear congruential generator."""
    s.chance[0] = s.chance[0] * 6364136223846793005 + 1442695040888963407
    return int(s.chance[0] >> 33 & 0x7FFFFFFF)


@inlined
def _below(s: State, limit: int) -> int:
    return _next(s) * limit >> 31


@inlined
def _chance(s: State) -> float:
    return _next(s) / 2147483648.0
