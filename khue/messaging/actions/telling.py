"""Telling people something, and noting that they read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from khue.foundation import audit, events
from khue.foundation.actor import Actor, require
from khue.messaging.access import Permission, own_deliveries
from khue.messaging.events import MailWaiting
from khue.messaging.models import Delivery, Message
from khue.messaging.queries.browsers import with_browser
from khue.messaging.reach import first_way
from khue.registry import queries as registry
from khue.registry.queries import Recipient


@dataclass(frozen=True)
class Note:
    """What is to be told.

    key       the same key tells the same thing: once told, it is corrected instead of repeated
    about_id  the child it concerns
    link      path of the page that shows more
    caused_by_id  the account whose act it follows from, who then sees how far it came
    is_urgent     goes before everything else that waits
    rings_at      until when what rings is held back: the end of quiet hours; None for at once
    """

    kind: str
    key: str
    subject: str
    body: str
    link: str = ""
    about_id: int | None = None
    caused_by_id: int | None = None
    is_urgent: bool = False
    rings_at: datetime | None = None


@dataclass(frozen=True)
class Addressed:
    """A note and the ids of the people it is for."""

    note: Note
    recipients: Sequence[int]


def notify(*, actor: Actor, organisation_id: int, note: Note, recipients: Sequence[int], at: datetime) -> Message:
    """Tell people something in the application and by the first other way that reaches each. Again sends nothing new.

    recipients  person ids; a corrected text becomes unread again in the application, and replaces what is not sent yet
    """
    return notify_each(actor=actor, organisation_id=organisation_id, told=[Addressed(note, recipients)], at=at)[0]


@transaction.atomic
def notify_each(*, actor: Actor, organisation_id: int, told: Sequence[Addressed], at: datetime) -> list[Message]:
    """Tell many notes at once, each to its own people, as `notify` does. The messages in the order of the notes.

    Cost: five statements, and one for each line of the audit trail and each text that was corrected.
    """
    require(actor, Permission.MESSAGE_SEND, within=organisation_id)
    messages = _messages(actor, organisation_id, [each.note for each in told], at)
    everybody = sorted({person for each in told for person in each.recipients})
    reached = {to.person_id: to for to in registry.recipients_named(everybody, organisation_id)}
    ringing = with_browser(everybody)
    made = [
        row
        for message, each in zip(messages, told, strict=True)
        for person in each.recipients
        if person in reached
        for row in _deliveries(message, reached[person], each.note, has_browser=person in ringing, at=at)
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True, batch_size=2_000)
    for message, each in zip(messages, told, strict=True):
        audit.record(actor, "message.told", message, kind=each.note.kind, recipients=sorted(each.recipients))
    waiting = [row.message_id for row in made if row.state == Delivery.State.WAITING]
    if waiting:
        events.publish(MailWaiting(organisation_id=organisation_id, message_id=waiting[0]))
    return messages


def _messages(actor: Actor, organisation_id: int, notes: Sequence[Note], at: datetime) -> list[Message]:
    """The message of each note: made where its key is new, put right where its words have changed."""
    fresh = [
        Message(key=note.key, organisation_id=organisation_id, told_at=at, **_content(note, actor)) for note in notes
    ]
    Message.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=2_000)
    kept = {message.key: message for message in Message.objects.filter(key__in=[note.key for note in notes])}
    messages = [kept[note.key] for note in notes]
    for message, note in zip(messages, notes, strict=True):
        if (message.subject, message.body) != (note.subject, note.body):
            Message.objects.filter(id=message.id).update(**_content(note, actor), told_at=at)
            Delivery.objects.filter(message=message, channel=Delivery.Channel.APPLICATION).update(
                state=Delivery.State.SENT, read_at=None
            )
    return messages


def _content(note: Note, actor: Actor) -> dict[str, object]:
    return {
        "kind": note.kind,
        "subject": note.subject,
        "body": note.body,
        "link": note.link,
        "about_id": note.about_id,
        "caused_by_id": note.caused_by_id if note.caused_by_id is not None else actor.account_id,
        "sent_by_name": actor.name,
    }


def _deliveries(message: Message, to: Recipient, note: Note, *, has_browser: bool, at: datetime) -> list[Delivery]:
    priority = Delivery.Priority.URGENT if note.is_urgent else Delivery.Priority.ORDINARY
    common = {
        "organisation_id": message.organisation_id,
        "message": message,
        "recipient_id": to.person_id,
        "next_attempt_at": note.rings_at or at,
        "priority": priority,
    }
    in_application = Delivery(**common, channel=Delivery.Channel.APPLICATION, state=Delivery.State.SENT, sent_at=at)
    way = first_way(to, has_browser=has_browser)
    if way is None:
        return [in_application, Delivery(**common, channel=Delivery.Channel.EMAIL, state=Delivery.State.NO_ADDRESS)]
    return [in_application, Delivery(**common, channel=way[0], address=way[1])]


@transaction.atomic
def mark_read(*, actor: Actor, delivery: Delivery, at: datetime) -> None:
    """Note that the person opened the message in the application. Reading again changes nothing."""
    Delivery.objects.filter(own_deliveries(actor), id=delivery.id, read_at=None).update(
        state=Delivery.State.READ, read_at=at
    )


@transaction.atomic
def mark_all_read(*, actor: Actor, at: datetime) -> None:
    """Note that the person has seen everything in the application."""
    Delivery.objects.filter(own_deliveries(actor), read_at=None).update(state=Delivery.State.READ, read_at=at)
