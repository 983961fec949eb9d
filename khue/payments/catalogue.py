"""Fees that schools usually collect, each with the act it rests on: a school picks one and writes its own amount.

catalogue.json holds them as data. An amount or an act that nobody has checked is marked so and is never more than a
beginning; a province's own decision always has to be written in. Sources: domain §6.2.
"""

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path


class Voluntary(StrEnum):
    """Whether a fee may be, must be, or never is a family's own choice."""

    FREE = "free"  # the school says
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class UsualFee:
    """One line of the catalogue.

    kind          its key, as FeeItem.kind
    is_for_public whether a public school may collect it; why: if it may not
    amount        đồng for one unit where the law sets it; None where a province or a school does
    verified      whether somebody has read the act itself
    """

    kind: str
    name: str
    base: str
    legal_basis: str
    voluntary: Voluntary
    is_for_public: bool
    why: str
    amount: int | None
    note: str
    source: str
    valid_from: date | None
    verified: bool

    @property
    def must_be_voluntary(self) -> bool:
        return self.voluntary == Voluntary.ALWAYS


@cache
def usual_fees() -> dict[str, UsualFee]:
    """The catalogue by kind, in its order."""
    lines = json.loads(Path(__file__).with_name("catalogue.json").read_text(encoding="utf-8"))
    return {line["kind"]: _fee(line) for line in lines}


def _fee(line: dict[str, object]) -> UsualFee:
    amount, begins = line.get("amount"), line["valid_from"]
    return UsualFee(
        kind=str(line["kind"]),
        name=str(line["name"]),
        base=str(line["base"]),
        legal_basis=str(line["legal_basis"]),
        voluntary=Voluntary(str(line["voluntary"])),
        is_for_public=line["public"] == "yes",
        why=str(line.get("why", "")),
        amount=amount if isinstance(amount, int) else None,
        note=str(line.get("note", "")),
        source=str(line["source"]),
        valid_from=date.fromisoformat(begins) if isinstance(begins, str) else None,
        verified=line["verified"] is True,
    )
