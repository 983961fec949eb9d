"""Every indicator of a synthetic country: 18.35 million pupils, 334 million facts; a unit's page from the stored cube.

The country is written to the lake, counted by DuckDB for the country, 34 provinces, 3,321 communes and 26,000 schools,
and deleted. PostgreSQL runs the same expressions, as the SQL that Ibis writes, on one province of it, because the whole
would fill a disk: its rate stands beside DuckDB's, and both give the same figures for that province, which is proved.

lake.write    seconds to write the country
lake.cost     processor seconds to count it; lake.seconds beside it on whatever the machine does meanwhile
lake.memory   the largest memory of the process that counted
lake.rate     facts a second beside PostgreSQL's on one province, its tables in memory and analysed, loading not counted
lake.NAME     pages of figures for the ministry, whose months are in the cube
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import node, visitor
from bench.node import Node
from bench.row import Row, against, at_most, noted
from bench.visitor import Visitor

FIRST, LAST = "2026-09", "2027-01"
MEMORY = "3GB"
#: A province of the usual size: 102 of 3,321 communes.
SAMPLE = "82"
MONTHS = 24


@dataclass(frozen=True)
class Took:
    """What one counting took."""

    seconds: float
    processor: float
    megabytes: float
    figures: int
    country: dict[str, list[int]]


def rows() -> Iterator[Row]:
    """The country, the province beside PostgreSQL, the pages."""
    root = Path(tempfile.mkdtemp(prefix="khue-lake-", dir=node.VAR.parent if node.VAR.parent.exists() else None))
    try:
        with node.serving() as at:
            visitor.work_on_its_database()
            yield from _country(root)
            yield from _pages(at)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _country(root: Path) -> Iterator[Row]:
    from khue.demo import actions as demo

    begun = time.monotonic()
    written = demo.write_country(root=root)
    visitor.leave_its_database()
    facts = sum(written.values())
    yield noted("lake.write", time.monotonic() - begun, f"s to write {facts:,} facts of {written['people']:,} people")
    took = _count(root)
    said = f"{took.figures:,} figures of {facts:,} facts"
    yield at_most("lake.cost", took.processor, f"processor s, {said}", 60)
    yield noted("lake.seconds", took.seconds, "s of it on the clock, two threads, beside all else on this machine")
    yield at_most("lake.memory", took.megabytes, "MB at most", 4000)
    yield from _beside_postgresql(root, facts / took.seconds)


def _count(root: Path) -> Took:
    command = [sys.executable, "-m", "bench.lake_count", str(root), FIRST, LAST, MEMORY]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Took(**json.loads(done.stdout))


def _beside_postgresql(root: Path, rate: float) -> Iterator[Row]:
    from bench import database
    from khue.indicators.lake import sql
    from khue.indicators.lake.answers import Span

    part = root / "one-province"
    for folder in list(root.glob(f"*/*/province={SAMPLE}")):
        target = part / folder.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(folder)
    with database.owner() as connection:
        connection.execute("SET work_mem = '512MB'")
        connection.execute("SET temp_buffers = '1GB'")
        facts = sql.load(connection, root, (SAMPLE,))
        begun = time.monotonic()
        found = sql.counts(connection, Span(FIRST, LAST))
        seconds = time.monotonic() - begun
    here = _count(part)
    country = {row.code: [row.numerator, row.denominator, row.unknown] for row in found if row.level == "country"}
    if country != here.country or len(found) != here.figures:
        raise RuntimeError(f"PostgreSQL and DuckDB do not agree: {country} {here.country}")
    yield noted("lake.postgresql", seconds, f"s by PostgreSQL for {facts:,} facts of one province, same figures")
    yield against(
        "lake.rate", rate, "facts/s, the country", baseline=f"PostgreSQL, same SQL, one province of {facts:,} facts",
        baseline_value=facts / seconds, at_least=1,
    )  # fmt: skip


def _pages(at: Node) -> Iterator[Row]:
    """A ministry's pages with two years of months in the cube."""
    from bench import demonstration  # its models need Django set up

    _fill_cube()
    node.rest(at)
    officer = Visitor(at).bearing(demonstration.session_of(demonstration.account_named("chuyenvien.bo")))
    home = officer.first_link("/indicators/", r"/indicators/[0-9a-f-]{36}/A5/").removesuffix("A5/")
    yield from visitor.page("lake.unit", officer, home)
    yield from visitor.page("lake.indicator", officer, f"{home}A5/")
    yield from visitor.page("lake.lineage", officer, f"{home}A5/lineage/")
    visitor.leave_its_database()


def _fill_cube() -> None:
    from khue.foundation import clock, scope
    from khue.foundation.actor import SYSTEM
    from khue.indicators.models import CubeRun, IndicatorCount, MonthlyCount

    months = [f"{2025 + number // 12}-{number % 12 + 1:02}" for number in range(MONTHS)]
    with scope.of(SYSTEM):
        for month in months:
            files = [{"table": "lessons", "month": month, "province": "82", "rows": 1, "sha256": "0" * 64}]
            run = CubeRun.objects.create(
                month=month, first_month=month, engine="duckdb", counted_at=clock.now(), milliseconds=1, files=files
            )
            MonthlyCount.objects.bulk_create(
                [
                    MonthlyCount(
                        organisation_id=row.organisation_id, code=row.code, month=month, numerator=row.numerator,
                        denominator=row.denominator, unknown=row.unknown, definition=1, run=run,
                    )
                    for row in IndicatorCount.objects.all()
                ],
                ignore_conflicts=True,
            )  # fmt: skip
    visitor.leave_its_database()
