from collections.abc import Callable

from django.test import Client

from khue.foundation.actor import SYSTEM
from khue.identity.models import Account
from khue.messaging import actions, queries
from khue.messaging.actions import Note
from khue.messaging.models import Delivery, Message
from tests.world import NOON, World, actor

ClientOf = Callable[[Account], Client]


def tell(world: World) -> Message:
    note = Note(
        kind="absence", key="absence:1", subject="Vắng không phép", body="Con vắng tiết 1.", link="/attendance/"
    )
    here = world.here
    return actions.notify(
        actor=SYSTEM, organisation_id=here.organisation.id, note=note, recipients=[here.guardians[0].person_id], at=NOON
    )


def test_opening_a_message_marks_it_read(world: World, client_of: ClientOf) -> None:
    tell(world)
    guardian, told = world.here.guardians[0], Delivery.objects.get(channel="app")
    assert "Vắng không phép" in client_of(guardian).get("/messages/").content.decode()

    assert "Con vắng tiết 1." in client_of(guardian).get(f"/messages/{told.public_id}/").content.decode()

    assert queries.unread_count(actor(guardian)) == 0
    for other in (world.here.guardians[1], world.here.head, world.elsewhere.guardians[0]):
        assert client_of(other).get(f"/messages/{told.public_id}/").status_code == 404


def test_a_head_follows_every_delivery_of_the_own_school(world: World, client_of: ClientOf) -> None:
    message = tell(world)
    head = client_of(world.here.head)

    assert "chờ gửi" in head.get("/messages/told/").content.decode()
    assert "Phụ huynh Nguyễn Văn A" in head.get(f"/messages/told/{message.public_id}/").content.decode()
    for other in (world.elsewhere.head, world.here.teacher, world.here.pupils[0]):
        assert client_of(other).get(f"/messages/told/{message.public_id}/").status_code == 404
