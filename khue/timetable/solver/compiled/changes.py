"""Making a change, knowing what it costs, and taking it back."""

from khue.timetable.solver.compiled import compiled, inlined
from khue.timetable.solver.compiled.prices import price_of_bond, price_of_resource
from khue.timetable.solver.compiled.state import BROKEN, STAMP, TOTAL, TOUCHED, State
from khue.timetable.solver.compiled.tables import AT_ONCE, CLASH, DUTY, Tables


@compiled
def begin(t: Tables, s: State) -> None:
    """Count a timetable from nothing."""
    for block in range(len(s.start)):
        _put(t, s, block, s.start[block])
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
        _take(t, s, block, s.start[block])
        total += max(t.likes[block, s.to[index]], 0) - max(t.likes[block, s.start[block]], 0)
    for index in range(count):
        s.start[s.moves[index]] = s.to[index]
        _put(t, s, s.moves[index], s.to[index])
    for index in range(s.numbers[TOUCHED]):
        thing = s.touched[index]
        total -= s.prices[thing]
        if thing < len(s.clashes):
            total += CLASH * s.clashes[thing]
    s.numbers[TOUCHED] = _look_at_touched(t, s, total, most)
    return before


@inlined
def _look_at_touched(t: Tables, s: State, total: int, most: int) -> int:
    """Price what the change touched, up to the first that makes everything too dear; answers how many were looked at.

    total   what everything costs, of which is touched no more than its clashes
    """
    looked = 0
    while looked < s.numbers[TOUCHED] and energy(total) <= most:
        thing = s.touched[looked]
        s.before[looked] = s.prices[thing]
        s.prices[thing] = _price(t, s, thing)
        total += s.prices[thing]
        if thing < len(s.clashes):
            total -= CLASH * s.clashes[thing]
        looked += 1
    s.numbers[TOTAL] = total
    return looked


@inlined
def energy(cost: int) -> int:
    """A cost by which heat is measured: a wish weighs against duties what it does in the rules."""
    return cost // DUTY + cost % DUTY


@inlined
def keep(s: State) -> None:
    """Leave the last change in place."""
    for index in range(s.numbers[TOUCHED]):
        _note(s, s.touched[index])


@inlined
def undo(t: Tables, s: State, count: int, before: int) -> None:
    """Take the last change back, after which everything costs what it did before."""
    for index in range(count):
        _take(t, s, s.moves[index], s.to[index])
    for index in range(count):
        s.start[s.moves[index]] = s.back[index]
        _put(t, s, s.moves[index], s.back[index])
    for index in range(s.numbers[TOUCHED]):
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
        s.touched[s.numbers[TOUCHED]] = thing
        s.numbers[TOUCHED] += 1


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
def _put(t: Tables, s: State, block: int, start: int) -> None:
    day, period = t.day_of[start], t.period_of[start]
    for index in range(t.first_resource[block], t.first_resource[block + 1]):
        resource = t.resources[index]
        for offset in range(t.durations[block]):
            s.sums[resource, start + offset] += block
            s.busy[resource, start + offset] += 1
            if s.busy[resource, start + offset] > 1:
                s.clashes[resource] += 1
            else:
                s.taken[resource, day] |= 1 << (period + offset)
                s.stale[resource] |= 1 << day
    for index in range(t.first_bond[block], t.first_bond[block + 1]):
        bond = t.bonds_of[index]
        if t.bonds[bond, 0] == AT_ONCE:
            for time in range(start, start + t.durations[block]):
                s.running[bond, time] += 1
                s.over[bond] += s.running[bond, time] > t.bonds[bond, 1]


@inlined
def _take(t: Tables, s: State, block: int, start: int) -> None:
    day, period = t.day_of[start], t.period_of[start]
    for index in range(t.first_resource[block], t.first_resource[block + 1]):
        resource = t.resources[index]
        for offset in range(t.durations[block]):
            s.sums[resource, start + offset] -= block
            s.busy[resource, start + offset] -= 1
            if s.busy[resource, start + offset]:
                s.clashes[resource] -= 1
            else:
                s.taken[resource, day] &= ~(1 << (period + offset))
                s.stale[resource] |= 1 << day
    for index in range(t.first_bond[block], t.first_bond[block + 1]):
        bond = t.bonds_of[index]
        if t.bonds[bond, 0] == AT_ONCE:
            for time in range(start, start + t.durations[block]):
                s.over[bond] -= s.running[bond, time] > t.bonds[bond, 1]
                s.running[bond, time] -= 1
