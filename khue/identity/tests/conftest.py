import pytest
from django.test import Client

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
