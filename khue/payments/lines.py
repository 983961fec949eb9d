"""Lines of a bank, whatever told of them: what the parsers of files and the webhook all make, and which are the same.

A line with the bank's number is known by it and its amount. A line without is known by what it says, and equal ones are
counted: a family may pay the same twice. Both ways meet in the content: what a call told with a number and a file tells
without one is one transfer. Whatever comes first, the same lines remain: docs/decisions/0122
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from khue.foundation.text import fold
from khue.payments import payment_codes

LONGEST_REFERENCE = 100
#: Begins the reference of a line to which the bank gave no number.
OWN = "~"


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


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that is in the books: its reference there, and what it says."""

    reference: str
    amount: int
    content: str


@dataclass(frozen=True, slots=True)
class SortedOut:
    """What telling comes to.

    new      lines for the books, each with the reference it is kept under
    numbers  the bank's number for lines that were kept without one, by the reference they were kept under
    known    how many were in the books already, those of `numbers` among them
    """

    new: list[Line]
    numbers: dict[str, str]
    known: int


def content_of(line: Line) -> str:
    """What a transfer says: its day, its amount, and the invoices it names or else its letters and digits.

    Doors write the words around a code differently, so a code says enough.
    """
    codes = payment_codes.numbers_in(line.purpose)
    said = ",".join(map(str, codes)) if codes else "".join(filter(str.isalnum, fold(line.purpose)))
    return hashlib.sha256(f"{line.on.isoformat()}|{line.amount}|{said}".encode()).hexdigest()[:32]


def reference_of(line: Line) -> str:
    """The bank's number as it is kept, at most 100 characters; empty where there is none."""
    reference = line.reference.strip()
    if reference.startswith(OWN):
        return ""
    if len(reference) > LONGEST_REFERENCE:
        return "#" + hashlib.sha256(reference.encode()).hexdigest()
    return reference


def sorted_out(told: Iterable[Line], kept: Iterable[Kept]) -> SortedOut:
    """Tell lines that are new from those that are in the books.

    kept  at least the lines with one of the references or contents of what is told
    """
    numbered: dict[tuple[str, int], Line] = {}
    bare: list[Line] = []
    repeated = 0
    for line in told:
        reference = reference_of(line)
        if not reference:
            bare.append(line)
        elif (reference, line.amount) in numbered:
            repeated += 1
        else:
            numbered[reference, line.amount] = replace(line, reference=reference)
    books = _Books(kept)
    new = [line for line in numbered.values() if books.takes_numbered(line)]
    new += [found for line in bare if (found := books.takes_bare(line))]
    return SortedOut(new, books.numbers, len(numbered) + len(bare) + repeated - len(new))


class _Books:
    """References in the books by content; grows with what is taken."""

    def __init__(self, kept: Iterable[Kept]) -> None:
        self._keys: set[tuple[str, int]] = set()
        self._of: dict[str, list[str]] = defaultdict(list)
        for line in kept:
            self._keys.add((line.reference, line.amount))
            self._of[line.content].append(line.reference)
        self._seen: Counter[str] = Counter()
        self.numbers: dict[str, str] = {}

    def takes_numbered(self, line: Line) -> bool:
        """Whether it is new. One that was kept without a number is the same: it gets its number now."""
        if (line.reference, line.amount) in self._keys:
            return False
        same = self._of[content_of(line)]
        without = min((reference for reference in same if reference.startswith(OWN)), key=_order, default=None)
        if without is not None:
            same.remove(without)
            self.numbers[without] = line.reference
        same.append(line.reference)
        self._keys.add((line.reference, line.amount))
        return without is None

    def takes_bare(self, line: Line) -> Line | None:
        """The line under a reference of our own; None where as many that say the same are in the books."""
        content = content_of(line)
        self._seen[content] += 1
        same = self._of[content]
        if self._seen[content] <= len(same):
            return None
        reference = f"{OWN}{content}.{self._seen[content]}"
        same.append(reference)
        return replace(line, reference=reference)


def _order(reference: str) -> int:
    return int(reference.rpartition(".")[2])
