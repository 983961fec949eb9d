"""Two provinces for a test, with files of each node in a folder of its own."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from khue.exchange.tests.nodes import frozen, thawed
from khue.moves.tests.country import Chain, Country, chain, country, school_and_department
from khue.moves.tests.sealing import sealed_at, trust
from khue.records.tests.conftest import ca  # noqa: F401  a fixture


def built_once(build: Callable[[], AbstractContextManager[object]]):
    """A fixture of the session: what was built, frozen, for tests to go on from copies of its databases."""

    @pytest.fixture(scope="session")
    def made(django_db_setup, django_db_blocker) -> Iterator[bytes]:
        with django_db_blocker.unblock(), build() as found:
            yield frozen(found)

    return made


built_country, built_pair, built_chain = map(built_once, (country, school_and_department, chain))


@pytest.fixture
def provinces(built_country, django_db_blocker, settings, tmp_path) -> Iterator[Country]:
    settings.FILES_ROOT = tmp_path / "files"
    with django_db_blocker.unblock(), thawed(built_country) as made:
        yield made


@pytest.fixture
def two_nodes(built_pair, django_db_blocker, settings, tmp_path) -> Iterator[Country]:
    settings.FILES_ROOT = tmp_path / "files"
    with django_db_blocker.unblock(), thawed(built_pair) as made:
        yield made


@pytest.fixture
def five_nodes(built_chain, django_db_blocker, settings, tmp_path) -> Iterator[Chain]:
    settings.FILES_ROOT = tmp_path / "files"
    with django_db_blocker.unblock(), thawed(built_chain) as made:
        yield made


@pytest.fixture(scope="session")
def sealed_country(built_country, ca, press, django_db_blocker, tmp_path_factory) -> Iterator[tuple[bytes, Path]]:  # noqa: F811
    folder = tmp_path_factory.mktemp("sealed-country")
    with django_db_blocker.unblock(), thawed(built_country) as made:
        with override_settings(FILES_ROOT=folder / "files", TRUST_FILE="", TSA_URL=""):
            sealed_at(made, ca, settings, folder)
        yield frozen(made), folder / "files"


@pytest.fixture
def sealed(sealed_country, ca, django_db_blocker, settings, tmp_path) -> Iterator[Country]:  # noqa: F811
    """The old school has signed and sealed the year of its class; both nodes trust the same authority."""
    made, files = sealed_country
    settings.FILES_ROOT = tmp_path / "files"
    shutil.copytree(files, settings.FILES_ROOT)
    trust(ca, settings, tmp_path)
    with django_db_blocker.unblock(), thawed(made) as found:
        yield found
