"""The databases of a test process: a template migrated once by the owner, copies of it, and what stands in them."""

from __future__ import annotations

import hashlib
import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import psycopg
from django.conf import settings
from psycopg import sql

ROOT = Path(__file__).parents[1]
Fixture = TypeVar("Fixture", bound="Callable[..., object]")


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("khue/*/migrations/*.py"), ROOT / "khue/foundation/rls.py"]):
        digest.update(path.read_bytes())
    digest.update(b"".join(p.read_bytes() for p in sorted(ROOT.glob("khue/*/data/**/*")) if p.is_file()))
    return digest.hexdigest()[:12]


def as_owner(database: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection of who owns the tables and may make databases."""
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=database,
        autocommit=True,
    )


@cache
def administration() -> str:
    """The node's own database, from which the others are made; asked first before any alias points elsewhere."""
    return str(settings.DATABASES["owner"]["NAME"])


@cache
def migrated() -> str:
    """The name of a database with this tree's migrations applied, made if no test run made it before."""
    from django.core.management import call_command
    from django.db import connections

    name = f"khue_template_{_fingerprint()}"
    with as_owner(administration()) as connection:
        connection.execute("SELECT pg_advisory_lock(7265001)")
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            for (old,) in connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'khue_template_%'"
            ).fetchall():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
            building = f"{name}_building"
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(building)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
            connections["owner"].close()
            connections["owner"].settings_dict["NAME"] = building
            call_command("migrate", database="owner", verbosity=0, interactive=False)
            # Reference data is loaded and leaves its trace; tests begin with an empty audit trail.
            with connections["owner"].cursor() as cursor:
                cursor.execute("TRUNCATE foundation_auditrow RESTART IDENTITY")
            connections["owner"].close()
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name))
            )
    return name


@contextmanager
def copied(name: str, origin: str = "") -> Iterator[None]:
    """A database copied from the migrated template, or another that nobody is in; both aliases point at it until it is
    dropped."""
    before = settings.DATABASES["owner"]["NAME"]
    template = origin or migrated()
    with as_owner(administration()) as connection:
        connection.execute("SELECT pg_advisory_lock(7265001)")
        connection.execute(copying(name, template))
    point_at(name)
    yield
    point_at(before)
    drop(name)


def copying(name: str, template: str) -> sql.Composed:
    """The statement that copies a database file by file: the usual way, page by page through the log, takes longer."""
    return sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(name), sql.Identifier(template)
    )


def drop(name: str) -> None:
    """Drop a database with whoever is still in it. The server's own housekeeping may not be sent away: wait for it."""
    for patience in range(20):
        try:
            with as_owner(administration()) as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        except psycopg.errors.InsufficientPrivilege:
            if patience == 19:
                raise
            time.sleep(0.5)


def point_at(name: str) -> None:
    """Both aliases work on this database from now on."""
    from django.db import connections

    from khue.assessment.content import content_of

    # What a process remembers by number belongs to one database: in a copy the numbers begin anew.
    content_of.cache_clear()
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


#: The databases of this process whose changes are undone after each test, by what stands in them; "" for nothing.
standing_in: dict[str, str] = {}


def stands_in(name: str) -> Callable[[Fixture], Fixture]:
    """Of a fixture: its tests begin in the database that `standing` made under this name."""

    def marked(fixture: Fixture) -> Fixture:
        vars(fixture)["stands_in"] = name
        return fixture

    return marked


@contextmanager
def standing(name: str, make: Callable[[], object], origin: str = "") -> Iterator[bytes]:
    """A database of this process in which something stands once for all tests that need it. What make() answers with,
    to be unpacked by every test anew.

    origin  the standing database that it begins as a copy of
    """
    from django.db import connection, connections

    for alias in ("default", "owner"):
        connections[alias].close()
    with copied(f"{standing_in['']}_{name}", standing_in[origin] if origin else ""):
        with connections["owner"].cursor() as cursor:
            # What a process remembers by number must not be found again under the numbers of another database.
            cursor.execute(
                "SELECT setval(oid::regclass, %s) FROM pg_class WHERE relkind = 'S'", [20_000 * len(standing_in)]
            )
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('khue.scope', '*', false)")
        made = pickle.dumps(make())
        standing_in[name] = f"{standing_in['']}_{name}"
        yield made


def chosen_by(fixtures: Iterable[Callable[..., object]]) -> str | None:
    """The database in which a test with these fixtures begins; None while it is still to be made."""
    wanted = {getattr(fixture, "stands_in", "") for fixture in fixtures}
    if wanted - standing_in.keys():
        return None
    # Of several the last one made, which began as a copy of the others.
    return next((at for name, at in reversed(standing_in.items()) if name in wanted), standing_in.get(""))
