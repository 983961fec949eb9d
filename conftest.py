"""The test database: migrated once by the owner, copied for every test process, used as the application role."""

from __future__ import annotations

import hashlib
import itertools
import os
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import psycopg
import pytest
from django.conf import settings
from psycopg import sql

if TYPE_CHECKING:
    from django.test import Client

    from khue.identity.models import Account
    from tests.world import World

ROOT = Path(__file__).parent
pytest_plugins = ["tests.browser", "tests.mailbox", "tests.press"]
# How long an example takes says more about what else the machine does than about the code.
hypothesis.settings.register_profile("khue", deadline=None)
hypothesis.settings.load_profile("khue")


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted([*ROOT.glob("khue/*/migrations/*.py"), ROOT / "khue/foundation/rls.py"]):
        digest.update(path.read_bytes())
    digest.update(b"".join(p.read_bytes() for p in sorted(ROOT.glob("khue/*/data/**/*")) if p.is_file()))
    return digest.hexdigest()[:12]


def _owner(database: str) -> psycopg.Connection[tuple[object, ...]]:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        dbname=database,
        autocommit=True,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest, so that no process is left with one at the end."""
    weights: dict[Path, int] = {}
    for item in items:
        weights[item.path] = max(weights.get(item.path, 0), _weight(item))
    items.sort(key=lambda item: -weights[item.path])


def _weight(item: pytest.Item) -> int:
    """4 for who kills nodes, 3 for who searches a timetable, 2 for who opens a browser, 1 for who starts processes."""
    names = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("resilience"):
        return 4
    if item.path.parts[-3:-1] == ("timetable", "tests"):
        return 3
    if item.get_closest_marker("browser") or names & {"browser", "browser_page"}:
        return 2
    return int(bool(names & {"node", "committed_db", "press"}))


@cache
def _administration() -> str:
    """The node's own database, from which the others are made; asked first before any alias points elsewhere."""
    return str(settings.DATABASES["owner"]["NAME"])


@cache
def _template() -> str:
    """The name of a database with this tree's migrations applied, made if no test run made it before."""
    from django.core.management import call_command
    from django.db import connections

    name = f"khue_template_{_fingerprint()}"
    with _owner(_administration()) as connection:
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
def _copy(name: str) -> Iterator[None]:
    """A database copied from the migrated template; both aliases point at it until it is dropped."""
    before = settings.DATABASES["owner"]["NAME"]
    template = _template()
    with _owner(_administration()) as connection:
        connection.execute("SELECT pg_advisory_lock(7265001)")
        connection.execute(copying(name, template))
    _point_at(name)
    yield
    _point_at(before)
    _drop(name)


def copying(name: str, template: str) -> sql.Composed:
    """The statement that copies a database file by file: the usual way, page by page through the log, takes longer."""
    return sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
        sql.Identifier(name), sql.Identifier(template)
    )


def _drop(name: str) -> None:
    """Drop a database with whoever is still in it. The server's own housekeeping may not be sent away: wait for it."""
    for patience in range(20):
        try:
            with _owner(_administration()) as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        except psycopg.errors.InsufficientPrivilege:
            if patience == 19:
                raise
            time.sleep(0.5)


def _point_at(name: str) -> None:
    from django.db import connections

    from khue.assessment.content import content_of

    # What a process remembers by number belongs to one database: in a copy the numbers begin anew.
    content_of.cache_clear()
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        settings.DATABASES[alias]["NAME"] = name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:
    """A fresh copy of the migrated template for this process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    # Nothing is collected for tests, but whitenoise wants to see the folder.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # A page that is loaded first while a test holds the clock would keep that clock for every later test.
    import_module(settings.ROOT_URLCONF)
    name = f"khue_test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock(), _copy(name):
        _standing[False] = name
        yield


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """A database of this test's own, where commits stay: for threads, other processes and programs. Its name.

    The application role may not empty tables, so that pytest-django's transactional_db cannot clean up after itself.
    """
    from django.db import connection

    name = f"{settings.DATABASES['owner']['NAME']}_{next(_numbers)}"
    with django_db_blocker.unblock(), _copy(name):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('khue.scope', '*', false)")
        yield name


_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _everything_in_scope(request: pytest.FixtureRequest) -> None:
    """Tests arrange in the scope of the whole node; those about isolation enter a narrower one themselves."""
    if (
        "db" in request.fixturenames
        or "transactional_db" in request.fixturenames
        or request.node.get_closest_marker("django_db")
    ):
        request.getfixturevalue("_django_db_helper")
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('khue.scope', '*', false)")


#: The databases of this process whose changes are undone after each test: without (False) and with the small world.
_standing: dict[bool, str] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Choose the database of a test before anything begins a transaction in it."""
    names: list[str] = getattr(item, "fixturenames", [])
    if "django_db_setup" in names or "db" in names or item.get_closest_marker("django_db"):
        made_by = item._fixtureinfo.name2fixturedefs.get("world", ())[-1:]
        wanted = _standing.get(any(each.func.__module__ == __name__ for each in made_by))
        if wanted and settings.DATABASES["default"]["NAME"] != wanted:
            _point_at(wanted)


@pytest.fixture(scope="session")
def _inhabited(django_db_setup: None, django_db_blocker: object) -> Iterator[bytes]:
    """A database in which the small world stands; the world itself, to be unpacked by every test anew.

    Making it takes 120 rows: every third test would spend more on that than on what it is about.
    """
    from django.db import connection, connections

    from tests.world import world

    with django_db_blocker.unblock(), _copy(f"{_standing[False]}_world"):
        with connections["owner"].cursor() as cursor:
            # What a process remembers by number must not be found again under the numbers of the other database.
            cursor.execute("SELECT setval(oid::regclass, 20000) FROM pg_class WHERE relkind = 'S'")
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('khue.scope', '*', false)")
        made = pickle.dumps(world())
        _standing[True] = f"{_standing[False]}_world"
        yield made


@pytest.fixture
def world(db: None, _inhabited: bytes) -> World:
    """A province with two schools, each with class 6A: see tests/world.py."""
    found: World = pickle.loads(_inhabited)
    return found


@pytest.fixture
def client_of(db: None) -> Callable[[Account], Client]:
    """A test client signed in as the given account, through a real session."""
    from django.test import Client

    from khue.foundation import clock
    from khue.identity import actions

    def signed_in(account: Account, second_factor: bool = True) -> Client:
        client = Client()
        token = actions.open_session(
            account=account, at=clock.now(), address="127.0.0.1", agent="test", second_factor=second_factor
        )
        client.cookies["khue_session"] = token
        return client

    return signed_in
