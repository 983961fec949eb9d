"""What rooms above tell about children, so that they can be billed: payments knows no classes and no presence."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from khue.foundation.slots import Slot, Slots


@dataclass(frozen=True, slots=True)
class Span:
    """Days of a school, both ends included: what a bill is for."""

    organisation_id: int
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Group:
    """Children who can be billed together.

    key      stands in a form: "class:51"
    heading  over groups of one kind, "Khối 6"
    """

    key: str
    label: str
    heading: str = ""


@dataclass(frozen=True)
class Groups:
    """How a school is divided.

    choices  (organisation id, day) to its groups, the widest first
    stays    days that each child of any of these groups was at the school within the span; a child belongs to the
             group in which it was last. Children who were not there at all are left out
    places   (organisation id, day, children) to the class in which each of them is on that day, by its name and in the
             order of classes; children of no class are left out
    """

    choices: Callable[[int, date], Sequence[Group]]
    stays: Callable[[Span, Collection[str]], Mapping[int, int]]
    places: Callable[[int, date, Collection[int]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Period:
    """A term of a school, both days included: what is left of one goes over into the next.

    label  "Học kỳ 1, 2026-2027"; year: the same for all terms of a school year
    """

    label: str
    year: str
    first: date
    last: date


groups: Slot[Groups] = Slot("payments.groups")

#: Organisation id to the terms of the school, in order.
periods: Slot[Callable[[int], Sequence[Period]]] = Slot("payments.periods", default=lambda _organisation_id: ())

#: What children used within a span, in units of a fee's base, by child; the key is the FeeItem.Base: "meal", "day".
#: A child that is left out used nothing. Where nobody fills a base, the office types the number.
used: Slots[Callable[[Span, Collection[int]], Mapping[int, int]]] = Slots("payments.used")
