"""Giving most changes up before they are made: what they would cost at least, from what is remembered of weeks."""

from khue.timetable.solver.compiled import inlined
from khue.timetable.solver.compiled.changes import energy
from khue.timetable.solver.compiled.state import STAMP, TOTAL, TOUCHED, State
from khue.timetable.solver.compiled.tables import CLASH, Tables


@inlined
def is_hopeless(t: Tables, s: State, count: int, most: int) -> bool:
    """Whether the first `count` blocks in `moves` at the starts in `to` cost more energy than `most`.

    True is certain unless two of them, of different lengths, would meet; then they clash, and that is seldom of use.
    """
    s.numbers[STAMP] += 1
    s.numbers[TOUCHED] = 0
    total = s.numbers[TOTAL]
    for index in range(count):
        block = s.moves[index]
        total += max(t.likes[block, s.to[index]], 0) - max(t.likes[block, s.start[block]], 0)
        for place in range(t.first_bond[block], t.first_bond[block + 1]):
            bond = len(s.clashes) + t.bonds_of[place]
            if s.stamps[bond] != s.numbers[STAMP]:
                s.stamps[bond] = s.numbers[STAMP]
                total -= s.prices[bond]
        for place in range(t.first_resource[block], t.first_resource[block + 1]):
            total += _look_ahead(t, s, index, t.resources[place])
    for index in range(s.numbers[TOUCHED]):
        if energy(total) > most:
            return True
        total += _least(t, s, s.touched[index])
    return energy(total) > most


@inlined
def _look_ahead(t: Tables, s: State, index: int, resource: int) -> int:
    """Turn the key of somebody who has a block that moves to what it would be; answers what is certain of the cost."""
    block, cost = s.moves[index], 0
    if s.stamps[resource] != s.numbers[STAMP]:
        s.stamps[resource] = s.numbers[STAMP]
        s.touched[s.numbers[TOUCHED]] = resource
        s.numbers[TOUCHED] += 1
        s.keys_after[resource] = s.keys[resource]
        cost -= s.prices[resource]
    for offset in range(t.durations[block]):
        time = s.to[index] + offset
        s.keys_after[resource] ^= t.marks[s.start[block] + offset] ^ t.marks[time]
        is_taken = s.busy[resource, time] == 1 and s.moved[s.sums[resource, time]] != s.chains[0]
        if is_taken and not s.clashes[resource]:
            cost += CLASH
            s.keys_after[resource] = 0
    return cost


@inlined
def _least(t: Tables, s: State, resource: int) -> int:
    """What the week of somebody with a new key costs at least: what is remembered of it."""
    key = s.keys_after[resource]
    if s.clashes[resource]:
        return 0
    if key == s.keys[resource] and not t.ways[resource]:
        return int(s.prices[resource])
    place = key & (len(s.memory) - 1)
    return int(s.memory[place, 1]) if s.memory[place, 0] == key else 0
