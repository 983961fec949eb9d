"""Where each of the 34 provinces stands in a map of tiles of one size: by code, column and row from the north-west."""

from collections.abc import Mapping
from dataclasses import dataclass

COLUMNS, ROWS = 6, 16
WIDTH, HEIGHT, GAP = 62, 44, 4

PLACES: Mapping[str, tuple[int, int]] = {
    "12": (0, 0), "15": (1, 0), "08": (2, 0), "04": (3, 0),
    "11": (0, 1), "14": (1, 1), "25": (2, 1), "19": (3, 1), "20": (4, 1),
    "01": (2, 2), "24": (3, 2), "31": (4, 2), "22": (5, 2),
    "37": (2, 3), "33": (3, 3),
    "38": (2, 4), "40": (2, 5), "42": (2, 6), "44": (3, 7), "46": (3, 8), "48": (4, 8),
    "51": (4, 9), "52": (4, 10), "66": (4, 11), "68": (3, 12), "56": (4, 12),
    "80": (1, 13), "75": (2, 13), "91": (0, 14), "82": (1, 14), "79": (2, 14),
    "96": (0, 15), "92": (1, 15), "86": (2, 15),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Square:
    """One tile of the map in units of its drawing: its corner, and where its two lines of text stand."""

    code: str
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


def squares() -> list[Square]:
    """All tiles, from north to south."""
    return [Square(code, column * (WIDTH + GAP), row * (HEIGHT + GAP)) for code, (column, row) in PLACES.items()]


def view_box() -> str:
    """The drawing's own size, for the viewBox of its SVG."""
    return f"0 0 {COLUMNS * (WIDTH + GAP) - GAP} {ROWS * (HEIGHT + GAP) - GAP}"
