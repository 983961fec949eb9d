"""The same expressions as SQL of PostgreSQL: what a benchmark and a test hold the lake against.

Nothing of the node is counted this way: a country does not fit. The statements are the ones Ibis writes from
expressions.py, on tables that hold the files of a lake as they are.
"""

from collections.abc import Sequence
from pathlib import Path

import ibis
import psycopg

from khue.indicators.extensions import FACT_TABLES, FactTable
from khue.indicators.lake.answers import Span, UnitCount
from khue.indicators.lake.engines import is_empty, schema_of
from khue.indicators.lake.expressions import counts_by_school, counts_by_unit

TYPES = {"int64": "bigint", "int8": "smallint", "date": "date", "boolean": "boolean", "string": "text"}
Connection = psycopg.Connection[tuple[object, ...]]


def load(connection: Connection, root: Path, provinces: Sequence[str] = ("*",)) -> int:
    """Copy the lake, or some of its provinces, into temporary tables. Returns how many rows there are."""
    rows = 0
    for table in FACT_TABLES:
        columns = ", ".join(f"{name} {TYPES[kind]}" for name, kind in schema_of(table).items())
        connection.execute(f"CREATE TEMPORARY TABLE {table.name} ({columns})".encode())
        if not is_empty(root, table):
            rows += sum(_copy(connection, root, table, province) for province in provinces)
        connection.execute(f"ANALYZE {table.name}".encode())
    return rows


def _copy(connection: Connection, root: Path, table: FactTable, province: str) -> int:
    import duckdb

    files = str(root / table.folder("*", province) / "*.parquet")
    lake = duckdb.connect(config={"memory_limit": "1GB", "threads": 2})
    names = ", ".join(schema_of(table))
    found = lake.execute(
        f"SELECT {names} FROM read_parquet(?, hive_partitioning = true, hive_types_autocast = false)",  # noqa: S608  ours
        [files],
    )
    count = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN".encode()) as copy:
        while batch := found.fetchmany(50_000):
            count += len(batch)
            for row in batch:
                copy.write_row(row)
    return count


def counts(connection: Connection, span: Span) -> list[UnitCount]:
    """What an engine's `counts` gives, from the temporary tables."""
    facts = {table.name: ibis.table(schema_of(table), name=table.name) for table in FACT_TABLES}
    by_school = counts_by_school(facts, span)
    connection.execute(f"CREATE TEMPORARY TABLE counts AS {ibis.to_sql(by_school, dialect='postgres')}".encode())
    kept = ibis.table(by_school.schema(), name="counts")
    by_unit = counts_by_unit(kept, facts["schools"], span.last)
    found = connection.execute(str(ibis.to_sql(by_unit, dialect="postgres")).encode()).fetchall()
    return sorted(UnitCount(*row) for row in found)  # type: ignore[arg-type]  # the columns counts_by_unit names
