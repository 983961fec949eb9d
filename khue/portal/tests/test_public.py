"""What anybody opens without signing in: there, kept by caches on the way, and nobody's own while it is kept."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khue.foundation import extensions
from khue.identity.models import Account
from tests.world import World

ClientOf = Callable[[Account], Client]
#: Their forms carry a token of the browser's own, so that no cache may give one browser's page to another.
WITH_A_FORM = {"procedures:follow", "records:verify"}


def doors() -> list[str]:
    return sorted(door.url for door in extensions.public_doors)


def test_every_door_of_the_public_is_on_its_home(world: World) -> None:
    home = Client().get("/").content.decode()

    assert len(doors()) >= 10
    assert [door for door in doors() if f'href="{reverse(door)}"' not in home] == []


@pytest.mark.parametrize("door", ["portal:home", *doors()])
def test_a_public_page_is_kept_by_caches_for_everybody_and_for_nobody_who_is_signed_in(
    world: World, client_of: ClientOf, door: str
) -> None:
    address = reverse(door)
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(address)

    assert answer.status_code == 200
    assert len(asked) <= 15
    kept = answer.get("Cache-Control", "")
    if door in WITH_A_FORM:
        assert "public" not in kept
        assert "csrfmiddlewaretoken" in answer.content.decode()
    else:
        assert kept.startswith("public, max-age=")
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in answer.content.decode()
        assert "Cookie" in answer["Vary"]
    assert "public" not in client_of(world.here.clerk).get(address).get("Cache-Control", "")
