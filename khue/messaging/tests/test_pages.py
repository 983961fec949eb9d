import re
from collections.abc import Callable
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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


def caused(world: World, by: Account, number: int = 1) -> Message:
    """A message that follows from what an account did."""
    here = world.here
    note = Note(
        kind="mark", key=f"mark:{number}", subject=f"Điểm mới {number}", body="Toán: 8,5.", caused_by_id=by.id,
        about_id=here.pupils[0].person_id,
    )  # fmt: skip
    people = [here.pupils[0].person_id, here.guardians[0].person_id]
    return actions.notify(actor=SYSTEM, organisation_id=here.organisation.id, note=note, recipients=people, at=NOON)


def test_a_teacher_sees_how_far_the_own_messages_came(world: World, client_of: ClientOf) -> None:
    message, other = caused(world, world.here.teacher), tell(world)
    read = Delivery.objects.get(message=message, recipient=world.here.guardians[0].person_id, channel="app")
    client_of(world.here.guardians[0]).get(f"/messages/{read.public_id}/")
    Delivery.objects.filter(message=message, channel="email", state="waiting").update(state="failed")

    teacher = client_of(world.here.teacher)
    page = teacher.get("/messages/told/").content.decode()

    assert "1/2 đã đọc" in page
    assert "1 không gửi được" in page
    assert other.subject not in page
    assert "Phụ huynh Nguyễn Văn A" in teacher.get(f"/messages/told/{message.public_id}/").content.decode()
    assert teacher.get(f"/messages/told/{other.public_id}/").status_code == 404
    assert "/messages/told/" in teacher.get("/messages/").content.decode()


def test_nobody_else_follows_what_a_teacher_caused_but_the_office(world: World, client_of: ClientOf) -> None:
    message = caused(world, world.here.teacher)

    for stranger in (world.elsewhere.teacher, world.elsewhere.head, world.here.pupils[0], world.here.guardians[0]):
        assert client_of(stranger).get(f"/messages/told/{message.public_id}/").status_code == 404
        assert message.subject not in client_of(stranger).get("/messages/told/").content.decode()
    assert client_of(world.here.clerk).get(f"/messages/told/{message.public_id}/").status_code == 200


def test_the_list_of_fates_is_one_query_for_two_messages_and_for_twenty(world: World) -> None:
    def cost(messages: list[Message]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(queries.fates_of(messages)) == len(messages)
        return len(captured.captured_queries)

    two = [caused(world, world.here.teacher, n) for n in range(2)]
    twenty = two + [caused(world, world.here.teacher, n) for n in range(2, 20)]

    assert cost(two) == cost(twenty) == 1


def test_the_inbox_shows_everything_once_page_by_page(world: World, client_of: ClientOf) -> None:
    guardian, client = world.here.guardians[0], client_of(world.here.guardians[0])

    def told(count: int) -> None:
        for n in range(count):
            note = Note(
                kind="mark", key=f"told:{count}:{n}", subject=f"Tin {count}.{n} hết", body="Toán: 8,5.", link="/"
            )
            actions.notify(
                actor=SYSTEM, organisation_id=world.here.organisation.id, note=note, at=NOON,
                recipients=[guardian.person_id],
            )  # fmt: skip

    def cost() -> int:
        client.get("/messages/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/messages/")
        return sum("messaging_" in query["sql"] for query in captured.captured_queries)

    told(3)
    few = cost()
    told(32)

    assert cost() == few == 2  # the page and the bell
    first = client.get("/messages/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = client.get(f"/messages/{unescape(following[1])}").content.decode()
    seen = re.findall(r"Tin \d+\.\d+ hết", first) + re.findall(r"Tin \d+\.\d+ hết", second)
    assert len(seen) == len(set(seen)) == 35
    assert seen[0] == "Tin 32.31 hết"
    assert 'rel="prev"' in second
