"""A database of its own for tests that need real commits and several processes."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql

from khue.foundation.postgres import addresses
from tests import warm
from tests.databases import copying

ROOT = Path(__file__).parents[3]


def _url(alias: str, name: str) -> str:
    return addresses.url_of(settings.DATABASES[alias], name)


@dataclass
class Node:
    """A migrated, empty database in which this process and others really commit."""

    name: str
    var: Path
    started: list[warm.Process] = field(default_factory=list)

    def as_owner(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        """Run a statement as the owner of the tables, whom no policy holds."""
        with psycopg.connect(_url("owner", self.name), autocommit=True) as connection:
            cursor = connection.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []

    def start(self, module: str, *arguments: str) -> warm.Process:
        """A real process of this node that calls main() of the module. Killed at the end of the test at the latest."""
        environment = {
            **os.environ,
            "DATABASE_URL": _url("default", self.name),
            "DATABASE_OWNER_URL": _url("owner", self.name),
            "KHUE_VAR": str(self.var),
            "DJANGO_SETTINGS_MODULE": "khue.settings",
        }
        code = f"import django; django.setup(); from {module} import main; main()"
        process = warm.Process(warm.Program(environment, code=code, arguments=arguments), stdout=subprocess.PIPE)
        self.started.append(process)
        return process

    def kill(self, process: warm.Process) -> None:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Look every 50 ms until it holds; fails the test when it does not in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def node(django_db_setup: None, django_db_blocker: object, tmp_path: Path) -> Iterator[Node]:
    name = f"khue_test_node_{uuid4().hex[:10]}"
    usual = settings.DATABASES["default"]["NAME"]
    with psycopg.connect(_url("owner", "postgres"), autocommit=True) as administration:
        template = administration.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^khue_template_[0-9a-f]+$'"
        ).fetchone()
        administration.execute(copying(name, template[0]))
        made = Node(name, tmp_path)
        with django_db_blocker.unblock():
            _point_at(name)
            try:
                yield made
            finally:
                for process in made.started:
                    made.kill(process)
                _point_at(usual)
                wait_until(lambda: _dropped(administration, name))


def _dropped(administration: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    """The server closes the connections of killed processes in its own time."""
    try:
        administration.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.ObjectInUse:
        return False
    return True


def _point_at(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
