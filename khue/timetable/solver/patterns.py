"""The ways in which one resource can be taken during one session, and which of its rules each would break."""

from collections.abc import Iterator
from dataclasses import dataclass

from khue.timetable.solver.problem import GapsPerDay, GapsPerWeek, Grid, PeriodsOnEnd, Rule

LONGEST_SESSION = 8


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way: which of the session's periods are taken, counted from the first of the session.

    gaps     free periods between taken ones at which the resource could have been taught
    on_end   the longest run without a free period
    """

    taken: tuple[int, ...]
    gaps: int
    on_end: int

    def breaks(self, rule: Rule) -> bool:
        """Whether the rule is broken by this session alone, whatever the others look like."""
        match rule:
            case GapsPerDay() | GapsPerWeek():
                return self.gaps > rule.most
            case PeriodsOnEnd():
                return self.on_end > rule.most
        return False


def patterns(
    grid: Grid, day: int, session: tuple[int, int], closed: frozenset[int], *, ignores_closed: bool
) -> Iterator[Pattern]:
    """Every way to be taken in a session of a day.

    closed      times that are never counted as gaps
    ignores_closed   whether the resource can be taken at those times all the same
    """
    first, last = session
    length = last - first + 1
    times = [grid.time(day, first + index) for index in range(length)]
    for mask in range(1 << length):
        taken = tuple(index for index in range(length) if mask >> index & 1)
        if ignores_closed or all(times[index] not in closed for index in taken):
            between = range(taken[0], taken[-1]) if taken else range(0)
            gaps = sum(index not in taken and times[index] not in closed for index in between)
            yield Pattern(taken, gaps, _longest(mask))


def _longest(mask: int) -> int:
    longest = 0
    while mask:
        mask &= mask << 1
        longest += 1
    return longest
