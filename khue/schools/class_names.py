"""Several classes typed at once: "6A1, 6A2" and "6A1-6A8"."""

import re

MOST = 40
_BETWEEN = re.compile(r"[,;\n]+")
#: Both ends begin alike and end in a number: "6A1-6A8", "10 Toán 1 - 10 Toán 2". "6-1" is one name.
_RANGE = re.compile(r"(.+?)(\d+)\s*[-–]\s*\1(\d+)")


def names_in(text: str) -> list[str]:
    """The names of classes in a text, in its order; a range stands for each name in it, at most MOST of them."""
    return [name for part in _BETWEEN.split(text) if part.strip() for name in _names(part.strip())]


def _names(part: str) -> list[str]:
    found = _RANGE.fullmatch(part)
    if found is None:
        return [part]
    first, last = int(found[2]), int(found[3])
    if not first < last < first + MOST:
        return [part]
    return [f"{found[1]}{number}" for number in range(first, last + 1)]
