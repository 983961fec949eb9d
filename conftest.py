"""What every test may ask for: a database with what stands in it (tests/databases.py), people who are signed in."""

from __future__ import annotations

import gc
import itertools
import os
import pickle
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings

from tests import databases

if TYPE_CHECKING:
    from django.test import Client
    from xdist.scheduler import LoadScopeScheduling

    from khue.identity.models import Account
    from tests.world import World

pytest_plugins = ["tests.browser", "tests.mailbox", "tests.press"]
# What tests start does not fill a lake beside them, only because it is night in Vietnam.
os.environ["KHUE_NIGHT"] = ""
# How long an example takes says more about what else the machine does than about the code.
hypothesis.settings.register_profile("khue", deadline=None)
hypothesis.settings.load_profile("khue")


#: Folders whose modules share what takes long to build, databases of several nodes or a sealed year: one process each.
TOGETHER = ("khue/moves/tests/", "khue/records/tests/")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take longest, so that no process is left with one at the end."""
    weights: dict[str, int] = {}
    for item in items:
        weights[_scope(item.nodeid)] = max(weights.get(_scope(item.nodeid), 0), _weight(item))
    items.sort(key=lambda item: -weights[_scope(item.nodeid)])


def _scope(nodeid: str) -> str:
    """What stays in one process: a module, or the modules of a folder."""
    module = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if module.startswith(folder)), module)


def _weight(item: pytest.Item) -> int:
    """4 for who kills nodes, 3 for who searches a timetable or has a folder, 2 for browsers, 1 for other processes."""
    names = set(getattr(item, "fixturenames", ()))
    if item.get_closest_marker("resilience"):
        return 4
    if item.path.parts[-3:-1] == ("timetable", "tests") or _scope(item.nodeid) in TOGETHER:
        return 3
    if item.get_closest_marker("browser") or names & {"browser", "browser_page"}:
        return 2
    return int(bool(names & {"node", "committed_db", "press"}))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """A module stays in one process, and so do the modules of some folders."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _scope(nodeid)

    return Scheduling(config, log)


def pytest_collection_finish() -> None:
    """What was loaded and collected stays: looking through it for rubbish again and again took a tenth of the suite."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: object) -> Iterator[None]:
    """A fresh copy of the migrated template for this process."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    # Nothing is collected for tests, but whitenoise wants to see the folder.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # A page that is loaded first while a test holds the clock would keep that clock for every later test.
    import_module(settings.ROOT_URLCONF)
    name = f"khue_test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock(), databases.copied(name):
        databases.standing_in[""] = name
        yield


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: object) -> Iterator[str]:
    """A database of this test's own, where commits stay: for threads, other processes and programs. Its name.

    The application role may not empty tables, so that pytest-django's transactional_db cannot clean up after itself.
    """
    from django.db import connection

    name = f"{settings.DATABASES['owner']['NAME']}_{next(_numbers)}"
    with django_db_blocker.unblock(), databases.copied(name):
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


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Choose the database of a test before anything begins a transaction in it."""
    names: list[str] = getattr(item, "fixturenames", [])
    if "django_db_setup" in names or "db" in names or item.get_closest_marker("django_db"):
        known = item._fixtureinfo.name2fixturedefs
        wanted = databases.chosen_by(known[name][-1].func for name in names if name in known)
        if wanted and settings.DATABASES["default"]["NAME"] != wanted:
            databases.point_at(wanted)


@pytest.fixture(scope="session")
def _inhabited(django_db_setup: None, django_db_blocker: object) -> Iterator[bytes]:
    """A database in which the small world stands.

    Making it takes 120 rows: every third test would spend more on that than on what it is about.
    """
    from tests.world import world

    with django_db_blocker.unblock(), databases.standing("world", world) as made:
        yield made


@pytest.fixture
@databases.stands_in("world")
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
