"""The labels that Word prints by itself: "Câu 3." and "B." of an automatic list are nowhere in the text."""

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

from khue.assessment.word.package import WORD


@dataclass(frozen=True)
class _Level:
    form: str
    text: str
    start: int


class Numbering:
    """Counters of all lists of a document, moved on by each numbered paragraph."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[tuple[str, int], int] = defaultdict(int)
        if root is not None:
            abstract = {str(node.get(f"{WORD}abstractNumId")): node for node in root.iter(f"{WORD}abstractNum")}
            for number in root.iter(f"{WORD}num"):
                found = number.find(f"{WORD}abstractNumId")
                node = None if found is None else abstract.get(str(found.get(f"{WORD}val")))
                if node is not None:
                    self._levels[str(number.get(f"{WORD}numId"))] = _levels(node)

    def label(self, paragraph: etree._Element) -> str:
        """What stands before the paragraph, "A."; empty without numbering and for bullets."""
        place = paragraph.find(f"{WORD}pPr/{WORD}numPr")
        if place is None:
            return ""
        number, depth = _value(place, "numId"), _whole(_value(place, "ilvl"))
        level = self._levels.get(number, {}).get(depth)
        if level is None or level.form in ("bullet", "none"):
            return ""
        self._counts[number, depth] += 1
        for deeper in [key for key in self._counts if key[0] == number and key[1] > depth]:
            del self._counts[deeper]
        return re.sub(r"%(\d)", lambda match: self._printed(number, int(match[1]) - 1), level.text)

    def _printed(self, number: str, depth: int) -> str:
        level = self._levels[number].get(depth)
        if level is None:
            return ""
        value = level.start - 1 + max(self._counts[number, depth], 1)
        if level.form in ("upperLetter", "lowerLetter") and 1 <= value <= 26:
            return chr((64 if level.form == "upperLetter" else 96) + value)
        return str(value)


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    return {
        _whole(str(level.get(f"{WORD}ilvl"))): _Level(
            form=_value(level, "numFmt"), text=_value(level, "lvlText"), start=_whole(_value(level, "start"), 1)
        )
        for level in abstract.iter(f"{WORD}lvl")
    }


def _value(node: etree._Element, name: str) -> str:
    found = node.find(f"{WORD}{name}")
    return "" if found is None else str(found.get(f"{WORD}val", ""))


def _whole(text: str, otherwise: int = 0) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else otherwise
