"""How a node introduces itself: what one operator hands to another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """How a node introduces itself. keys: public, JWK; code: official code of its body."""

    node: str
    name: str
    level: str
    code: str
    address: str
    keys: list[dict[str, str]]
