"""Which way a letter goes in the tree of nodes. Pure. docs/decisions/0251

Up as far as needed, then down, and never up again: so a letter visits no node twice, whatever the nodes believe of each
other. A node knows by name those below it, through which of its neighbours each is reached; anybody else is above.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Ways:
    """What one node knows of the ways.

    above  the node it reports to; None for the topmost
    below  every node further down, by its neighbour on the way there: a neighbour leads to itself
    """

    this: UUID
    above: UUID | None = None
    below: Mapping[UUID, UUID] = field(default_factory=dict)

    def towards(self, reader: UUID, came_from: UUID | None = None) -> UUID | None:
        """The neighbour who is next on the way to a reader, this node where it is the reader; None: no way.

        came_from  the neighbour that brought the letter; None for one that was written here
        """
        if reader == self.this:
            return self.this
        down = self.below.get(reader)
        if down is not None:
            return None if down == came_from else down
        return None if came_from == self.above else self.above

    def through(self, neighbour: UUID) -> set[UUID]:
        """The nodes that are reached through a neighbour below, itself among them."""
        return {node for node, by in self.below.items() if by == neighbour}
