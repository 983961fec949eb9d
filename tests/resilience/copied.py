"""A served node with what a test put into its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings

from khue.cli.backup import run_client
from khue.foundation.postgres import server
from khue.foundation.tests.conftest import _url
from tests.resilience.node import ServedNode


@contextmanager
def serving_copy(database: str, var_dir: Path) -> Iterator[ServedNode]:
    """A node with a PostgreSQL of its own, into which a test's database was copied: that of tests need not survive."""
    served, dump = ServedNode(var_dir, KHUE_SECRET=settings.SECRET_KEY), var_dir.parent / "database.dump"
    try:
        _application, owner = server.start(var_dir)
        run_client("pg_dump", _url("owner", database), "--format=custom", "--compress=0", f"--file={dump}")
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        run_client("pg_restore", owner, "--no-owner", "--no-comments", "--exit-on-error", str(dump))
        served.start(made=True)
        yield served
    finally:
        served.clear_away()
