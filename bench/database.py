"""A fresh database with this tree's migrations, on the node's own server, for one benchmark."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from khue.foundation.postgres import addresses, server
from tests import databases

#: Models can be imported only after this: benchmarks import this module before them.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "khue.settings")
django.setup()


@contextmanager
def fresh(name: str) -> Iterator[str]:
    """Make it, point Django at it, give its address for the application role, drop it.

    The tests keep a migrated template for the same purpose, so it is theirs that is copied.
    """
    administration = settings.DATABASES["owner"]["NAME"]
    database = sql.Identifier(name)
    template = databases.migrated()
    with databases.as_owner(administration) as owner:
        owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, sql.Identifier(template)))
    try:
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = name
            settings.DATABASES[alias]["NAME"] = name
        yield address()
    finally:
        for alias in ("default", "owner"):
            connections[alias].close()
        with databases.as_owner(administration) as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(database))


def address(alias: str = "default") -> str:
    """The address of the database that Django works on now."""
    return addresses.url_of(settings.DATABASES[alias])


def owner() -> "psycopg.Connection[tuple[object, ...]]":
    """A connection as the owner of the tables."""
    return psycopg.connect(address("owner"), autocommit=True)


def server_processes() -> list[int]:
    """The postmaster, for bench.processes.Group; empty when the server is somebody else's."""
    found = server.postmaster(Path(settings.VAR_DIR))
    return [found] if found else []
