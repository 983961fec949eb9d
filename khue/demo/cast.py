"""Who acts in the first school, and the keys of what they send."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from khue.foundation.actor import Actor

#: Keys of forms are made from it, so that every load has the same.
KEYS = UUID("0f6d7c1e-5a0b-4b7e-9c55-6b6875650001")


@dataclass(frozen=True)
class Cast:
    """The head, the clerk, the accountant, the homeroom teacher of the first class, and guardians of its pupils."""

    place: int
    head: Actor
    clerk: Actor
    accountant: Actor
    teacher: Actor
    guardians: tuple[Actor, ...]


def key_of(name: str) -> UUID:
    """The key of a form, the same in every load."""
    return uuid5(KEYS, name)
