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


@transaction.atomic
def notify(*, actor: Actor, organisation_id: int, note: Note, recipients: Sequence[int], at: datetime) -> Message:
    """Tell people something in the application and by the first other way that reaches each. Again sends nothing new.

    recipients  person ids; a corrected text becomes unread again in the application, and replaces what is not sent yet
    """
    require(actor, Permission.MESSAGE_SEND, within=organisation_id)
    message, is_new = Message.objects.get_or_create(
        key=note.key, defaults={**_content(note, actor), "organisation_id": organisation_id, "told_at": at}
    )
    if not is_new and (message.subject, message.body) != (note.subject, note.body):
        Message.objects.filter(id=message.id).update(**_content(note, actor), told_at=at)
        Delivery.objects.filter(message=message, channel=Delivery.Channel.APPLICATION).update(
            state=Delivery.State.SENT, read_at=None
        )
    reached = registry.recipients_named(recipients, organisation_id)
    ringing = with_browser(recipients)
    made = [row for to in reached for row in _deliveries(message, to, note, has_browser=to.person_id in ringing, at=at)]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    audit.record(actor, "message.told", message, kind=note.kind, recipients=sorted(recipients))
    if any(row.state == Delivery.State.WAITING for row in made):
        events.publish(MailWaiting(organisation_id=organisation_id, message_id=message.id))
    return message


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
