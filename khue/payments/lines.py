"""Lines of a bank, whatever told of them: what the parsers of files and the webhook all make."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer into the account. amount in đồng, above zero.

    reference  the bank's own number of the transfer; empty where it gives none
    """

    on: date
    amount: int
    purpose: str
    reference: str = ""
    payer: str = ""


def told_apart(lines: Iterable[Line]) -> list[Line]:
    """The same lines, each with a reference, so that a file read twice is the same lines.

    Without the bank's number a line is known by its content; equal ones are counted: a family may pay the same twice.
    """
    seen: Counter[str] = Counter()
    made = []
    for line in lines:
        reference = line.reference
        if not reference:
            content = f"{line.on.isoformat()}|{line.amount}|{line.purpose}|{line.payer}"
            digest = hashlib.sha256(content.encode()).hexdigest()[:32]
            seen[digest] += 1
            reference = f"~{digest}.{seen[digest]}"
        made.append(replace(line, reference=reference))
    return made
