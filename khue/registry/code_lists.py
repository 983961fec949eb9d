"""Code lists of the exchange specification: ethnic groups and nationalities, found by code, name or alias.

source  ethnic groups: QĐ 121-TCTK/PPCĐ 1979 (domain §11.1); nationalities: ISO 3166-1, names from Unicode CLDR
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import icu

from khue.foundation.text import fold, nfc
from khue.registry.spelling import spelling_key

DATA = Path(__file__).parent / "data"

#: Names of nationalities that people write and the standard does not.
NATIONALITY_ALIASES = {
    "VN": ("Vietnam", "VNM"),
    "US": ("Mỹ", "Mĩ", "USA"),
    "KR": ("Nam Hàn", "Đại Hàn Dân quốc"),
    "KP": ("Bắc Triều Tiên", "Bắc Hàn"),
    "TW": ("Đài Loan (Trung Quốc)",),
    "GB": ("Anh", "Anh quốc", "UK"),
    "KH": ("Cam-pu-chia", "Cămpuchia"),
    "CZ": ("Cộng hoà Séc", "Tiệp"),
    "LA": ("CHDCND Lào",),
    "RU": ("Liên bang Nga",),
}


@dataclass(frozen=True, slots=True)
class CodeEntry:
    code: str
    name: str
    aliases: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def ethnic_groups() -> tuple[CodeEntry, ...]:
    """The 54 groups and "foreigner", by code."""
    with (DATA / "ethnic_groups.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            CodeEntry(row["code"], nfc(row["name"]), tuple(filter(None, nfc(row["aliases"]).split("|"))))
            for row in csv.DictReader(file)
        )


@lru_cache(maxsize=1)
def nationalities() -> tuple[CodeEntry, ...]:
    """Countries by two-letter code, with their Vietnamese names."""
    vietnamese = icu.Locale("vi")
    codes = sorted(icu.Locale.getISOCountries())
    return tuple(
        CodeEntry(code, nfc(icu.Locale("", code).getDisplayCountry(vietnamese)), NATIONALITY_ALIASES.get(code, ()))
        for code in codes
    )


def ethnicity_of(text: str) -> str | None:
    """The code of an ethnic group written as code, name or alias ("Mèo" is Mông). None when it is not on the list."""
    return _found(text, ethnic_groups)


def nationality_of(text: str) -> str | None:
    """The two-letter code of a nationality written as code, Vietnamese name or alias. None when not on the list."""
    return _found(text, nationalities)


def ethnicity_name(code: str) -> str:
    """The name of a group; the code itself when it is not on the list."""
    return next((entry.name for entry in ethnic_groups() if entry.code == code), code)


def nationality_name(code: str) -> str:
    """The Vietnamese name of a country; the code itself when it is not on the list."""
    return next((entry.name for entry in nationalities() if entry.code == code), code)


def _found(text: str, entries: Callable[[], Iterable[CodeEntry]]) -> str | None:
    exact, without_marks = _by_name(entries)
    return exact.get(_key(text)) or without_marks.get(fold(_key(text)))


@lru_cache(maxsize=2)
def _by_name(entries: Callable[[], Iterable[CodeEntry]]) -> tuple[dict[str, str], dict[str, str]]:
    """Codes by name as written, and by name without diacritics where only one entry is called so."""
    exact: dict[str, str] = {}
    without_marks: dict[str, set[str]] = {}
    for entry in entries():
        for name in (entry.code, entry.name, *entry.aliases):
            exact.setdefault(_key(name), entry.code)
            without_marks.setdefault(fold(_key(name)), set()).add(entry.code)
    return exact, {key: codes.pop() for key, codes in without_marks.items() if len(codes) == 1}


def _key(text: str) -> str:
    """Letters and digits only, tones in one place, no leading zero."""
    return "".join(c for c in spelling_key(text) if c.isalpha() or c.isdecimal()).lstrip("0")
