"""Two provinces for a test, with files of each node in a folder of its own."""

from collections.abc import Iterator

import pytest

from khue.moves.tests.country import Chain, Country, chain, country, school_and_department


@pytest.fixture
def provinces(django_db_setup, django_db_blocker, settings, tmp_path) -> Iterator[Country]:
    settings.FILES_ROOT = tmp_path / "files"
    with django_db_blocker.unblock(), country() as made:
        yield made


@pytest.fixture
def two_nodes(django_db_setup, django_db_blocker, settings, tmp_path) -> Iterator[Country]:
    settings.FILES_ROOT = tmp_path / "files"
    with django_db_blocker.unblock(), school_and_department() as made:
        yield made


@pytest.fixture
def five_nodes(django_db_setup, django_db_blocker, settings, tmp_path) -> Iterator[Chain]:
    settings.FILES_ROOT = tmp_path / "files"
    with django_db_blocker.unblock(), chain() as made:
        yield made
