"""What people ask of a timetable and could take back: the rules of a problem, times off, and locks."""

from dataclasses import dataclass

from khue.timetable.solver.problem import Rule


@dataclass(frozen=True, slots=True)
class TimesOff:
    """A resource is not there at its closed times."""

    resource: int


@dataclass(frozen=True, slots=True)
class Lock:
    """A block stays at a start."""

    block: int
    start: int


Wish = Rule | TimesOff | Lock


@dataclass(frozen=True, slots=True)
class Reasons:
    """What cannot be met together.

    wishes   taking any one of them back, as far as the proofs went, removes this contradiction; none at all when the
             lessons by themselves do not fit into the week
    blocks   placing just these is already impossible under the wishes
    """

    wishes: tuple[Wish, ...]
    blocks: tuple[int, ...]
