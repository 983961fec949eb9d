from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection

from khue.foundation import clock, events, outbox
from khue.foundation.events import Event
from khue.foundation.models import EventDelivery, OutboxEvent

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@dataclass(frozen=True)
class LampLit(Event):
    name = "test.lamp_lit"

    lamp_id: int
    on: date
    at: datetime
    brightness: Decimal
    label: UUID
    keepers: tuple[int, ...] = ()
    note: str | None = None


LIT = LampLit(
    organisation_id=None,
    lamp_id=3,
    on=date(2026, 11, 23),
    at=NOON,
    brightness=Decimal("8.50"),
    label=UUID(int=7),
    keepers=(1, 2),
    note="Đèn sân trường",
)


@pytest.fixture(autouse=True)
def _own_subscriptions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_subscriptions", {})


@pytest.fixture
def heard() -> Iterator[list[Event]]:
    told: list[Event] = []

    def listen(event: LampLit) -> None:
        told.append(event)

    events.subscribe(LampLit, listen)
    return told


def scope_now() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('khue.scope', true)")
        return cursor.fetchone()[0]


def test_a_handler_gets_the_event_as_it_was_published(heard: list[Event]) -> None:
    events.publish(LIT)

    assert events.deliver_now() == 1

    assert heard == [LIT]


def test_events_told_together_arrive_in_their_order(heard: list[Event]) -> None:
    later = LampLit(None, 2, date(2026, 1, 1), NOON, Decimal(1), UUID(int=1))
    events.publish(LIT, later)

    assert events.deliver_now() == 2

    assert heard == [LIT, later]


def test_an_event_is_delivered_once_to_each_handler(heard: list[Event]) -> None:
    events.publish(LIT)
    events.deliver_now()

    OutboxEvent.objects.update(delivered_at=None)  # as after a kill between the handler and the mark
    events.deliver_now()

    assert len(heard) == 1
    assert EventDelivery.objects.count() == 1


def test_a_handler_works_in_the_scope_of_the_events_organisation() -> None:
    scopes: list[str] = []

    def look(event: LampLit) -> None:
        scopes.append(scope_now())

    events.subscribe(LampLit, look)
    for organisation in (17, None):
        events.publish(LampLit(organisation, 1, date(2026, 1, 1), NOON, Decimal(1), UUID(int=1)))

    events.deliver_now()

    assert scopes == ["17", "*"]
    assert scope_now() == "*"


def test_a_failing_handler_is_tried_again_later_and_leaves_nothing_behind(heard: list[Event], monkeypatch) -> None:
    working = False

    def stumble(event: LampLit) -> None:
        OutboxEvent.objects.filter(name="test.lamp_lit").update(attempts=99)
        if not working:
            raise ValueError("the lamp is broken")

    events.subscribe(LampLit, stumble)
    events.publish(LIT)

    assert outbox.deliver_batch() == []

    event = OutboxEvent.objects.get()
    assert (event.delivered_at, event.attempts) == (None, 1)
    assert event.last_error.endswith("stumble: ValueError: the lamp is broken")
    assert event.next_attempt_at > clock.now()
    assert outbox.deliver_batch() == []  # not due yet
    assert len(heard) == 1  # the other handler was not kept from its work

    working = True
    OutboxEvent.objects.update(next_attempt_at=clock.now())
    assert outbox.deliver_batch() == [event.id]
    event.refresh_from_db()
    assert (event.delivered_at is None, event.last_error) == (False, "")
    assert len(heard) == 1


def test_a_handler_that_gathers_is_called_once_for_all_that_is_due() -> None:
    calls: list[tuple[Event, str]] = []

    def look(event: LampLit) -> None:
        calls.append((event, scope_now()))

    events.subscribe(LampLit, look, gathers=True)
    later = LampLit(17, 2, date(2026, 1, 1), NOON, Decimal(1), UUID(int=1))
    events.publish(LIT, later)

    assert events.deliver_now() == 2

    assert calls == [(LIT, "*")]
    assert OutboxEvent.objects.filter(delivered_at=None).count() == 0

    OutboxEvent.objects.update(delivered_at=None)  # as after a kill before the mark
    assert events.deliver_now() == 2
    assert len(calls) == 1


def test_events_that_are_gathered_fail_together_and_are_all_tried_again() -> None:
    def stumble(event: LampLit) -> None:
        raise ValueError("the lamp is broken")

    events.subscribe(LampLit, stumble, gathers=True)
    events.publish(LIT, LIT)

    assert outbox.deliver_batch() == []

    assert [(row.delivered_at, row.attempts) for row in OutboxEvent.objects.all()] == [(None, 1), (None, 1)]
    assert EventDelivery.objects.count() == 0


def test_an_event_that_is_gathered_with_others_heeds_each_subscriber(heard: list[Event]) -> None:
    calls: list[Event] = []

    def look(event: LampLit) -> None:
        calls.append(event)

    events.subscribe(LampLit, look, gathers=True)
    events.publish(LIT, LIT)

    assert events.deliver_now() == 2

    assert len(heard) == 2  # the other subscriber wants each
    assert len(calls) == 2


def test_an_event_nobody_listens_to_is_simply_delivered() -> None:
    events.publish(LIT)

    assert events.deliver_now() == 1

    assert OutboxEvent.objects.get().delivered_at is not None


def test_an_event_is_forgotten_a_month_after_delivery(heard: list[Event]) -> None:
    events.publish(LIT)
    events.deliver_now()

    assert outbox.prune(clock.now()) == 0
    outbox.prune(clock.now() + outbox.KEPT)

    assert not OutboxEvent.objects.exists()
