"""Vietnamese text: one Unicode form, search without diacritics, the order of a class list."""

import unicodedata
from functools import lru_cache

import icu


def nfc(text: str) -> str:
    """The text as it is stored: composed letters (NFC), single spaces, no space around."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def nfc_lines(text: str) -> str:
    """A text of several lines as it is stored: composed letters (NFC), line ends as \\n, no space around the whole."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def printable(text: str, besides: str = "\n") -> str:
    """Without control characters. A tab or a space that does not break becomes a space: dropped, it would join words.

    besides  what stays though it is not printed
    """
    return "".join(c if c in besides or c.isprintable() else " " if c.isspace() else "" for c in text)


def fold(text: str) -> str:
    """The text as it is searched: lower case, without diacritics, `đ` as `d`.

    The database folds with the same rule in khue_fold(); a test holds the two together.
    """
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f").replace("đ", "d")


@lru_cache(maxsize=1)
def _collator() -> icu.Collator:
    return icu.Collator.createInstance(icu.Locale("vi"))


@lru_cache(maxsize=8192)
def sort_key(text: str) -> bytes:
    """Bytes that order any text as a Vietnamese dictionary does (ICU collation `vi`).

    The last few thousand are remembered: a school has many names and few words in them.
    """
    return bytes(_collator().getSortKey(text))


def name_sort_key(full_name: str) -> bytes:
    """Bytes that order people as a class list does: by given name (the last word), then by the rest.

    source  domain §11.3: lists are sorted by tên, then họ and đệm
    """
    *rest, given = nfc(full_name).split(" ")
    return sort_key(given) + b"\x00\x00" + sort_key(" ".join(rest))
