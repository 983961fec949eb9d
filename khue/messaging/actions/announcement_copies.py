"""The copies of an announcement and the messages that bring them: a whole school in few statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from khue.foundation import clock, events
from khue.foundation.ids import uuid7
from khue.messaging.events import MailWaiting
from khue.messaging.extensions import rolls
from khue.messaging.models import Announcement, AnnouncementClass, AnnouncementCopy, Delivery, Message
from khue.messaging.queries.browsers import with_browser
from khue.messaging.quiet import next_loud
from khue.messaging.reach import first_way
from khue.registry import queries as registry
from khue.registry.queries import Recipient

Side = AnnouncementCopy.Side
#: A copy that is not kept yet: class, side, child, whose it is.
Place = tuple[int, str, int, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says."""

    subject: str
    body: str
    link: str


def address_of(announcement: Announcement) -> str:
    """The path of the page where the reader finds it."""
    return f"/messages/announcements/{announcement.public_id}/"


def make_copies(announcement: Announcement, at: datetime) -> list[AnnouncementCopy]:
    """A copy for each family, pupil or guardian the announcement is for, each told by a message about the child."""
    classes = AnnouncementClass.objects.filter(announcement=announcement).values_list("class_id", flat=True)
    pupils = rolls.filling.pupils(list(classes), at.astimezone(clock.VIETNAM).date())
    told = registry.guardians_to_tell([child for _class, child in pupils], at.astimezone(clock.VIETNAM).date())
    places = _places(announcement, pupils, told)
    text = Told(announcement.subject, announcement.body, address_of(announcement))
    messages = _messages(announcement, [child for _class, _side, child, _person in places], text, at)
    copies = AnnouncementCopy.objects.bulk_create(
        AnnouncementCopy(
            organisation_id=announcement.organisation_id, announcement=announcement, class_id=class_id, side=side,
            child_id=child, person_id=person, message=message,
        )
        for (class_id, side, child, person), message in zip(places, messages, strict=True)
    )  # fmt: skip
    _deliver(announcement, messages, _recipients(copies, told), at)
    return copies


def tell_again(announcement: Announcement, copies: Sequence[AnnouncementCopy], text: Told, at: datetime) -> None:
    """Bring copies to mind by new messages. Of a family those guardians are told who hear of the child today."""
    told = registry.guardians_to_tell([copy.child_id for copy in copies], at.astimezone(clock.VIETNAM).date())
    recipients = _recipients(copies, told)
    if announcement.asks in ("survey", "consent"):
        recipients = _deciders(copies, recipients)
    messages = _messages(announcement, [copy.child_id for copy in copies], text, at)
    _deliver(announcement, messages, recipients, at)


def _places(
    announcement: Announcement, pupils: Sequence[tuple[int, int]], told: Mapping[int, Collection[int]]
) -> list[Place]:
    survey = getattr(announcement, "survey", None)
    places: dict[tuple[str, int], Place] = {}
    for class_id, child in pupils:
        if announcement.to_pupils:
            places.setdefault((Side.PUPIL, child), (class_id, Side.PUPIL, child, child))
        if not announcement.to_families:
            continue
        if survey is None or survey.by_child:
            places.setdefault((Side.FAMILY, child), (class_id, Side.FAMILY, child, child))
            continue
        for guardian in told.get(child, ()):  # everybody for oneself: once, also with two children in the classes
            places.setdefault((Side.GUARDIAN, guardian), (class_id, Side.GUARDIAN, child, guardian))
    return list(places.values())


def _recipients(copies: Sequence[AnnouncementCopy], told: Mapping[int, Collection[int]]) -> list[list[int]]:
    """The person ids each copy is told to. A guardian's own copy only while the guardian hears of the child."""
    found = []
    for copy in copies:
        guardians = told.get(copy.child_id, ())
        if copy.side == Side.FAMILY:
            found.append(list(guardians))
        else:
            found.append([copy.person_id] if copy.side == Side.PUPIL or copy.person_id in guardians else [])
    return found


def _deciders(copies: Sequence[AnnouncementCopy], recipients: Sequence[Sequence[int]]) -> list[list[int]]:
    """Of a family only those who may answer for the child are asked again."""
    rights = registry.guardians_of([copy.child_id for copy in copies if copy.side == Side.FAMILY])
    decides = {(right.child_id, right.guardian_id) for of in rights.values() for right in of if right.may_decide}
    return [
        [person for person in people if copy.side != Side.FAMILY or (copy.child_id, person) in decides]
        for copy, people in zip(copies, recipients, strict=True)
    ]


def _messages(announcement: Announcement, children: Sequence[int], text: Told, at: datetime) -> list[Message]:
    """A message about each of these children. Each telling has keys of its own: a reminder corrects nothing."""
    begun = f"announcement:{announcement.id}:{uuid7().hex}"
    return Message.objects.bulk_create(
        Message(
            organisation_id=announcement.organisation_id, kind="announcement", key=f"{begun}:{number}",
            subject=text.subject, body=text.body, link=text.link, about_id=child,
            sent_by_name=announcement.made_by_name, caused_by_id=announcement.made_by_id, told_at=at,
        )
        for number, child in enumerate(children)
    )  # fmt: skip


def _deliver(
    announcement: Announcement, messages: Sequence[Message], recipients: Sequence[Sequence[int]], at: datetime
) -> None:
    everybody = sorted({person for people in recipients for person in people})
    reached = {to.person_id: to for to in registry.recipients_named(everybody, announcement.organisation_id)}
    ringing = with_browser(everybody)
    rings_at = at if announcement.urgent_reason else next_loud(at)
    rows = [
        delivery
        for message, people in zip(messages, recipients, strict=True)
        for person in people
        for delivery in _deliveries(announcement, message, reached[person], person in ringing, at, rings_at)
    ]
    Delivery.objects.bulk_create(rows, batch_size=2_000)
    if any(row.state == Delivery.State.WAITING for row in rows):
        events.publish(MailWaiting(organisation_id=announcement.organisation_id, message_id=messages[0].id))


def _deliveries(
    announcement: Announcement, message: Message, to: Recipient, has_browser: bool, at: datetime, rings_at: datetime
) -> list[Delivery]:
    common = {
        "organisation_id": announcement.organisation_id,
        "message": message,
        "recipient_id": to.person_id,
        "priority": Delivery.Priority.URGENT if announcement.urgent_reason else Delivery.Priority.ORDINARY,
    }
    in_application = Delivery(**common, channel="app", state=Delivery.State.SENT, sent_at=at, next_attempt_at=at)
    way = first_way(to, has_browser=has_browser)
    if way is None:
        nowhere = Delivery(**common, channel="email", state=Delivery.State.NO_ADDRESS, next_attempt_at=rings_at)
        return [in_application, nowhere]
    return [in_application, Delivery(**common, channel=way[0], address=way[1], next_attempt_at=rings_at)]
