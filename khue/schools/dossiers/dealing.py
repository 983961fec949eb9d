"""Who comes into which class: evenly, and twins together unless their family says otherwise. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

Child = TypeVar("Child")
Class = TypeVar("Class")

#: What a family may answer to whether its twins share a class.
APART = "apart"


@dataclass(frozen=True, slots=True)
class Kin:
    """What tells twins. adults: who answers for the child, each in one way of writing; wish: "", "together", APART."""

    born_on: date
    adults: frozenset[str]
    wish: str = ""


def dealt(
    children: Sequence[Child], classes: Sequence[Class], kin_of: Callable[[Child], Kin]
) -> list[tuple[Child, Class]]:
    """Each child with its class, in the order given.

    Twins come first, the others level the classes: sizes differ by one at most wherever enough others are there.
    Children of one day that share an adult are twins; a wish for other classes of one of them is the family's.
    """
    sizes, place_of = [0] * len(classes), {}
    families = sorted(_families(children, kin_of), key=len, reverse=True)
    for family in families:
        is_apart = any(kin_of(children[number]).wish == APART for number in family)
        taken: set[int] = set()
        for number in family:
            if is_apart or not taken:
                place = min(range(len(classes)), key=lambda each: (each in taken, sizes[each], each))
                taken.add(place)
            sizes[place] += 1
            place_of[number] = classes[place]
    return [(child, place_of[number]) for number, child in enumerate(children)]


def _families(children: Sequence[Child], kin_of: Callable[[Child], Kin]) -> Iterator[list[int]]:
    """Places of children that belong together, each child in one list, the lists by their first child."""
    first: dict[tuple[date, str], int] = {}
    head = list(range(len(children)))

    def head_of(number: int) -> int:
        while head[number] != number:
            number = head[number]
        return number

    for number, child in enumerate(children):
        kin = kin_of(child)
        for adult in sorted(kin.adults):
            low, high = sorted((head_of(first.setdefault((kin.born_on, adult), number)), head_of(number)))
            head[high] = low
    found: dict[int, list[int]] = defaultdict(list)
    for number in range(len(children)):
        found[head_of(number)].append(number)
    yield from found.values()
