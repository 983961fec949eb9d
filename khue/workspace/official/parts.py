"""What each line of a document is, so that it can be set as the decree says.

source  Decree 30/2020/NĐ-CP, annex I, part II, section I, item 6 (nội dung văn bản)
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """How a line is set."""

    GROUND = "ground"  # căn cứ: italic, ends with a semicolon, the last with a full stop
    ORDER = "order"  # QUYẾT ĐỊNH: centred, bold
    CHAPTER = "chapter"  # Phần, Chương, Mục: centred, bold
    ARTICLE = "article"  # Điều 1.: its label bold
    HEADING = "heading"  # I., II.: bold
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """One line. `label` is what stands bold before the text: "Điều 1."."""

    role: Role
    text: str
    label: str = ""


GROUND = re.compile(r"(Căn cứ|Theo đề nghị|Xét đề nghị|Xét)\s", re.IGNORECASE)
ORDER = re.compile(r"(QUYẾT ĐỊNH|QUYẾT NGHỊ|NGHỊ QUYẾT)\s*:?")
CHAPTER = re.compile(r"(Phần thứ\s|Phần [IVXLC\d]+\b|Chương [IVXLC\d]+\b|Mục \d+\b)")
ARTICLE = re.compile(r"(Điều \d+[.:])\s*(.*)")
HEADING = re.compile(r"[IVXL]+\.\s+\S")


def parts_of(body: str, *, decides: bool) -> tuple[Part, ...]:
    """The lines of a document by what they are; empty ones are left out, no word is lost.

    decides  a decision: where nobody wrote "QUYẾT ĐỊNH:" it stands between the grounds and the rest
    """
    lines = [" ".join(line.split()) for line in body.splitlines()]
    lines = [line for line in lines if line]
    grounds = _grounds(lines)
    rest = [_part(line) for line in lines[grounds:]]
    if decides and grounds and not any(part.role == Role.ORDER for part in rest):
        rest.insert(0, Part(Role.ORDER, "QUYẾT ĐỊNH:"))
    return (*_closed(lines[:grounds]), *rest)


def _grounds(lines: Sequence[str]) -> int:
    """How many lines at the beginning are grounds."""
    return next((number for number, line in enumerate(lines) if not GROUND.match(line)), len(lines))


def _closed(lines: Sequence[str]) -> list[Part]:
    ends = [";"] * (len(lines) - 1) + ["."]
    return [Part(Role.GROUND, line.rstrip(" ;,.") + end) for line, end in zip(lines, ends, strict=False)]


def _part(line: str) -> Part:
    if ORDER.fullmatch(line):
        return Part(Role.ORDER, line.rstrip(" :") + ":")
    if CHAPTER.match(line):
        return Part(Role.CHAPTER, line)
    if article := ARTICLE.match(line):
        return Part(Role.ARTICLE, article[2], article[1])
    return Part(Role.HEADING if HEADING.match(line) else Role.TEXT, line)
