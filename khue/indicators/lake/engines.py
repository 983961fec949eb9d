"""What runs the expressions: DuckDB inside this process, or Apache Spark on a cluster.

Both are given the same expressions and give the same rows; which one was used is kept with the figures.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from khue.indicators.extensions import FACT_TABLES, FILE, FactTable
from khue.indicators.lake.answers import Span, UnitCount
from khue.indicators.lake.expressions import Facts, counts_by_school, counts_by_unit

if TYPE_CHECKING:
    from ibis.expr.types import Table


@dataclass(frozen=True, slots=True)
class DuckDB:
    """DuckDB in this process.

    memory   what it may take before it goes to disk, "3GB"
    threads  how many processors it uses
    """

    memory: str = "2GB"
    threads: int = 2
    name: str = "duckdb"

    def counts(self, root: Path, span: Span) -> list[UnitCount]:
        import ibis

        connection = ibis.duckdb.connect(memory_limit=self.memory, threads=self.threads)
        try:
            connection.raw_sql("SET preserve_insertion_order = false")
            facts = {table.name: _read_by_duckdb(connection, root, table) for table in FACT_TABLES}
            # Not .cache(): its DROP TABLE is one that DuckDB 2 does not parse.
            counts = connection.create_table("counts", counts_by_school(facts, span), temp=True)
            return _by_unit(counts, facts, span)
        finally:
            connection.disconnect()


@dataclass(frozen=True, slots=True)
class Spark:
    """Apache Spark: PySpark is an optional extra (`ops/environment spark`) and needs Java 17.

    master  "spark://host:7077", or "local[2]" without a cluster
    """

    master: str
    memory: str = "1g"
    name: str = "spark"

    def counts(self, root: Path, span: Span) -> list[UnitCount]:
        import ibis

        with _session(self.master, self.memory) as session:
            connection = ibis.pyspark.connect(session)
            facts = {table.name: _read_by_spark(connection, root, table) for table in FACT_TABLES}
            with counts_by_school(facts, span).cache() as counts:
                return _by_unit(counts, facts, span)


def _by_unit(counts: "Table", facts: Facts, span: Span) -> list[UnitCount]:
    found = counts_by_unit(counts, facts["schools"], span.last).to_pyarrow()
    return sorted(UnitCount(*row.values()) for row in found.to_pylist())


def is_empty(root: Path, table: FactTable) -> bool:
    """Whether a table has no file yet."""
    return next((root / table.name).glob(f"*/*/{FILE}"), None) is None


def schema_of(table: FactTable) -> dict[str, str]:
    """Columns of a table as expressions see them: those of the files, then the names of the folders."""
    return {**dict(table.columns), "month": "string", "province": "string"}


def _read_by_duckdb(connection: Any, root: Path, table: FactTable) -> Any:
    import ibis

    if is_empty(root, table):
        return connection.create_table(table.name, schema=ibis.schema(schema_of(table)), temp=True)
    files = str(root / table.name / "*" / "*" / FILE)
    return connection.read_parquet(files, table_name=table.name, hive_partitioning=True, hive_types_autocast=False)


def _read_by_spark(connection: Any, root: Path, table: FactTable) -> Any:
    import ibis

    if is_empty(root, table):
        return connection.create_view(table.name, ibis.memtable([], schema=ibis.schema(schema_of(table))))
    return connection.read_parquet(str(root / table.name), table_name=table.name)


@contextmanager
def _session(master: str, memory: str) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("khue")
    for key, value in {
        "spark.driver.memory": memory,
        "spark.executor.memory": memory,
        "spark.sql.shuffle.partitions": "2",
        # "2026-11" and "08" are names of folders, not a day and a number.
        "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()
