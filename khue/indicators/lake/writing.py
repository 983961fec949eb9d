"""Facts on their way into the lake: which partitions must be written, and writing one whole.

A partition is never added to: it is written again from the rows of the day, beside the old file, and takes its place in
one step of the file system. Written twice it is the same; a late or corrected fact is in it the next time.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khue.activity import queries as activity
from khue.attendance.queries import counting as lessons
from khue.curriculum.queries import counting as curriculum
from khue.indicators import counting
from khue.indicators.extensions import ACTIVE_DAYS, FILE, LESSONS, NOWHERE, OUTCOMES, PEOPLE, SCHOOLS, FactTable
from khue.library import queries as library
from khue.registry.queries.places import SchoolPlace, school_places
from khue.schools import queries as schools
from khue.schools.queries import counting as people
from khue.workspace.queries import counting as workspace

if TYPE_CHECKING:
    import pyarrow

BATCH = 50_000
Fact = Sequence[Any]


@dataclass(frozen=True, slots=True, order=True)
class Partition:
    """The facts of a table in a month and a province."""

    table: str
    month: str
    province: str


@dataclass(frozen=True, slots=True)
class Written:
    """A partition as it lies on disk now."""

    partition: Partition
    rows: int
    sha256: str


class Source:
    """The rows of this node as facts, seen on one day."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.places = school_places()
        self._province = {place.id: place.province for place in self.places}

    def partitions(self, mark: int | None) -> list[Partition]:
        """Those with facts written since the mark, or all; and how things stand this month."""
        found = {
            Partition(table.name, f"{month:%Y-%m}", self._province[school])
            for table, changed in (
                (LESSONS, lessons.months_with_changed_lessons(mark)),
                (ACTIVE_DAYS, activity.months_with_changed_days(mark)),
            )
            for school, month in changed
            if school in self._province
        }
        month = f"{self.on:%Y-%m}"
        provinces = set(self._province.values())
        found |= {Partition(table.name, month, province) for table in (PEOPLE, SCHOOLS) for province in provinces}
        return sorted(found | {Partition(OUTCOMES.name, month, NOWHERE)})

    def facts(self, partition: Partition) -> Iterable[Fact]:
        """All facts of a partition, in the order of the table's columns."""
        places = [place for place in self.places if place.province == partition.province]
        return _FACTS[partition.table](self, places, partition.month)

    def _lessons(self, places: Sequence[SchoolPlace], month: str) -> Iterator[Fact]:
        for school, school_class, grade, day, mode in lessons.lesson_facts(_ids(places), *days_of(month)):
            yield school, school_class, grade, day, mode == counting.ONLINE

    def _active_days(self, places: Sequence[SchoolPlace], month: str) -> Iterator[Fact]:
        return activity.active_day_facts(_ids(places), *days_of(month))

    def _people(self, places: Sequence[SchoolPlace], _month: str) -> Iterator[Fact]:
        for place in places:
            for row in people.person_facts(place.id, self.on):
                yield (
                    place.id, row.person, row.school_class, row.grade, row.is_pupil, row.has_code,
                    row.has_device, row.has_connection, row.has_software,
                )  # fmt: skip

    def _schools(self, places: Sequence[SchoolPlace], _month: str) -> Iterator[Fact]:
        """Schools that have begun a school year: the others have told nothing yet, which is not zero."""
        for place in places:
            year = schools.school_year_on(place.id, self.on)
            if year is None:
                continue
            things = schools.count_records(place.id)
            yield (
                place.id, place.commune, place.ownership, place.is_disadvantaged,
                schools.pupils_at(place.id, self.on).exists(),
                workspace.is_at_work(place.id, counting.midnight(year.starts_on)), things.things, things.recorded,
            )  # fmt: skip

    def _outcomes(self, _places: Sequence[SchoolPlace], _month: str) -> Iterator[Fact]:
        keys = curriculum.outcome_keys(self.on)
        covered = library.covered_outcomes([key for key, _grade in keys])
        return ((key, grade, key in covered) for key, grade in keys)


_FACTS: dict[str, Callable[[Source, Sequence[SchoolPlace], str], Iterable[Fact]]] = {
    LESSONS.name: Source._lessons,
    ACTIVE_DAYS.name: Source._active_days,
    PEOPLE.name: Source._people,
    SCHOOLS.name: Source._schools,
    OUTCOMES.name: Source._outcomes,
}


def _ids(places: Sequence[SchoolPlace]) -> list[int]:
    return [place.id for place in places]


def days_of(month: str) -> tuple[date, date]:
    """The first and the last day of a month, "2026-11"."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def write(root: Path, table: FactTable, partition: Partition, facts: Iterable[Fact]) -> Written:
    """Write a partition whole: on disk before it takes its name, so that a kill leaves what was there.

    cost  memory for fifty thousand facts, whatever the partition has
    """
    folder = root / table.folder(partition.month, partition.province)
    folder.mkdir(parents=True, exist_ok=True)
    target, unfinished = folder / FILE, folder / f".{FILE}.unfinished"
    rows = _write_file(unfinished, table, facts)
    with unfinished.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    unfinished.replace(target)
    return Written(partition, rows, digest)


def _write_file(path: Path, table: FactTable, facts: Iterable[Fact]) -> int:
    import pyarrow
    import pyarrow.parquet

    schema, rows = schema_of(table), 0
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(facts):
            columns = [
                pyarrow.array(column, kind.type) for column, kind in zip(zip(*batch, strict=True), schema, strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(columns, schema=schema))
            rows += len(batch)
    return rows


def _batches(facts: Iterable[Fact]) -> Iterator[list[Fact]]:
    batch: list[Fact] = []
    for fact in facts:
        batch.append(fact)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def schema_of(table: FactTable) -> "pyarrow.Schema":
    """The columns of a table's files."""
    import pyarrow

    types = {"int64": pyarrow.int64(), "int8": pyarrow.int8(), "date": pyarrow.date32(), "boolean": pyarrow.bool_()}
    return pyarrow.schema([(name, types.get(kind, pyarrow.string())) for name, kind in table.columns])
