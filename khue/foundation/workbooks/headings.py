"""Headings of tables that people write: found again however they are spelled."""

from khue.foundation.text import fold


def heading_key(heading: object) -> str:
    """A heading as it is compared and remembered: no diacritics, no punctuation, no remark in brackets or asterisk."""
    text = fold(str(heading))
    outside, depth = [], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]" and depth > 0)
        outside.append(letter if depth == 0 and letter.isalnum() else " ")
    return " ".join("".join(outside).split())[:80]
