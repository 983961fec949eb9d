import pytest
from django.test import Client

from khue.identity import queries
from khue.identity.models import Account, Password
from khue.identity.tests.browsing import KEPT, PAGE
from tests.world import NOON, World


@pytest.fixture
def teacher(world: World) -> Account:
    Password.objects.create(account=world.here.teacher, hash=KEPT, set_at=NOON)
    return world.here.teacher


@pytest.fixture
def officer(world: World) -> Account:
    Password.objects.create(account=world.department_officer, hash=KEPT, set_at=NOON)
    return world.department_officer


@pytest.fixture
def visitor() -> Client:
    return Client(**PAGE)


@pytest.fixture(autouse=True)
def _providers_of_this_test() -> None:
    """The sign-in page remembers providers for a minute; a test lasts less."""
    queries.own._offered.cache_clear()
