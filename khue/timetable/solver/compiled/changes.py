"""Making a change, knowing what it costs, and taking it back."""

from khue.timetable.solver.compiled import compiled, inlined
from khue.timetable.solver.compiled.prices import price_of_bond, price_of_resource
from khue.timetable.solver.compiled.state import BROKEN, LOOKED, STAMP, TOTAL, TOUCHED, State
from khue.timetable.solver.compiled.tables import CLASH, DUTY, Tables


@compiled
def begin(t: Tables, s: State) -> None:
    """Count a timetable from nothing."""
    for resource in range(len(s.keys)):
        s.keys[resource] = t.salts[resource]
    for block in range(len(s.start)):
        _occupy(t, s, block, s.start[block])
        _write_down(t, s, block, s.start[block], 1)
        s.numbers[TOTAL] += max(t.likes[block, s.start[block]], 0)
    for thing in range(len(s.prices)):
        s.prices[thing] = _price(t, s, thing)
        s.numbers[TOTAL] += s.prices[thing]
        _note(s, thing)


@inlined
def change(t: Tables, s: State, count: int, most: int) -> int:
    """Give the first `count` blocks in `moves` the starts in `to`; answers what everything cost before.

    most   the energy up to which the change is of use: above it no more is counted than shows that it is above
    """
    before: int = s.numbers[TOTAL]
    s.numbers[STAMP] += 1
    s.numbers[TOUCHED] = 0
    total = before
    for index in range(count):
        block = s.moves[index]
        s.back[index] = s.start[block]
        _touch(t, s, block)
        _leave(t, s, block, s.start[block])
        total += max(t.likes[block, s.to[index]], 0) - max(t.likes[block, s.start[block]], 0)
    for index in range(count):
        s.start[s.moves[index]] = s.to[index]
        _occupy(t, s, s.moves[index], s.to[index])
    for index in range(s.numbers[TOUCHED]):
        thing = s.touched[index]
        total -= s.prices[thing]
        if thing < len(s.clashes):
            total += CLASH * s.clashes[thing]
    s.numbers[TOTAL], s.numbers[LOOKED] = total, 0
    _look_at_touched(t, s, most)
    return before


@inlined
def _look_at_touched(t: Tables, s: State, most: int) -> None:
    """Price what the change touched, up to the first that makes everything too dear. The total begins without what is
    touched, but for its clashes."""
    looked, total = 0, s.numbers[TOTAL]
    while looked < s.numbers[TOUCHED] and energy(total) <= most:
        thing = s.touched[looked]
        s.before[looked] = s.prices[thing]
        if thing >= len(s.clashes):
            s.prices[thing] = _price(t, s, thing)
        else:
            if s.keys[thing] != s.keys_before[looked] or s.clashes[thing] != s.clashes_before[looked] or t.ways[thing]:
                s.prices[thing] = _price(t, s, thing)
            total -= CLASH * s.clashes[thing]
        total += s.prices[thing]
        looked += 1
    s.numbers[TOTAL], s.numbers[LOOKED] = total, looked


@inlined
def energy(cost: int) -> int:
    """A cost by which heat is measured: a wish weighs against duties what it does in the rules."""
    return cost // DUTY + cost % DUTY


@inlined
def keep(t: Tables, s: State, count: int) -> None:
    """Leave the last change, of `count` blocks, in place."""
    for index in range(count):
        _write_down(t, s, s.moves[index], s.back[index], -1)
        _write_down(t, s, s.moves[index], s.to[index], 1)
    for index in range(s.numbers[TOUCHED]):
        _note(s, s.touched[index])


@inlined
def undo(t: Tables, s: State, count: int, before: int) -> None:
    """Take the last change back, after which everything costs what it did before."""
    for index in range(count):
        _shift(t, s, s.moves[index], s.to[index], -1)
    for index in range(count):
        s.start[s.moves[index]] = s.back[index]
        _shift(t, s, s.moves[index], s.back[index], 1)
    for index in range(s.numbers[TOUCHED]):
        thing = s.touched[index]
        if thing < len(s.clashes):
            s.keys[thing], s.clashes[thing] = s.keys_before[index], s.clashes_before[index]
    for index in range(s.numbers[LOOKED]):
        s.prices[s.touched[index]] = s.before[index]
    s.numbers[TOTAL] = before


@inlined
def _price(t: Tables, s: State, thing: int) -> int:
    resources = len(s.clashes)
    return price_of_resource(t, s, thing) if thing < resources else price_of_bond(t, s, thing - resources)


@inlined
def _touch(t: Tables, s: State, block: int) -> None:
    """Remember all things a block is part of, each once for a change."""
    for index in range(t.first_resource[block], t.first_resource[block + 1]):
        _touch_thing(s, t.resources[index])
    for index in range(t.first_bond[block], t.first_bond[block + 1]):
        _touch_thing(s, len(s.clashes) + t.bonds_of[index])


@inlined
def _touch_thing(s: State, thing: int) -> None:
    if s.stamps[thing] != s.numbers[STAMP]:
        s.stamps[thing] = s.numbers[STAMP]
        touched = s.numbers[TOUCHED]
        s.touched[touched] = thing
        if thing < len(s.clashes):
            s.keys_before[touched], s.clashes_before[touched] = s.keys[thing], s.clashes[thing]
        s.numbers[TOUCHED] = touched + 1


@inlined
def _note(s: State, thing: int) -> None:
    """Keep the list of broken things true for one of them; the last takes the place of one that leaves."""
    place = s.where[thing]
    if s.prices[thing] and place < 0:
        s.where[thing] = s.numbers[BROKEN]
        s.broken[s.numbers[BROKEN]] = thing
        s.numbers[BROKEN] += 1
    elif not s.prices[thing] and place >= 0:
        s.numbers[BROKEN] -= 1
        last = s.broken[s.numbers[BROKEN]]
        s.broken[place] = last
        s.where[last] = place
        s.where[thing] = -1


@inlined
def _occupy(t: Tables, s: State, block: int, start: int) -> None:
    for index in range(t.first_resource[block], t.first_resource[block + 1]):
        resource = t.resources[index]
        for time in range(start, start + t.durations[block]):
            s.busy[resource, time] += 1
            if s.busy[resource, time] > 1:
                s.clashes[resource] += 1
            else:
                s.keys[resource] ^= t.marks[time]
    _crowd(t, s, block, start, 1)


@inlined
def _leave(t: Tables, s: State, block: int, start: int) -> None:
    for index in range(t.first_resource[block], t.first_resource[block + 1]):
        resource = t.resources[index]
        for time in range(start, start + t.durations[block]):
            s.busy[resource, time] -= 1
            if s.busy[resource, time]:
                s.clashes[resource] -= 1
            else:
                s.keys[resource] ^= t.marks[time]
    _crowd(t, s, block, start, -1)


@inlined
def _shift(t: Tables, s: State, block: int, start: int, by: int) -> None:
    """Count a block in or out where keys and clashes are put back from what was remembered."""
    for index in range(t.first_resource[block], t.first_resource[block + 1]):
        for time in range(start, start + t.durations[block]):
            s.busy[t.resources[index], time] += by
    _crowd(t, s, block, start, by)


@inlined
def _crowd(t: Tables, s: State, block: int, start: int, by: int) -> None:
    """Count a block in or out of the rules about how many run at once."""
    for index in range(t.first_crowd[block], t.first_crowd[block + 1]):
        bond = t.crowds[index]
        most = t.bonds[bond, 1]
        for time in range(start, start + t.durations[block]):
            s.over[bond] -= max(s.running[bond, time] - most, 0)
            s.running[bond, time] += by
            s.over[bond] += max(s.running[bond, time] - most, 0)


@inlined
def _write_down(t: Tables, s: State, block: int, start: int, by: int) -> None:
    """Keep true by which blocks somebody is taken at a time."""
    for index in range(t.first_resource[block], t.first_resource[block + 1]):
        for time in range(start, start + t.durations[block]):
            s.sums[t.resources[index], time] += by * block
