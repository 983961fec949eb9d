"""Which figures of a published table are hidden, so that nobody can be recognised in a small one (domain §9.7).

A table is a tree: the country, its provinces, their communes, their schools. Every figure has parts that add up to it,
such as "has a device" and "has none"; whoever knows the sum and one part knows the other, so both count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEAST = 5
Key = int | str


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of the table.

    above  the cell it is a part of; None at the top
    parts  what it consists of, as counts: (numerator, denominator - numerator)
    """

    key: Key
    above: Key | None
    parts: tuple[int, ...]


def hidden(cells: Sequence[Cell], least: int = LEAST) -> frozenset[Key]:
    """The cells that are not printed.

    A cell is hidden when one of its parts, or their sum, is 1 to least - 1. Then further cells, the smallest first, are
    hidden with it until nothing of it follows from what is printed: under every printed cell are hidden none or at
    least two cells, and what they hide together leaves each part of each of them room of at least `least`.

    cells   every cell's parts are the sums of those of the cells below it, where there are any
    cost    linear in the cells for each round; a round hides at least one more
    """
    tree = _Tree(cells, least)
    gone = {cell.key for cell in cells if _is_small(cell, least)}
    while True:
        more = tree.next_to_hide(gone)
        if not more:
            return frozenset(gone)
        gone |= more


def _is_small(cell: Cell, least: int) -> bool:
    whole = sum(cell.parts)
    return 0 < whole < least or any(0 < part < least for part in cell.parts)


class _Tree:
    """The cells by what stands above them."""

    def __init__(self, cells: Sequence[Cell], least: int) -> None:
        self.least = least
        self.cells: Mapping[Key, Cell] = {cell.key: cell for cell in cells}
        self.below: dict[Key, list[Cell]] = {cell.key: [] for cell in cells}
        for cell in cells:
            if cell.above is not None:
                self.below[cell.above].append(cell)
        for children in self.below.values():
            children.sort(key=lambda cell: (sum(cell.parts), str(cell.key)))

    def next_to_hide(self, gone: set[Key]) -> set[Key]:
        """Cells that must be hidden as well because of those that are; empty when all is well."""
        more: set[Key] = set()
        for key in self.cells:
            children = self.below[key]
            missing = [cell for cell in children if cell.key in gone]
            if key in gone:
                if children and not missing:
                    more |= self._smallest(children, gone) or set()
            elif missing and not self._protects(missing, gone):
                more |= self._smallest(children, gone) or {key}
        return more

    def _smallest(self, children: Sequence[Cell], gone: set[Key]) -> set[Key]:
        """The smallest printed cell that is not empty: an empty one would hide nothing."""
        return next(({cell.key} for cell in children if cell.key not in gone and sum(cell.parts) > 0), set())

    def _protects(self, missing: Sequence[Cell], gone: set[Key]) -> bool:
        """Whether what is hidden under one printed cell says nothing certain about any of it."""
        leaves = [leaf for cell in missing for leaf in self._leaves(cell, gone)]
        sums = [sum(amounts) for amounts in zip(*(leaf.parts for leaf in leaves), strict=True)]
        return len(missing) > 1 and all(amount >= self.least + len(leaves) for amount in sums)

    def _leaves(self, cell: Cell, gone: set[Key]) -> list[Cell]:
        """The hidden cells that make up a hidden one, down to those without hidden cells below."""
        inside = [leaf for child in self.below[cell.key] if child.key in gone for leaf in self._leaves(child, gone)]
        return inside or [cell]
