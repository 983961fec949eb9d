"""Facts flow into the lake, and figures of a month come out of it: by the clock, or by an operator's command."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from khue.foundation import audit, changes, clock
from khue.foundation.actor import Actor, require
from khue.indicators import queries
from khue.indicators.access import Permission
from khue.indicators.catalogue import BY_CODE
from khue.indicators.counts import NOTHING, Count
from khue.indicators.lake.answers import Engine, Span, UnitCount
from khue.indicators.models import CubeRun, LakeMark, LakePartition, MonthlyCount
from khue.registry.queries.places import roots, school_places

BATCH = 5_000


def fill_lake(*, actor: Actor, at: datetime, root: Path | None = None, month: str = "", spark: str = "") -> CubeRun:
    """Let the facts flow, then count a month: what the clock does every night. Two transactions.

    root   where the lake is; the node's own unless told
    month  this month unless told, "2026-11"
    spark  the address of a Spark master; DuckDB in this process unless told
    """
    require(actor, Permission.LAKE_WRITE, within=None)
    from khue.indicators.lake.engines import DuckDB, Spark

    place = root or queries.lake_root()
    flow_facts(actor=actor, root=place, at=at)
    engine: Engine = Spark(spark) if spark else DuckDB()
    chosen = month or f"{at.astimezone(clock.VIETNAM):%Y-%m}"
    return count_month(actor=actor, root=place, engine=engine, month=chosen, at=at)


@transaction.atomic
def flow_facts(*, actor: Actor, root: Path, at: datetime) -> int:
    """Write every partition of the lake whose facts came or changed since the last time. Returns how many.

    Once only, whatever happens: files are written whole and the mark moves with the same commit as what is known of
    them, so that after a kill the same partitions are written again. Two at a time wait for each other.
    """
    require(actor, Permission.LAKE_WRITE, within=None)
    from khue.indicators.extensions import FACT_TABLES
    from khue.indicators.lake.writing import Source, write

    LakeMark.objects.bulk_create([LakeMark(horizon=0, moved_at=at)], ignore_conflicts=True)
    mark = LakeMark.objects.select_for_update().get()
    horizon = changes.horizon()
    source = Source(at.astimezone(clock.VIETNAM).date())
    tables = {table.name: table for table in FACT_TABLES}
    written = [
        write(root, tables[partition.table], partition, source.facts(partition))
        for partition in source.partitions(mark.horizon or None)
    ]
    LakePartition.objects.bulk_create(
        [
            LakePartition(
                table=x.partition.table, month=x.partition.month, province=x.partition.province, rows=x.rows,
                sha256=x.sha256, written_at=at,
            )
            for x in written
        ],
        update_conflicts=True,
        unique_fields=["table", "month", "province"],
        update_fields=["rows", "sha256", "written_at"],
    )  # fmt: skip
    mark.horizon, mark.moved_at = horizon, at
    mark.save(update_fields=["horizon", "moved_at"])
    audit.record(actor, "lake.flowed", None, partitions=len(written), rows=sum(x.rows for x in written))
    return len(written)


@transaction.atomic
def count_month(*, actor: Actor, root: Path, engine: Engine, month: str, at: datetime) -> CubeRun:
    """Count every indicator from the lake as it stood at the end of a month.

    Kept are the figures of schools and the sums of all bodies above. What was kept for the month is replaced.

    month  "2026-11"; the figures begin with the school year, in the July before
    """
    require(actor, Permission.LAKE_WRITE, within=None)

    span = Span(first_month(month), month)
    begun = time.monotonic()
    found = engine.counts(root, span)
    files = LakePartition.objects.filter(month__range=(span.first, span.last)).order_by("table", "month", "province")
    run = CubeRun.objects.create(
        month=month, first_month=span.first, engine=engine.name, counted_at=at,
        milliseconds=round((time.monotonic() - begun) * 1000),
        files=list(files.values("table", "month", "province", "rows", "sha256")),
    )  # fmt: skip
    MonthlyCount.objects.filter(month=month).delete()
    MonthlyCount.objects.bulk_create(_cells(found, run), batch_size=BATCH)
    audit.record(actor, "lake.counted", run, month=month, engine=engine.name)
    return run


def first_month(month: str) -> str:
    """July before the month: when its school year begins."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year if number >= 7 else year - 1}-07"


def _cells(found: Sequence[UnitCount], run: CubeRun) -> list[MonthlyCount]:
    """The counts of schools and of every body above them, and those of the country at its root."""
    day = date.fromisoformat(f"{run.month}-01")
    return [
        MonthlyCount(
            organisation_id=organisation, code=code, month=run.month, numerator=count.numerator,
            denominator=count.denominator, unknown=count.unknown, run=run,
            definition=BY_CODE[code].definition_on(day).version,
        )
        for (organisation, code), count in sorted(_summed(found).items())
    ]  # fmt: skip


def _summed(found: Sequence[UnitCount]) -> Mapping[tuple[int, str], Count]:
    above = {place.id: place.above for place in school_places()}
    sums: dict[tuple[int, str], Count] = defaultdict(lambda: NOTHING)
    for row in found:
        count = Count(row.numerator, row.denominator, row.unknown)
        if row.level == "school" and int(row.unit) in above:
            for organisation in (int(row.unit), *above[int(row.unit)]):
                sums[organisation, row.code] += count
        elif row.level == "country" and not BY_CODE[row.code].is_computed:
            for root in roots():
                sums[root, row.code] = count
    return sums
