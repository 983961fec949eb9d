"""Notices to many: whom an actor may address, and how far a notice is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from khue.foundation import clock
from khue.foundation.actor import Actor
from khue.messaging.access import Permission
from khue.messaging.extensions import relations
from khue.messaging.models import Broadcast, Message
from khue.registry import queries as registry
from khue.registry.extensions import audiences
from khue.registry.models import Organisation

#: How long a big notice is counted again: who has not read it by then hardly will.
COUNTED_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ToAsk:
    """An audience as a form offers it. value: "organisation|audience|argument"."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class BroadcastCard:
    """How far a notice is."""

    told: int
    is_finished: bool
    rings_at: datetime
    urgent_reason: str
    job: UUID | None


def may_announce(actor: Actor) -> bool:
    """Whether the actor may tell something to many. No query."""
    return actor.may(Permission.NOTICE_SEND) or actor.may(Permission.NOTICE_SEND_OWN)


def places_to_tell(actor: Actor) -> list[ToAsk]:
    """Whom the actor may address: everybody of the places held, each class there; for a teacher the own classes.

    cost  one query, one for each place with classes, and what the slot `relations` needs
    """
    held = [h.organisation for h in actor.held if actor.may(Permission.NOTICE_SEND, h.organisation)]
    found: list[ToAsk] = []
    for place in [registry.organisation_with(place) for place in sorted(set(held))]:
        for key, kind in audiences.items():
            if kind.choices is None:
                found.append(ToAsk(f"{place.id}|{key}|", f"{kind.label} · {place.name}"))
            elif place.kind == Organisation.Kind.SCHOOL:
                choices = kind.choices(place.id)
                found += [ToAsk(f"{place.id}|{key}|{argument}", f"{kind.label} {name}") for argument, name in choices]
    if actor.may(Permission.NOTICE_SEND_OWN) and not held:
        own = relations.filling.groups(actor.person_id or 0, clock.today())
        found += [ToAsk(f"{group.organisation_id}|{group.audience}|{group.argument}", group.name) for group in own]
    return found


def broadcast_numbered(number: int) -> Broadcast:
    """The notice of a job, with its message. For the job only, which acts as whoever asked."""
    return Broadcast.objects.select_related("message", "organisation").get(id=number)


def broadcast_card(message: Message) -> BroadcastCard | None:
    """How far the notice of a message from `message_of` is; None where the message is none. One query."""
    row = Broadcast.objects.filter(message=message).select_related("job").first()
    if row is None:
        return None
    job = row.job.public_id if row.job else None
    return BroadcastCard(row.told_count, row.finished_at is not None, row.rings_at, row.urgent_reason, job)


def places_of(broadcast: Broadcast) -> list[int]:
    """The organisations whose people are told, by id: this one and all below. A class stands in one. One query."""
    kind = audiences[broadcast.audience]
    if kind.choices is not None:
        return [broadcast.organisation_id]
    return sorted(registry.subtree(broadcast.organisation).values_list("id", flat=True))


def big_broadcasts(at: datetime, least: int) -> Sequence[Broadcast]:
    """Notices to so many people that their figures are counted by the clock. One query."""
    rows = Broadcast.objects.filter(told_count__gte=least, message__told_at__gte=at - COUNTED_FOR)
    return list(rows.order_by("id"))
