"""The programme as it ships: tables written from the circulars, under data/."""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data" / "gdpt2018"


def rows(name: str) -> list[dict[str, str]]:
    """One table, "subjects.csv", as text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outcome_files() -> Iterator[tuple[str, int, str]]:
    """Subject code, grade and text of every outcome tree that ships."""
    for path in sorted((DATA / "outcomes").glob("*.csv")):
        subject, grade = path.stem.split(".")
        yield subject, int(grade), path.read_text(encoding="utf-8")
