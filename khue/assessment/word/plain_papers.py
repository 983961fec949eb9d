"""Papers as teachers write them: "Câu 1. ... A. ... B. ... C. ... D. ...", keys in print, beside or at the end."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from khue.assessment.word import answer_keys
from khue.assessment.word.lines import Grid, as_piece
from khue.assessment.word.pieces import Line, cut, plain
from khue.assessment.word.questions import PaperQuestion, Problem, question
from khue.assessment.word.splitting import flow, split_choices

QUESTION = re.compile(
    r"^\s*(?:Câu(?:\s+hỏi)?|Question)\s*(?:số\s*)?(?P<number>\d{1,4})\b"
    r"(?!\s*(?:-|–|đến|tới|và|to|and)\s*(?:câu\s*|question\s*)?\d)\s*(?:\([^()\n]{0,40}\)|\[[^\]\n]{0,40}\])?\s*[.:)\]/]*\s*",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"^\s*(?P<number>\d{1,3})\s*[.)]\s+(?=\S)")
_PASSAGE = re.compile(
    r"^\s*(?:Read the|Mark the letter|Choose the|Đọc (?:các )?(?:đoạn|văn bản|thông tin|bài)|Dựa vào|Căn cứ vào|"
    r"(?:Sử dụng|Dùng|Cho) (?:dữ kiện|dữ liệu|thông tin|đoạn)|(?:Trả lời|Dùng cho)\b.{0,20}câu|"
    r"(?:Câu|Questions?)\s*\d+\s*(?:-|–|đến|to)\s*(?:câu\s*)?\d+)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,3})\s*(?:-|–|đến|tới|to)\s*(?:câu\s*|question\s*)?(\d{1,3})", re.IGNORECASE)
_SECTION = re.compile(
    r"^\s*(?:(?:PHẦN|PART|SECTION)\s+[IVX\d]+\b|[IVX]{1,4}\s*[.\-:]\s*\S|[-_.\s]*(?:HẾT|THE END)[-_.\s]*$)"
)
_EXPLANATION = re.compile(
    r"^\s*(?:Lời giải|Hướng dẫn(?: giải)?|Giải thích|Giải)\s*(?:chi tiết)?\s*(?:[:.]|$)", re.IGNORECASE
)
_ANSWERS = re.compile(
    r"^\s*(?:[IVX]+\.\s*)?(?:BẢNG\s+)?(?:ĐÁP\s*ÁN|HƯỚNG DẪN (?:GIẢI|CHẤM)|LỜI GIẢI|ANSWER(?:S|\s+KEYS?))\b"
    r"(?!\s*[:.]?\s*[A-H]\b).{0,60}$",
    re.IGNORECASE,
)


@dataclass
class _Block:
    number: str
    lines: list[Line]
    passage: list[Line] = field(default_factory=list)


def questions_of(blocks: Sequence[list[Line] | Grid]) -> tuple[list[PaperQuestion], list[Line]]:
    """Questions in order, and the lines that belong to none."""
    lines, keys = _lines(blocks)
    body, answers = _answers_apart(lines, has_keys=bool(keys))
    label = QUESTION if any(QUESTION.match(plain(line)) for line in body) else _BARE_NUMBER
    found, outside = _cut(body, label)
    explained, unplaced = _explanations(answers, {int(block.number) for block in found})
    outside += unplaced
    keys = answer_keys.pairs_in(answers) | keys
    if label is _BARE_NUMBER:
        # Numbered lines are questions only where choices follow; a list of remarks is none.
        outside += [line for block in found if split_choices(flow(block.lines)) is None for line in block.lines]
        found = [block for block in found if split_choices(flow(block.lines)) is not None]
    if not found:
        return [], body + answers
    return _repeats_marked([_question(block, keys, explained) for block in found]), outside


def _lines(blocks: Sequence[list[Line] | Grid]) -> tuple[list[Line], dict[int, int]]:
    lines: list[Line] = []
    keys: dict[int, int] = {}
    for block in blocks:
        if not isinstance(block, Grid):
            lines.extend(block)
        elif found := answer_keys.keys_of_grid(block):
            keys |= found
        elif _is_layout(block):
            lines.extend(line for row in block.rows for cell in row for line in cell)
        else:
            lines.append((as_piece(block),))
    return lines, keys


def _is_layout(grid: Grid) -> bool:
    """A table without lines that only sets choices in columns, or holds whole questions."""
    cells = [" ".join(plain(line) for line in cell).strip() for row in grid.rows for cell in row]
    filled = [cell for cell in cells if cell]
    choices = sum(bool(re.match(r"[*#]?[A-H]\s?[.):]", cell)) for cell in filled)
    return bool(filled) and (choices == len(filled) or any(QUESTION.match(cell) for cell in filled))


def _answers_apart(lines: list[Line], *, has_keys: bool) -> tuple[list[Line], list[Line]]:
    """The paper, and the part that begins with "ĐÁP ÁN" after the last new question.

    has_keys  an answer table has been found: then the heading may stand alone
    """
    seen: set[str] = set()
    last_new = -1
    for place, line in enumerate(lines):
        label = QUESTION.match(plain(line))
        if label and label["number"] not in seen:
            seen.add(label["number"])
            last_new = place
    for place in range(last_new + 1, len(lines)):
        if _ANSWERS.match(plain(lines[place])) and (has_keys or _tells_answers(lines[place + 1 :])):
            return lines[:place], lines[place:]
    return lines, []


def _tells_answers(lines: list[Line]) -> bool:
    return bool(answer_keys.pairs_in(lines)) or any(QUESTION.match(plain(line)) for line in lines)


def _cut(lines: list[Line], label: re.Pattern[str]) -> tuple[list[_Block], list[Line]]:
    blocks: list[_Block] = []
    outside: list[Line] = []
    passage: list[Line] = []
    before: list[Line] = []
    for line in lines:
        start = label.match(plain(line))
        if not start:
            (blocks[-1].lines if blocks else before).append(line)
            continue
        if blocks:
            before = _after_choices(blocks[-1])
        fresh = _passage(before, outside)
        passage = fresh or ([] if _ends(before) else passage)
        before = []
        number = start["number"]
        blocks.append(_Block(number, [cut(line, start.end())], passage if _reaches(passage, int(number)) else []))
    if blocks:
        outside += _after_choices(blocks[-1])
    return blocks, outside + before


def _after_choices(block: _Block) -> list[Line]:
    """Take from the block what follows its choices and begins a passage or section for those that come next."""
    for place in range(1, len(block.lines)):
        words = plain(block.lines[place])
        if _SECTION.match(words) or (_PASSAGE.match(words) and split_choices(flow(block.lines[:place]))):
            taken = block.lines[place:]
            block.lines = block.lines[:place]
            return taken
    return []


def _passage(lines: list[Line], outside: list[Line]) -> list[Line]:
    """The part of the lines before a question that belongs to its text; the rest is set outside."""
    for place, line in enumerate(lines):
        if _PASSAGE.match(plain(line)):
            outside.extend(lines[:place])
            return lines[place:]
    outside.extend(lines)
    return []


def _ends(lines: list[Line]) -> bool:
    return any(_SECTION.match(plain(line)) for line in lines)


def _reaches(passage: list[Line], number: int) -> bool:
    bounds = _RANGE.search(plain(passage[0])) if passage else None
    return bounds is None or int(bounds[1]) <= number <= int(bounds[2])


def _question(block: _Block, keys: dict[int, int], explained: dict[int, list[Line]]) -> PaperQuestion:
    text, explanation = _explanation_apart(block.lines)
    number = int(block.number)
    return question(
        number=block.number,
        passage=block.passage,
        text=text,
        explanation=explanation + explained.get(number, []),
        key=keys.get(number),
    )


def _explanation_apart(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    for place in range(1, len(lines)):
        words = plain(lines[place])
        if _EXPLANATION.match(words) or answer_keys.SAID.match(words):
            return lines[:place], lines[place:]
    return lines, []


def _explanations(answers: list[Line], known: set[int]) -> tuple[dict[int, list[Line]], list[Line]]:
    """Explanations in the answer part by number, and the lines there that belong to no known question.

    Lines that are only keys have been read as such. A question repeated there stays in its explanation: whether it is
    only a repetition is for a person to see.
    """
    parts: dict[int | None, list[Line]] = {}
    number: int | None = None
    for line in answers:
        label = QUESTION.match(plain(line))
        if label and int(label["number"]) in known:
            number = int(label["number"])
            line = cut(line, label.end())
        parts.setdefault(number, []).append(line)
    unplaced = [line for line in parts.pop(None, []) if not answer_keys.pairs_in([line])]
    return {number: lines for number, lines in parts.items() if number is not None}, unplaced


def _repeats_marked(questions: list[PaperQuestion]) -> list[PaperQuestion]:
    count = Counter(question.number for question in questions)
    return [
        replace(q, problems=(*q.problems, (Problem.NUMBER_REPEATED, q.number))) if count[q.number] > 1 else q
        for q in questions
    ]
