"""One search from the header of every page, over people and the desk: only what one may see."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.identity.models import Account
from khue.workspace import actions as workspace
from khue.workspace.actions import Arrival
from tests.world import NOON, TODAY, World, actor, enrol

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]


def test_people_and_documents_are_found_by_one_word_without_tone_marks(world: World, client_of: ClientOf):
    here = world.here
    arrival = Arrival("9/SGDĐT", TODAY, "Sở GDĐT", "letter", "Khen thưởng em Nguyễn Văn A")
    workspace.register(
        actor=actor(here.clerk), organisation_id=here.organisation.id, arrival=arrival, on=TODAY, at=NOON
    )

    found = client_of(here.clerk).get("/search/?q=nguyen+van+a").content.decode()
    assert "Khen thưởng em Nguyễn Văn A" in found
    assert found.count("/people/") >= 2
    assert "Khen thưởng" not in client_of(here.teacher).get("/search/?q=khen").content.decode()
    assert "Khen thưởng" not in client_of(world.elsewhere.clerk).get("/search/?q=khen").content.decode()
    assert client_of(here.clerk).get("/search/?q=%00&x=1").status_code == 200
    for family in (here.pupils[0], here.guardians[0]):
        assert client_of(family).get("/search/?q=nguyen").status_code == 403


def test_a_search_costs_the_same_however_many_people_there_are(world: World, client_of: ClientOf):
    client = client_of(world.here.head)

    def cost() -> int:
        client.get("/search/?q=nguyen")
        with CaptureQueriesContext(connection) as asked:
            client.get("/search/?q=nguyen")
        return len(asked)

    few = cost()
    for number in range(20):
        enrol(world.here, f"Nguyễn Văn Q{number}")
    assert cost() == few <= 20
