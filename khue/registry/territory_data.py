"""Provinces and communes as they ship: our own tables of provinces and former codes, communes from a package.

The package vietnam-provinces lists today's communes and no former ones: which old commune became part of which new
one stays unknown here until a source that says so is loaded. It names the draft of the state's list as its own source,
so that no commune code counts as verified; see docs/decisions/0061.
"""

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from khue.foundation.text import nfc

DATA = Path(__file__).parent / "data"
FOUNDED = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class Status:
    """A province's name and kind from a day to a day."""

    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Commune:
    code: str
    province: str
    name: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class FormerProvince:
    code: str
    name: str
    successor: str
    source: str
    verified: bool


def province_statuses() -> dict[str, list[Status]]:
    """Every status of each of the 34 provinces, oldest first, by code."""
    found: dict[str, list[Status]] = {}
    for row in _rows("provinces.csv"):
        end = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
        status = Status(
            name=nfc(row["name"]),
            kind=row["kind"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=end,
            source=row["source"],
            verified=row["verified"] == "true",
        )
        found.setdefault(row["code"], []).append(status)
    return found


def former_provinces() -> list[FormerProvince]:
    """The 63 provinces before 1 July 2025 and what took their place."""
    return [
        FormerProvince(row["code"], nfc(row["name"]), row["successor"], row["source"], row["verified"] == "true")
        for row in _rows("former_provinces.csv")
    ]


@lru_cache(maxsize=1)
def former_province_codes() -> frozenset[str]:
    """The 63 two-digit codes before the reform; personal numbers issued later still begin with them."""
    return frozenset(province.code for province in former_provinces())


def communes() -> list[Commune]:
    """The 3,321 communes, with mended names and the codes of the package."""
    import vietnam_provinces  # names each commune in its code: not for processes that never load them

    source = f"vietnam-provinces {vietnam_provinces.__version__} ({vietnam_provinces.__data_version__})"
    with vietnam_provinces.NESTED_DIVISIONS_JSON_PATH.open(encoding="utf-8") as file:
        nested = json.load(file)
    found = []
    for province in nested:
        province_code = f"{province['code']:02}"
        for ward in province["wards"]:
            kind = ward["division_type"]
            found.append(Commune(f"{ward['code']:05}", province_code, mended(ward["name"], kind), kind, source))
    return found


def mended(name: str, kind: str) -> str:
    """The bare name of a commune: without its kind, single spaces, each word with a capital."""
    bare = nfc(name)
    if bare.casefold().startswith(f"{kind} "):
        bare = bare[len(kind) + 1 :]
    return " ".join(word[0].upper() + word[1:] for word in bare.split())


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
