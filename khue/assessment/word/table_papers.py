"""Papers that are a table: one row a question, with cells for its id, text, key and explanation."""

import re

from khue.assessment.word.answer_keys import position
from khue.assessment.word.lines import Grid
from khue.assessment.word.pieces import Line, cut, plain
from khue.assessment.word.plain_papers import QUESTION
from khue.assessment.word.questions import PaperQuestion, question
from khue.assessment.word.splitting import flow, split_choices

_HEADINGS = re.compile(
    r"^(câu hỏi|nội dung( câu hỏi)?|question|đáp án|gợi ý trả lời|lời giải|id|stt|key|choice)$", re.I
)
_ID = re.compile(r"^\S*?(\d{1,4})$")
_LETTER = re.compile(r"^([A-Ha-h])[.)]?$")


def is_paper(grid: Grid) -> bool:
    """Whether the rows are questions: most have a cell with choices and one with a letter, or the head says so."""
    rows = [row for row in grid.rows if len(row) >= 2]
    if not rows:
        return False
    if sum(bool(_HEADINGS.match(_words(cell))) for cell in rows[0]) >= 2:
        return True
    asking = sum(any(_is_letter(cell) for cell in row) and any(_asks(cell) for cell in row) for row in rows)
    return asking * 2 > len(rows)


def questions_of(grid: Grid) -> list[PaperQuestion]:
    """All rows but the head and empty ones, in order."""
    rows = [row for row in grid.rows if any(_words(cell) for cell in row)]
    if rows and sum(bool(_HEADINGS.match(_words(cell))) for cell in rows[0]) >= 2:
        rows = rows[1:]
    return [_question(row, order) for order, row in enumerate(rows, 1)]


def _question(row: list[list[Line]], order: int) -> PaperQuestion:
    cells = [cell for cell in row if _words(cell)]
    name = next((cell for cell in cells[:1] if len(row) > 2 and _ID.match(_words(cell))), None)
    rest = [cell for cell in cells if cell is not name]
    asked = next((cell for cell in rest if _asks(cell)), rest[0] if rest else [])
    letter = next((cell for cell in rest if _is_letter(cell)), None)
    at = next((place for place, cell in enumerate(rest) if cell is asked), 0)
    others = [(place > at, line) for place, cell in enumerate(rest) if cell not in (asked, letter) for line in cell]
    number, passage, text = _numbered(asked)
    found = _ID.match(_words(name)) if name is not None else None
    return question(
        number=number or (found[1] if found else str(order)),
        passage=passage,
        text=text,
        figures=[line for is_behind, line in others if not is_behind],
        explanation=[line for is_behind, line in others if is_behind],
        key=position(_words(letter)[0]) if letter is not None else None,
    )


def _numbered(lines: list[Line]) -> tuple[str, list[Line], list[Line]]:
    """The printed number, the lines before it, and the question without it."""
    for place, line in enumerate(lines):
        label = QUESTION.match(plain(line))
        if label:
            return label["number"], lines[:place], [cut(line, label.end()), *lines[place + 1 :]]
    return "", [], lines


def _asks(cell: list[Line]) -> bool:
    return split_choices(flow(cell)) is not None


def _is_letter(cell: list[Line]) -> bool:
    return bool(_LETTER.match(_words(cell)))


def _words(cell: list[Line]) -> str:
    return " ".join(plain(line) for line in cell).strip()
