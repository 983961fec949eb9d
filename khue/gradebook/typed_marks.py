"""What a teacher types into a mark cell, and what it means."""

import re
from dataclasses import dataclass

from khue.gradebook.rule_sets import rule_set

_DECIMAL = re.compile(r"([0-9]{1,2})[.,]([0-9])0*")
_WHOLE = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True)
class TypedMark:
    """One cell's meaning: exactly one field says something, or none for an emptied cell.

    tenths     85 for 8,5
    passed     True for Đ (đạt), False for CĐ (chưa đạt)
    is_exempt  M (miễn)
    """

    tenths: int | None = None
    passed: bool | None = None
    is_exempt: bool = False

    @property
    def is_empty(self) -> bool:
        return self.tenths is None and self.passed is None and not self.is_exempt


class NotAMark(ValueError):
    """What was typed is no mark on this scale."""


def parse_score(typed: str, top_tenths: int = 100) -> TypedMark:
    """Read a score: "8,5", "8.5", "85" and "8" mean what a teacher means; "10" is ten.

    raises  NotAMark for anything off the scale, with more than one decimal, or not a number
    source  domain §11.3: keyboards that send 85 for 8,5; 100 is an error
    """
    text = typed.strip().upper()
    if not text:
        return TypedMark()
    if text == "M":
        return TypedMark(is_exempt=True)
    if decimal := _DECIMAL.fullmatch(text):
        tenths = int(decimal[1]) * 10 + int(decimal[2])
    elif _WHOLE.fullmatch(text):
        whole = int(text)
        tenths = whole * 10 if whole <= top_tenths // 10 and (len(text) == 1 or whole >= 10) else whole
    else:
        raise NotAMark(typed)
    if tenths > top_tenths:
        raise NotAMark(typed)
    return TypedMark(tenths=tenths)


def parse_comment(typed: str) -> TypedMark:
    """Read an assessment of a commented subject: Đ, D or 1 is đạt; CĐ, CD or 0 is chưa đạt; M is exempt."""
    text = typed.strip().upper().replace("Đ", "D")
    meanings = {
        "": TypedMark(),
        "D": TypedMark(passed=True),
        "1": TypedMark(passed=True),
        "CD": TypedMark(passed=False),
        "0": TypedMark(passed=False),
        "M": TypedMark(is_exempt=True),
    }
    if text not in meanings:
        raise NotAMark(typed)
    return meanings[text]


def parse_cell(typed: str, rules: str, *, is_scored: bool) -> TypedMark:
    """Read what was typed into a cell of a book.

    rules   code of the book's rule set
    raises  NotAMark
    """
    return parse_score(typed, rule_set(rules).top_tenths) if is_scored else parse_comment(typed)


def display(mark: TypedMark) -> str:
    """The mark as a grid shows it and as it can be typed again: "8,5", "10", "Đ", "CĐ", "M", or nothing."""
    if mark.is_exempt:
        return "M"
    if mark.passed is not None:
        return "Đ" if mark.passed else "CĐ"
    if mark.tenths is None:
        return ""
    whole, tenth = divmod(mark.tenths, 10)
    return f"{whole},{tenth}" if tenth else str(whole)


def display_result(result: int | bool | None) -> str:
    """A term result as shown: Đ or CĐ, or a mean with its decimal always there ("8,0"), so that means line up."""
    if result is None:
        return ""
    if isinstance(result, bool):
        return display(TypedMark(passed=result))
    return f"{result // 10},{result % 10}"
