"""Points as people write them. 25 hundredths are "0,25"; a comma or a dot is understood."""

import re

from django.utils.translation import get_language

_TYPED = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?")


def written_points(hundredths: int) -> str:
    """Without needless zeros: "0,25", "1", "10"."""
    whole, rest = divmod(hundredths, 100)
    if not rest:
        return str(whole)
    return f"{whole}{'.' if get_language() == 'en' else ','}{f'{rest:02}'.rstrip('0')}"


def points_of(text: str) -> int | None:
    """Hundredths; None where the text is no number of points."""
    typed = _TYPED.fullmatch(text.strip())
    if typed is None or not text.isascii():
        return None
    return int(typed[1]) * 100 + int((typed[2] or "0").ljust(2, "0"))
