"""What was told to whom, and how far it came."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.messaging.access import Permission, own_deliveries, told_messages
from khue.messaging.models import Delivery, Message, Tally

#: Messages on a page of the inbox.
INBOX_PAGE = 30


@dataclass(frozen=True, slots=True)
class News:
    """A message the actor has not opened, as a home page lists it."""

    public_id: UUID
    subject: str
    told_at: datetime


def inbox(actor: Actor) -> QuerySet[Delivery]:
    """What was told to the actor, newest first, with as much as a list of it shows. One query; page it before use."""
    rows = Delivery.objects.filter(own_deliveries(actor)).select_related("message__organisation")
    shown = ("public_id", "read_at", "message__subject", "message__told_at", "message__organisation__name")
    return rows.only(*shown).order_by("-id")


@compiled
def newest_of_inbox(actor: Actor) -> QuerySet[Delivery]:
    """The first rows of the same, for its first page of INBOX_PAGE. One query."""
    return inbox(actor)[: INBOX_PAGE + 1]


def delivery_of(actor: Actor, public_id: UUID) -> Delivery:
    """Raises NotFound, also when it exists but was told to somebody else."""
    rows = Delivery.objects.filter(own_deliveries(actor)).select_related("message__about", "message__organisation")
    return one(rows, public_id=public_id)


def unread_count(actor: Actor) -> int:
    """How many messages the actor has not opened. One query."""
    found = _unread(actor)
    return found[0] if found else 0


@compiled
def _unread(actor: Actor) -> QuerySet[Delivery, int]:
    rows = Delivery.objects.filter(own_deliveries(actor), read_at=None)
    return rows.values("channel").annotate(number=Count("id")).values_list("number", flat=True)


def news(actor: Actor) -> list[News]:
    """The latest three messages the actor has not opened. One query."""
    return [News(*row) for row in _latest_unread(actor)]


@compiled
def _latest_unread(actor: Actor) -> QuerySet[Delivery, tuple[UUID, str, datetime]]:
    rows = Delivery.objects.filter(own_deliveries(actor), read_at=None).order_by("-id")
    return rows.values_list("public_id", "message__subject", "message__told_at")[:3]


def visible_messages(actor: Actor) -> QuerySet[Message]:
    """Messages of the organisations whose deliveries the actor may follow, newest first. One query; page it.

    Those of an announcement, one for each child, are followed together on its own page; who writes to whom in a
    conversation is private.
    """
    rows = Message.objects.filter(told_messages(actor)).exclude(kind__in=["announcement", "conversation"])
    return rows.select_related("about").order_by("-id")


def message_of(actor: Actor, public_id: UUID) -> Message:
    """Raises NotFound, also when it exists but is not the actor's to follow."""
    return one(visible_messages(actor), public_id=public_id)


def deliveries_of(message: Message) -> QuerySet[Delivery]:
    """Every delivery of a message from `message_of`, by recipient and channel. One query."""
    rows = Delivery.objects.filter(message=message).select_related("recipient")
    return rows.order_by("recipient__sort_key", "recipient_id", "channel")


@dataclass(frozen=True, slots=True)
class Fate:
    """How far one message came.

    told   to how many people in the application; read: how many of them opened it
    mail   deliveries beyond the application by state, all channels together
    """

    told: int
    read: int
    mail: Mapping[str, int]


def fates_of(messages: Sequence[Message]) -> dict[int, Fate]:
    """How far each of these messages came, by message id. One query; big notices as they were last counted."""
    counts: dict[int, dict[tuple[str, str], int]] = {message.id: {} for message in messages}
    tallied = Tally.objects.filter(message__in=messages).order_by()
    rows = Delivery.objects.filter(message__in=messages).order_by()
    rows = rows.exclude(Exists(Tally.objects.filter(message_id=OuterRef("message_id"))))
    counted = rows.values("message_id", "channel", "state").annotate(number=Count("id"))
    columns = ("message_id", "channel", "state", "number")
    found = tallied.values_list(*columns).union(counted.values_list(*columns), all=True)
    for message_id, channel, state, number in found:
        counts[message_id][channel, state] = number
    return {key: _fate(by_state) for key, by_state in counts.items()}


def _fate(by_state: Mapping[tuple[str, str], int]) -> Fate:
    in_application = {state: n for (channel, state), n in by_state.items() if channel == Delivery.Channel.APPLICATION}
    beyond: Counter[str] = Counter()
    for (channel, state), number in by_state.items():
        if channel != Delivery.Channel.APPLICATION:
            beyond[state] += number
    return Fate(
        told=sum(in_application.values()),
        read=in_application.get(Delivery.State.READ, 0),
        mail=dict(sorted(beyond.items())),
    )


def follows(actor: Actor) -> bool:
    """Whether the actor may follow something of what a school told its families."""
    asked = (Permission.DELIVERY_READ, Permission.DELIVERY_READ_OWN, Permission.NOTICE_SEND)
    return any(actor.may(permission) for permission in asked)
