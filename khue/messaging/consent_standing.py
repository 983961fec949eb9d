"""What the signatures about one child amount to. A pure rule; the school, not the program, settles a disagreement."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """How a consent sheet stands for one child.

    disagreed  one guardian says yes, another no or takes it back: nothing is overwritten, the school decides
    """

    OPEN = "open"
    YES = "yes"
    CONDITIONAL = "conditional"
    NO = "no"
    WITHDRAWN = "withdrawn"
    DISAGREED = "disagreed"


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature, as the rule reads it. decision: "yes", "no" or "withdrawn"."""

    guardian_id: int
    decision: str
    has_conditions: bool
    signed_at: datetime


def latest(signatures: Sequence[Signed], deciders: Collection[int]) -> dict[int, Signed]:
    """The last word of each guardian who may decide today. Words of others stay in the history and count no more."""
    last: dict[int, Signed] = {}
    for signed in sorted(signatures, key=lambda one: one.signed_at):
        if signed.guardian_id in deciders:
            last[signed.guardian_id] = signed
    return last


def standing(signatures: Sequence[Signed], deciders: Collection[int]) -> Standing:
    """What the last words of those who may decide amount to.

    signatures  in any order, but those of one guardian at one instant in theirs
    source      Luật 91/2025/QH15: a yes may be partial or conditional and is taken back at any time (domain §7.1)
    """
    last = latest(signatures, deciders).values()
    said = {signed.decision for signed in last}
    if not said:
        return Standing.OPEN
    if said == {"yes"}:
        return Standing.CONDITIONAL if any(signed.has_conditions for signed in last) else Standing.YES
    if "yes" in said:
        return Standing.DISAGREED
    return Standing.NO if "no" in said else Standing.WITHDRAWN


def settles(ruled_at: datetime | None, signatures: Sequence[Signed]) -> bool:
    """Whether the school's decision came after the last signature; a later one asks the school again."""
    return ruled_at is not None and all(signed.signed_at <= ruled_at for signed in signatures)
