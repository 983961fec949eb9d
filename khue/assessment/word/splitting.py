"""One question's lines cut into stem, choices and what follows; the key seen from how choices are printed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from khue.assessment.word.pieces import OBJECT, Kind, Line, Looks, Piece, cut, plain

_BREAK = Piece(Kind.TEXT, "\n")
LETTERS = "ABCDEFGH"
#: Labels of choices where they usually stand: at the start of a line, after a tab, two spaces or a picture.
_STRONG = re.compile(rf"(?:^|(?<=[\n\t{OBJECT}])|(?<=  ))[ \t]*(?P<star>[*#]?)(?P<letter>[A-H])\s?[.):](?!\w\.)")
_WEAK = re.compile(r"(?:^|(?<=\s))(?P<star>[*#]?)(?P<letter>[A-H])\s?[.):](?=\s)")


@dataclass(frozen=True)
class PrintedChoice:
    letter: str
    is_starred: bool
    label: Line
    content: Line


@dataclass(frozen=True)
class Split:
    stem: Line
    choices: tuple[PrintedChoice, ...]


def flow(lines: Sequence[Line]) -> Line:
    """Lines as one line with line breaks in its text."""
    joined: list[Piece] = []
    for line in lines:
        joined.extend([_BREAK, *line] if joined else line)
    return tuple(joined)


def unflow(line: Line) -> list[Line]:
    """The inverse of flow."""
    words = plain(line)
    ends = [place for place, sign in enumerate(words) if sign == "\n"]
    return [
        cut(line, start, stop) for start, stop in zip([0, *(e + 1 for e in ends)], [*ends, len(words)], strict=True)
    ]


def split_choices(text: Line) -> Split | None:
    """Stem and choices of a question, or None where no run A, B, ... can be found."""
    words = plain(text)
    for candidates in (list(_STRONG.finditer(words)), _all_labels(words)):
        for least in (4, 3, 2):
            chain = _chain(candidates, least)
            if chain:
                return _split(text, chain)
    return None


def _all_labels(words: str) -> list[re.Match[str]]:
    found = {match.start("letter"): match for form in (_WEAK, _STRONG) for match in form.finditer(words)}
    return [found[place] for place in sorted(found)]


def _chain(labels: list[re.Match[str]], least: int) -> list[re.Match[str]]:
    """The last A with B, C, ... after it, at least so many, as printed.

    Two columns read line by line give A, C, B, D: order is preferred, and a full set out of order taken where
    keeping the order would lose a choice.
    """
    for begin in reversed(range(len(labels))):
        if labels[begin]["letter"] != "A":
            continue
        ordered = [labels[begin]]
        for label in labels[begin + 1 :]:
            if len(ordered) < len(LETTERS) and label["letter"] == LETTERS[len(ordered)]:
                ordered.append(label)
        chain = ordered if len(ordered) >= 4 else max(ordered, _any_order(labels[begin:]), key=len)
        if len(chain) >= least:
            return chain
    return []


def _any_order(labels: list[re.Match[str]]) -> list[re.Match[str]]:
    first: dict[str, re.Match[str]] = {}
    for label in labels:
        first.setdefault(label["letter"], label)
    present = [first[letter] for letter in takewhile(first.__contains__, LETTERS)]
    return sorted(present, key=lambda label: label.start())


def _split(text: Line, chain: list[re.Match[str]]) -> Split:
    stops = [label.start() for label in chain[1:]] + [None]
    choices = [
        PrintedChoice(
            letter=label["letter"],
            is_starred=bool(label["star"]),
            label=cut(text, label.start("letter"), label.end()),
            content=cut(text, label.end(), stop),
        )
        for label, stop in zip(chain, stops, strict=True)
    ]
    return Split(stem=cut(text, 0, chain[0].start()), choices=tuple(sorted(choices, key=lambda choice: choice.letter)))


_MARKS: tuple[Callable[[Looks], object], ...] = (
    lambda looks: looks.highlight,
    lambda looks: looks.colour,
    lambda looks: looks.underline,
    lambda looks: looks.bold,
)


def marked_keys(choices: Sequence[PrintedChoice]) -> list[int]:
    """Positions, from 1, of the choices that alone are starred, highlighted, coloured, underlined or bold.

    One position: the key. Several: the marks contradict each other. None: nothing stands out.
    """
    starred = [place for place, choice in enumerate(choices, 1) if choice.is_starred]
    if starred:
        return starred
    found: set[int] = set()
    for mark in _MARKS:
        for parts in ([choice.label for choice in choices], [choice.content for choice in choices]):
            marked = [place for place, part in enumerate(parts, 1) if _has(part, mark)]
            if len(marked) == 1:
                found.add(marked[0])
                break
    return sorted(found)


def _has(line: Line, mark: Callable[[Looks], object]) -> bool:
    pieces = [piece for piece in line if piece.kind is Kind.TEXT and piece.text.strip()]
    return bool(pieces) and all(mark(piece.looks) for piece in pieces)
