"""What a receiver says to a batch, and how far it has come: the bodies of answers between nodes."""

import msgspec

from khue.exchange.envelope import Envelope


class HeldLine(msgspec.Struct, frozen=True):
    """One record that was held back, and why. school: code; duty: the role that can mend it."""

    kind: str
    key: str
    school: str
    version: int
    rule: str
    field: str
    message: str
    duty: str


class Answer(msgspec.Struct, frozen=True):
    """What became of a batch. taken: new or newer; older, same: known already, nothing to do; repeated: came before."""

    epoch: int
    number: int
    taken: int
    older: int
    same: int
    held: list[HeldLine]
    repeated: bool = False

    def counts(self) -> dict[str, int]:
        """The numbers alone, as they are kept."""
        return {"taken": self.taken, "older": self.older, "same": self.same, "held": len(self.held)}


class Standing(msgspec.Struct, frozen=True):
    """How far a receiver has come with one sender. digest: of the last batch up to which none is missing, "" for none.

    beyond       numbers that came after a gap
    handed_over  when the rows of the sender's school were handed over to it, ISO 8601; "" where they never were
    """

    epoch: int
    number: int
    digest: str
    beyond: list[int]
    handed_over: str = ""


class Handed(msgspec.Struct, frozen=True):
    """One record that was handed over. id: to go on after."""

    id: int
    record: Envelope


class Listed(msgspec.Struct, frozen=True):
    """A record as the tree of hashes counts it. hash: hexadecimal."""

    kind: str
    key: str
    version: int
    hash: str
