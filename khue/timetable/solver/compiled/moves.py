"""Which blocks change places: an exchange within one class, or a chain through everybody in the way."""

from khue.timetable.solver.compiled import inlined
from khue.timetable.solver.compiled.state import State
from khue.timetable.solver.compiled.tables import FORBIDDEN, Tables

LONGEST_CHAIN = 30


@inlined
def exchange(t: Tables, s: State, block: int, start: int, row: int, slides: bool) -> int:
    """A block moves and what its row has there makes room; answers how many move, 0 when something there cannot.

    slides   within a day the blocks between the old and the new start move along, instead of one exchange
    """
    old, length = s.start[block], t.durations[block]
    low, high, shift = start, start + length, old - start
    if t.day_of[start] == t.day_of[old] and (slides or abs(start - old) < length):
        if start > old:
            low, high, shift = old + length, start + length, -length
        else:
            low, high, shift = start, old, length
    s.chains[0] += 1
    s.moved[block] = s.chains[0]
    s.moves[0], s.to[0] = block, start
    count = 1
    for index in range(t.first_block[row], t.first_block[row + 1]):
        other = t.blocks[index]
        its = s.start[other]
        end = its + t.durations[other]
        if other != block and its < high and end > low:
            if its < low or end > high or t.likes[other, its + shift] == FORBIDDEN:
                return 0
            s.moved[other] = s.chains[0]
            s.moves[count], s.to[count] = other, its + shift
            count += 1
    return count


@inlined
def chain(t: Tables, s: State, block: int, start: int) -> int:
    """A block moves; whatever shares somebody with it there moves as far the other way, and so on, until nothing is
    in the way (a Kempe chain). Among blocks of one length, what did not clash does not clash after. Answers as
    `exchange`."""
    s.chains[0] += 1
    s.moved[block] = s.chains[0]
    way = start - s.start[block]
    s.moves[0], s.to[0], s.turn[0] = block, start, way
    count, index = 1, 0
    while index < count:
        one = s.moves[index]
        for place in range(t.first_resource[one], t.first_resource[one + 1]):
            resource = t.resources[place]
            for time in range(s.to[index], s.to[index] + t.durations[one]):
                if s.busy[resource, time] == 1:
                    count = _push(t, s, s.sums[resource, time], -s.turn[index], count)
                elif s.busy[resource, time] > 1:
                    for number in range(t.first_block[resource], t.first_block[resource + 1]):
                        other = t.blocks[number]
                        if count and s.start[other] <= time < s.start[other] + t.durations[other]:
                            count = _push(t, s, other, -s.turn[index], count)
                if not count:
                    return 0
        index += 1
    return count


@inlined
def _push(t: Tables, s: State, block: int, way: int, count: int) -> int:
    """Let a block move too, once; answers how many do, 0 when it cannot."""
    if s.moved[block] == s.chains[0]:
        return count
    start = s.start[block] + way
    if count == LONGEST_CHAIN or start < 0 or start >= t.likes.shape[1] or t.likes[block, start] == FORBIDDEN:
        return 0
    s.moved[block] = s.chains[0]
    s.moves[count], s.to[count], s.turn[count] = block, start, way
    return count + 1
