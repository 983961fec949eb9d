"""Vietnamese words compared wherever the tone mark is put: "Thanh Hoá" and "Thanh Hóa" are one name."""

import unicodedata

_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}


def spelling_key(text: str) -> str:
    """A key that is equal for two spellings of the same words.

    Case, Unicode form, spaces and apostrophes do not count; each word's tone counts, its place in the word does not;
    the marks that make another letter (â, ê, ô, ơ, ư, ă, đ) count.
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("'", "’"))
    return " ".join(_syllable_key(word) for word in plain.replace("-", " ").split())


def bare_key(name: str) -> str:
    """The key of a place's name without its kind: of "Thị trấn Sa Pa", "TP. Huế", "quận Ba Đình"."""
    key = spelling_key(name)
    kind = next((kind for kind in _KINDS if key.startswith(f"{kind} ")), "")
    return key.removeprefix(kind).lstrip()


def same_spelling(one: str, other: str) -> bool:
    """Whether two texts are the same Vietnamese words."""
    return spelling_key(one) == spelling_key(other)


def _syllable_key(word: str) -> str:
    letters = unicodedata.normalize("NFC", "".join(c for c in word if c not in _TONES))
    tones = "".join(sorted(_TONES[c] for c in word if c in _TONES))
    return letters + tones


_KINDS = tuple(
    spelling_key(kind)
    for kind in (
        "tỉnh", "thành phố", "tp.", "tp", "quận", "huyện", "thị xã", "phường", "xã", "đặc khu", "thị trấn",
    )
)  # fmt: skip
