"""Keys that stand apart from their questions: "Chọn B", "1.A 2.C", and the answer table at the end."""

import re
from collections.abc import Iterable

from khue.assessment.word.lines import Grid
from khue.assessment.word.pieces import Line, plain

SAID = re.compile(
    r"^\s*(?:→|=>|⇒)?\s*(?:Chọn|Đáp\s*án(?:\s+đúng)?|Answer|Key|ĐA)\s*(?:đáp\s*án|là|is)?\s*[:.]?\s*([A-H])\b(?![^\W\d_])",
    re.IGNORECASE | re.MULTILINE,
)
_PAIR = re.compile(r"(?:^|(?<=[\s;,|]))(?:Câu\s*)?(\d{1,3})\s*[.:)\-–]?\s*([A-H])(?=$|[\s;,|.])")
_NUMBER = re.compile(r"^(?:Câu\s*)?(\d{1,3})[.:]?$", re.IGNORECASE)


def position(letter: str) -> int:
    """A is 1."""
    return ord(letter.upper()) - ord("A") + 1


def said_in(text: str) -> int | None:
    """The key named in an explanation ("Chọn B"): the last one, as the conclusion stands at the end."""
    said = SAID.findall(text)
    return position(said[-1]) if said else None


def pairs_in(lines: Iterable[Line]) -> dict[int, int]:
    """Keys by question number from lines such as "1.A 2.C 3-B"."""
    return {int(n): position(key) for line in lines for n, key in _PAIR.findall(plain(line))}


def keys_of_grid(grid: Grid) -> dict[int, int]:
    """Keys by question number if the table is an answer table; empty if it is something else."""
    rows = [[" ".join(plain(line) for line in cell).strip() for cell in row] for row in grid.rows]
    filled = [cell for row in rows for cell in row if cell]
    found: dict[int, int] = {}
    used = 0
    for cell in filled:
        pairs = _PAIR.findall(cell)
        if pairs and len(" ".join(n + k for n, k in pairs)) * 3 >= len(cell):
            found |= {int(n): position(key) for n, key in pairs}
            used += 1
    for below, right in ((1, 0), (0, 1)):
        for y, row in enumerate(rows):
            for x, cell in enumerate(row):
                number = _NUMBER.match(cell)
                letter = _cell(rows, y + below, x + right)
                if number and len(letter) == 1 and letter in "ABCDEFGH":
                    found.setdefault(int(number[1]), position(letter))
                    used += 2
    return found if len(found) >= 2 and used * 2 >= len(filled) else {}


def _cell(rows: list[list[str]], y: int, x: int) -> str:
    return rows[y][x] if y < len(rows) and x < len(rows[y]) else ""
