"""The same expressions give the same numbers everywhere: plain Python, DuckDB, PostgreSQL, a Spark cluster."""

import importlib.util
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from khue.foundation.postgres import addresses
from khue.foundation.tests.processes import free_port
from khue.indicators.extensions import FACT_TABLES
from khue.indicators.lake import sql
from khue.indicators.lake.answers import Span
from khue.indicators.lake.engines import DuckDB, Spark
from khue.indicators.tests import lakes

SPAN = Span("2026-09", "2026-11")
WORKERS = 2
SECONDS = 180
#: Seven programs of Java that live half a minute: what a compiler for long lives makes of them is never used.
SHORT_LIVED = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"}


def test_duckdb_counts_as_plain_python_does(tmp_path: Path) -> None:
    rows = lakes.made_up()
    lakes.write(tmp_path, rows)

    assert DuckDB().counts(tmp_path, SPAN) == lakes.counted(rows, SPAN.first, SPAN.last)


facts = st.fixed_dictionaries(
    {
        "lessons": st.lists(
            st.fixed_dictionaries(
                {
                    "month": st.sampled_from(["2026-08", "2026-09", "2026-11", "2026-12"]),
                    "province": st.sampled_from(["08", "82"]),
                    "school": st.integers(1, 3),
                    "class": st.integers(1, 2),
                    "grade": st.integers(1, 12),
                    "day": st.just(date(2026, 9, 9)),
                    "is_online": st.booleans(),
                }
            ),
            max_size=30,
        ),
        "people": st.lists(
            st.fixed_dictionaries(
                {
                    "month": st.sampled_from(["2026-10", "2026-11"]),
                    "province": st.just("08"),
                    "school": st.integers(1, 3),
                    "person": st.integers(1, 9),
                    "class": st.none(),
                    "grade": st.none(),
                    "is_pupil": st.booleans(),
                    "has_code": st.booleans(),
                    "has_device": st.none() | st.booleans(),
                    "has_connection": st.none() | st.booleans(),
                    "has_software": st.none() | st.booleans(),
                }
            ),
            max_size=20,
            unique_by=lambda row: (row["month"], row["school"], row["person"]),
        ),
    }
)


@examples(max_examples=12, deadline=None)
@given(facts)
def test_whatever_is_in_the_lake(tmp_path_factory: pytest.TempPathFactory, drawn: lakes.Rows) -> None:
    root = tmp_path_factory.mktemp("lake")
    rows = {table.name: drawn.get(table.name, []) for table in FACT_TABLES}
    lakes.write(root, rows)

    assert DuckDB().counts(root, SPAN) == lakes.counted(rows, SPAN.first, SPAN.last)


def test_an_empty_lake_has_no_figures(tmp_path: Path) -> None:
    assert DuckDB().counts(tmp_path, SPAN) == []


@pytest.mark.django_db
def test_postgresql_counts_the_same_with_the_same_expressions(tmp_path: Path) -> None:
    rows = lakes.made_up()
    lakes.write(tmp_path, rows)

    with psycopg.connect(addresses.url_of(settings.DATABASES["owner"])) as connection:
        sql.load(connection, tmp_path)
        found = sql.counts(connection, SPAN)
        connection.rollback()

    assert found == DuckDB().counts(tmp_path, SPAN)


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """A Spark master and two workers as processes of their own. Gives the master's address."""
    import pyspark

    home, port = Path(pyspark.__file__).parent, free_port()
    address = f"spark://127.0.0.1:{port}"
    environment = {
        **os.environ,
        **SHORT_LIVED,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_NO_DAEMONIZE": "1",
        "SPARK_HOME": str(home),
    }
    deploy = "org.apache.spark.deploy"
    worker = [f"{deploy}.worker.Worker", "--cores", "1", "--memory", "1g", "--webui-port", "0", "--host", "127.0.0.1"]
    commands = [
        [f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"],
        *([*worker, "--work-dir", str(folder / f"worker{number}"), address] for number in range(WORKERS)),
    ]
    log = (folder / "cluster.log").open("w")
    started: list[subprocess.Popen[bytes]] = []
    try:
        started += [
            subprocess.Popen([home / "bin" / "spark-class", *command], env=environment, stdout=log, stderr=log)
            for command in commands
        ]
        _wait_for_workers(folder / "cluster.log")
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(timeout=SECONDS)
        log.close()


def _wait_for_workers(log: Path) -> None:
    end = time.monotonic() + SECONDS
    while log.read_text().count("Registering worker") < WORKERS:
        if time.monotonic() > end:
            raise RuntimeError(log.read_text()[-3000:])
        time.sleep(0.5)


@pytest.mark.resilience
def test_a_spark_cluster_counts_the_same_with_the_same_expressions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if importlib.util.find_spec("pyspark") is None or shutil.which("java") is None:
        wanted = "NOT TRIED: Spark. `ops/environment spark` and Java 17 run a master and two workers here."
        (pytest.fail if "KHUE_REQUIRE_SPARK" in os.environ else pytest.skip)(wanted)
    for name, value in {**SHORT_LIVED, "SPARK_LOCAL_IP": "127.0.0.1"}.items():
        monkeypatch.setenv(name, value)
    rows, root = lakes.made_up(), tmp_path / "lake"
    lakes.write(root, rows)

    with cluster(tmp_path) as address:
        found = Spark(address, memory="512m").counts(root, SPAN)
        applications = (tmp_path / "cluster.log").read_text()

    assert found == DuckDB().counts(root, SPAN) == lakes.counted(rows, SPAN.first, SPAN.last)
    assert applications.count("Asked to launch executor") == WORKERS
