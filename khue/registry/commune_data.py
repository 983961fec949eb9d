"""Communes as they ship: today's, those of before 1 July 2025, and which became which.

They are read from the data files of the package vietnamadminunits, whose code is never imported. It names the list of
the statistics office (danhmuchanhchinh.gso.gov.vn) as its source; nobody here compared it with the official text, so
that no row counts as verified. See docs/decisions/0061.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from khue.foundation.text import nfc

PACKAGE = "vietnamadminunits"
SOURCE = f"{PACKAGE} {version(PACKAGE)} (danhmuchanhchinh.gso.gov.vn)"


@dataclass(frozen=True, slots=True)
class Commune:
    """One of the 3,321 of today: five digits, two of its province, bare name, kind in lower case."""

    code: str
    province: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class FormerDistrict:
    """One of the 696 that ended on 1 July 2025.

    code      three digits, unique in the country
    province  the two digits its province had then
    commune   an island without communes became a special zone: its code; "" for all others
    """

    code: str
    province: str
    name: str
    commune: str


@dataclass(frozen=True, slots=True)
class FormerCommune:
    """A commune of before 1 July 2025. A divided one has several successors, in the order of their codes."""

    code: str
    district: str
    name: str
    successors: tuple[str, ...]


def communes() -> list[Commune]:
    """The communes of today, by code."""
    rows = _asked("SELECT wardCode, provinceCode, ward FROM admin_units ORDER BY wardCode")
    return [Commune(code, province, *_told_apart(name)) for code, province, name in rows]


def former_districts() -> list[FormerDistrict]:
    """The districts of before the reform, by code."""
    rows = _asked(
        "SELECT districtCode, provinceCode, district, max(coalesce(wardCode, '')), provinceKey, districtKey"
        " FROM admin_units_legacy GROUP BY districtCode ORDER BY districtCode"
    )
    heirs = _successors()
    found = []
    for code, province, name, ward, province_key, district_key in rows:
        zone = "" if ward else heirs[f"{province_key}_{district_key}_"][0]
        found.append(FormerDistrict(code, province, nfc(name), zone))
    return found


def former_communes() -> list[FormerCommune]:
    """The communes of before the reform, by code."""
    rows = _asked(
        "SELECT wardCode, districtCode, ward, provinceKey, districtKey, wardKey"
        " FROM admin_units_legacy WHERE wardCode IS NOT NULL ORDER BY wardCode"
    )
    heirs = _successors()
    return [
        FormerCommune(code, district, nfc(name), heirs[f"{province_key}_{district_key}_{ward_key}"])
        for code, district, name, province_key, district_key, ward_key in rows
    ]


@lru_cache(maxsize=1)
def _successors() -> dict[str, tuple[str, ...]]:
    """The codes of today by the package's key of a former commune, "province_district_commune"."""
    today = {
        (province, ward): code
        for code, province, ward in _asked("SELECT wardCode, provinceKey, wardKey FROM admin_units")
    }
    found: dict[str, set[str]] = {}
    for province, ward, former in _pairs():
        found.setdefault(former, set()).add(today[province, ward])
    return {former: tuple(sorted(codes)) for former, codes in found.items()}


def _pairs() -> Iterator[tuple[str, str, str]]:
    """Province and commune of today with a former commune that went into it, by the package's keys."""
    told = json.loads((_folder() / "converter_2025.json").read_text(encoding="utf-8"))
    for province, wards in told["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, whole in wards.items():
            yield from ((province, ward, former) for former in whole)
    for province, divided in told["DICT_PROVINCE_WARD_DIVIDED"].items():
        for former, parts in divided.items():
            yield from ((province, part["newWardKey"], former) for part in parts)


def _told_apart(full_name: str) -> tuple[str, str]:
    """Name and kind of "Xã Tân Tiến": single spaces, each word of the name with a capital."""
    words = nfc(full_name).split()
    of_kind = 2 if words[0].casefold() == "đặc" else 1
    name = " ".join(word[0].upper() + word[1:] for word in words[of_kind:])
    return name, " ".join(words[:of_kind]).casefold()


def _asked(query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(f"file:{_folder() / 'dataset.db'}?mode=ro&immutable=1", uri=True)) as data:
        return data.execute(query).fetchall()


def _folder() -> Path:
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(PACKAGE)
    return Path(found.submodule_search_locations[0]) / "data"
