"""What one resource's week, or one rule about blocks, costs."""

from khue.timetable.solver.compiled import inlined
from khue.timetable.solver.compiled.state import State
from khue.timetable.solver.compiled.tables import (
    APART,
    AT_ONCE,
    CLASH,
    DAYS_PER_WEEK,
    GAPS_PER_DAY,
    GAPS_PER_WEEK,
    PERIODS_ON_END,
    PERIODS_PER_DAY,
    SAME_DAY,
    TRAVEL,
    Tables,
)


@inlined
def size(bits: int) -> int:
    """How many periods a set has."""
    count = 0
    while bits:
        bits &= bits - 1
        count += 1
    return count


@inlined
def longest(bits: int) -> int:
    """How many periods on end."""
    count = 0
    while bits:
        bits &= bits << 1
        count += 1
    return count


@inlined
def between(bits: int) -> int:
    """All periods from the first of a set to its last."""
    low, filled = bits & -bits, bits
    for shift in (1, 2, 4, 8, 16, 32):
        filled |= filled >> shift
    return filled & ~(low - 1)


@inlined
def price_of_resource(t: Tables, s: State, resource: int) -> int:
    """What is wrong with the week of a resource."""
    cost: int = CLASH * s.clashes[resource]
    if t.first_rule[resource] == t.first_rule[resource + 1]:
        return cost
    key = s.keys[resource]
    place = key & (len(s.memory) - 1)
    if s.memory[place, 0] != key:
        s.memory[place, 1] = _price_of_week(t, s, resource)
        s.memory[place, 0] = key
    cost += s.memory[place, 1]
    if t.ways[resource]:
        for number in range(t.first_rule[resource], t.first_rule[resource + 1]):
            if t.rules[number, 0] == TRAVEL:
                cost += t.rules[number, 4] * _missing_way(t, s, resource, t.rules[number, 1])
    return cost


@inlined
def _price_of_week(t: Tables, s: State, resource: int) -> int:
    """By how much rules are broken that ask only when the resource is taken."""
    first, last = t.first_rule[resource], t.first_rule[resource + 1]
    _look_at_days(t, s, resource)
    s.spared[0] = 0
    cost = 0
    for number in range(first, last):
        kind, most, weight = t.rules[number, 0], t.rules[number, 1], t.rules[number, 4]
        if kind == GAPS_PER_DAY:
            for day in range(len(s.gaps)):
                cost += weight * max(s.gaps[day] - most, 0)
        elif kind == GAPS_PER_WEEK:
            gaps = 0
            for day in range(len(s.gaps)):
                gaps += s.gaps[day]
            cost += weight * max(gaps - most, 0)
        elif kind == PERIODS_ON_END:
            for day in range(len(s.gaps)):
                for session in t.sessions:
                    cost += weight * max(longest(s.taken[day] & session) - most, 0)
        elif kind == DAYS_PER_WEEK:
            cost += _price_of_days(t, s, number)
    for number in range(first, last):
        if t.rules[number, 0] == PERIODS_PER_DAY:
            cost += _price_of_periods(t, s, number)
    return cost


@inlined
def _look_at_days(t: Tables, s: State, resource: int) -> None:
    """Lay out when a resource is taken, day by day, and count gaps and lessons."""
    for day in range(len(s.taken)):
        taken, gaps = 0, 0
        for period in range(t.periods):
            taken |= (s.busy[resource, day * t.periods + period] > 0) << period
        for session in t.sessions:
            inside = taken & session
            if inside & (inside - 1):
                gaps += size(between(inside) & ~inside & ~t.closed[resource, day])
        s.taken[day], s.gaps[day], s.lessons[day] = taken, gaps, size(taken)


@inlined
def _price_of_days(t: Tables, s: State, number: int) -> int:
    """A day too many costs by what is taught on the shortest, which then need not reach the least of a day.

    So the search can empty a day lesson by lesson instead of having to move it at once.
    """
    most, within, weight = t.rules[number, 1], t.rules[number, 2], t.rules[number, 4]
    over = -most
    for day in range(len(s.gaps)):
        over += (s.taken[day] & within) != 0
    cost, chosen = 0, 0
    while over > 0:
        least, shortest = 1 << 30, 0
        for day in range(len(s.gaps)):
            count = size(s.taken[day] & within)
            if count and count < least and not chosen >> day & 1:
                least, shortest = count, day
        chosen |= 1 << shortest
        cost += weight * (7 + 3 * least) // 10
        over -= 1
    if within == (1 << t.periods) - 1:
        s.spared[0] |= chosen
    return cost


@inlined
def _price_of_periods(t: Tables, s: State, number: int) -> int:
    least, most = t.rules[number, 1], t.rules[number, 2]
    cost, weight = 0, t.rules[number, 4]
    for day in range(len(s.gaps)):
        count = s.lessons[day]
        cost += weight * max(count - most, 0)
        if count < least and not s.spared[0] >> day & 1 and (count or not t.rules[number, 3]):
            cost += weight * (least - count)
    return cost


@inlined
def _missing_way(t: Tables, s: State, resource: int, periods: int) -> int:
    """Free periods that are missing between blocks of a session at different places."""
    missing = 0
    for index in range(t.first_block[resource], t.first_block[resource + 1]):
        one = t.blocks[index]
        start = s.start[one]
        for other in t.blocks[t.first_block[resource] : t.first_block[resource + 1]]:
            then = s.start[other]
            if t.places[one] and t.places[other] and t.places[one] != t.places[other]:
                is_after = then > start or (then == start and other > one)
                is_near = t.day_of[then] == t.day_of[start] and t.session_of[then] == t.session_of[start]
                if is_after and is_near:
                    missing += max(periods - max(then - start - t.durations[one], 0), 0)
    return missing


@inlined
def price_of_bond(t: Tables, s: State, bond: int) -> int:
    """By how much a rule about blocks is broken."""
    kind, weight = t.bonds[bond, 0], t.bonds[bond, 3]
    first, last = t.first_member[bond], t.first_member[bond + 1]
    if kind == AT_ONCE:
        return int(weight * s.over[bond])
    if kind == APART:
        return int(weight * _too_close(t, s, bond))
    most = 0
    for index in range(first, last):
        start = s.start[t.members[index]]
        where = t.day_of[start] if kind == SAME_DAY else start
        s.tally[where] += 1
        most = max(most, s.tally[where])
    for index in range(first, last):
        start = s.start[t.members[index]]
        s.tally[t.day_of[start] if kind == SAME_DAY else start] = 0
    return int(weight * (last - first - most))


@inlined
def _too_close(t: Tables, s: State, bond: int) -> int:
    days, adjoining = t.bonds[bond, 1], t.bonds[bond, 2]
    count, last = 0, t.first_member[bond + 1]
    for index in range(t.first_member[bond], last):
        one = t.members[index]
        start = s.start[one]
        for other in t.members[index + 1 : last]:
            then = s.start[other]
            far = abs(t.day_of[then] - t.day_of[start])
            if far < days:
                count += 1
            elif adjoining and far == 0:
                count += then != start + t.durations[one] and start != then + t.durations[other]
    return count
