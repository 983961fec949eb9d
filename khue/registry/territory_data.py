"""Provinces as they ship: our own tables of what they are called from a day on, and of the 63 before the reform."""

import csv
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


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
