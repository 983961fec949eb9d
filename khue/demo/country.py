"""A synthetic country, written straight to the lake: as many schools, pupils and lessons as Vietnam has in a term.

Sizes are the Ministry's of the school year 2024-2025 (domain §4.3): 18,352,011 pupils of grades 1 to 12. Schools, their
sizes and everything that happens are made up by a fixed arithmetic, so that every run writes the same rows. Nobody is
in it: a pupil is a number.
"""

import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from khue.indicators.extensions import FILE, FactTable

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SEED = 2026
FIRST_DAY = date(2026, 9, 7)
WEEKS = 18
LAST_MONTH = "2027-01"
PERIODS_A_DAY = 5  # 28 a week on six days: the sixth has three
TEACHERS_A_CLASS = 1.6


@dataclass(frozen=True, slots=True)
class Level:
    """Schools of one level in the whole country."""

    first_grade: int
    last_grade: int
    schools: int
    pupils: int
    class_size: float


#: Primary, lower and upper secondary; numbers of schools are rounded (domain §4.3, §4.4).
LEVELS = (
    Level(1, 5, 13_800, 8_850_300, 31.5),
    Level(6, 9, 9_600, 6_514_261, 39.5),
    Level(10, 12, 2_600, 2_987_450, 42),
)


@dataclass(frozen=True, slots=True)
class MadeSchool:
    """A school of the country: where it is, and how many pupils and classes it has."""

    key: int
    province: str
    commune: str
    first_grade: int
    grades: int
    pupils: int
    classes: int
    first_person: int
    first_class: int


def schools(provinces: Sequence[tuple[str, int]], share: float = 1.0) -> list[MadeSchool]:
    """All schools, with sizes spread log-normally and sums that are exact.

    provinces  code and how many communes it has: schools are spread by communes
    share      of the country: 0.01 makes a hundredth of it, for tests
    """
    chance = random.Random(SEED)  # noqa: S311  plausible, not secret
    places = [(code, f"{code}{number:03}") for code, count in provinces for number in range(count)]
    made: list[MadeSchool] = []
    person, school_class = 1, 1
    for level in LEVELS:
        count = max(1, round(level.schools * share))
        for number, size in enumerate(_sizes(chance, count, round(level.pupils * share))):
            code, commune = places[(number * 7919) % len(places)]
            grades = level.last_grade - level.first_grade + 1
            classes = max(grades, round(size / level.class_size))
            key = len(made) + 1
            made.append(MadeSchool(key, code, commune, level.first_grade, grades, size, classes, person, school_class))
            person += size + round(classes * TEACHERS_A_CLASS)
            school_class += classes
    return made


def _sizes(chance: random.Random, count: int, pupils: int) -> list[int]:
    """`count` sizes that add up to `pupils`, none below twenty where that is possible."""
    weights = [min(6.0, max(0.06, chance.lognormvariate(0, 0.6))) for _ in range(count)]
    scale = pupils / sum(weights)
    sizes = [int(weight * scale) for weight in weights]
    sizes[0] += pupils - sum(sizes)
    return sizes


def write(root: Path, provinces: Sequence[tuple[str, int]], share: float = 1.0, memory: str = "3GB") -> dict[str, int]:
    """Write the country under `root`, over whatever is there. Returns how many rows each table has.

    cost  about a minute and a half a hundred million lessons on two cores; a gigabyte on disk for the whole country
    """
    import duckdb

    from khue.demo import country_rows

    shutil.rmtree(root, ignore_errors=True)
    connection = duckdb.connect(config={"memory_limit": memory, "threads": 2})
    _load_schools(connection, schools(provinces, share))
    _load_days(connection)
    rows: dict[str, int] = {}
    for code, _communes in provinces:
        for table, month, select in country_rows.of_province(code, _months(), LAST_MONTH):
            rows[table.name] = rows.get(table.name, 0) + _copy(connection, root, table, month, code, select)
    connection.close()
    return rows


def _months() -> list[str]:
    return sorted({f"{day:%Y-%m}" for day in school_days()})


def school_days() -> list[date]:
    """Days with lessons: Monday to Saturday of eighteen weeks."""
    days = (FIRST_DAY + timedelta(days=number) for number in range(WEEKS * 7))
    return [day for day in days if day.isoweekday() < 7]


def _load_schools(connection: "DuckDBPyConnection", made: Sequence[MadeSchool]) -> None:
    import pyarrow

    columns = MadeSchool.__slots__
    lists = {name: [getattr(school, name) for school in made] for name in columns}
    connection.register("made_schools", pyarrow.table(lists))
    connection.execute("CREATE TABLE made AS SELECT * FROM made_schools")


def _load_days(connection: "DuckDBPyConnection") -> None:
    connection.execute("CREATE TABLE days (day DATE, month VARCHAR, periods INTEGER)")
    rows = [(day, f"{day:%Y-%m}", 3 if day.isoweekday() == 6 else PERIODS_A_DAY) for day in school_days()]
    connection.executemany("INSERT INTO days VALUES (?, ?, ?)", rows)


def _copy(
    connection: "DuckDBPyConnection", root: Path, table: FactTable, month: str, province: str, select: str
) -> int:
    folder = root / table.folder(month, province)
    folder.mkdir(parents=True)
    target = folder / FILE
    done = connection.execute(
        f"COPY ({select}) TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 500000)"
    )
    return int(done.fetchall()[0][0])
