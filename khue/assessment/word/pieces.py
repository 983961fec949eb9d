"""A line of a paper: pieces of text with their looks, pictures, formulas and tables; cut and written as HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from html import escape

#: Stands for a picture, formula or table in the plain text of a line, so that both have the same length.
OBJECT = "\ufffc"


class Kind(Enum):
    TEXT = "text"
    FORMULA = "formula"
    PICTURE = "picture"
    TABLE = "table"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class Looks:
    """How a run is printed. colour and highlight are empty where they are the page's own."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    script: str = ""  # "sub" or "sup"
    colour: str = ""
    highlight: str = ""


@dataclass(frozen=True)
class Piece:
    """text: the words; the TeX of a formula; the part's name of a picture; the HTML of a table."""

    kind: Kind
    text: str
    looks: Looks = Looks()

    @property
    def plain(self) -> str:
        return self.text if self.kind is Kind.TEXT else OBJECT


Line = tuple[Piece, ...]


def plain(line: Line) -> str:
    """The words of a line, with one OBJECT for everything that is no text."""
    return "".join(piece.plain for piece in line)


def cut(line: Line, start: int, stop: int | None = None) -> Line:
    """The part of a line between two places of its plain text."""
    stop = len(plain(line)) if stop is None else stop
    kept: list[Piece] = []
    at = 0
    for piece in line:
        length = len(piece.plain)
        first, last = max(start - at, 0), min(stop - at, length)
        if first < last:
            kept.append(replace(piece, text=piece.text[first:last]) if piece.kind is Kind.TEXT else piece)
        at += length
    return tuple(kept)


def trimmed(line: Line) -> Line:
    """The line without white space around it."""
    words = plain(line)
    return cut(line, len(words) - len(words.lstrip()), len(words.rstrip()))


def html(lines: Sequence[Line]) -> str:
    """The lines as HTML: a break between two lines, none around the whole and none around a table."""
    written = [_line(trimmed(line)) for line in lines]
    while written and not written[0]:
        written.pop(0)
    while written and not written[-1]:
        written.pop()
    joined = ""
    for before, text in zip(["", *written], written, strict=False):
        at_table = before.endswith("</table>") or text.startswith("<table>") or not before or not text
        joined += text if at_table else f"<br>{text}"
    return joined


def _line(line: Line) -> str:
    parts: list[str] = []
    for piece in _joined(line):
        if piece.kind is Kind.TEXT:
            parts.append(_text(piece))
        elif piece.kind is Kind.FORMULA:
            parts.append(f"${escape(piece.text, quote=False)}$")
        elif piece.kind is Kind.PICTURE:
            parts.append(f'<img src="media:{escape(piece.text)}" alt="">')
        elif piece.kind is Kind.TABLE:
            parts.append(piece.text)
    return "".join(parts)


def _joined(line: Line) -> list[Piece]:
    """Neighbours with equal HTML looks as one, so that Word's torn runs do not tear the words."""
    joined: list[Piece] = []
    for piece in line:
        looks = replace(piece.looks, colour="", highlight="")
        last = joined[-1] if joined else None
        if last and piece.kind is last.kind is Kind.TEXT and last.looks == looks:
            joined[-1] = replace(last, text=last.text + piece.text)
        else:
            joined.append(replace(piece, looks=looks))
    return joined


def _text(piece: Piece) -> str:
    text = escape(piece.text.replace("\t", " "), quote=False)
    if not text.strip():
        return text
    looks = piece.looks
    for tag, wanted in (("u", looks.underline), ("i", looks.italic), ("b", looks.bold)):
        text = f"<{tag}>{text}</{tag}>" if wanted else text
    return f"<{looks.script}>{text}</{looks.script}>" if looks.script else text
