"""A face for people without a picture: initials of the name on a colour that stays theirs."""

from zlib import crc32

#: How many colours the style sheet keeps for faces.
HUES = 6


def initials(full_name: str) -> str:
    """The letters a Vietnamese reader expects: family name and given name, "Nguyễn Văn An" is "NA"."""
    words = full_name.split()
    if not words:
        return "?"
    return (words[0][0] + words[-1][0] if len(words) > 1 else words[0][0]).upper()


def hue(name: str) -> int:
    """A number from 0 to HUES - 1, always the same for the same name."""
    return crc32(name.encode()) % HUES
