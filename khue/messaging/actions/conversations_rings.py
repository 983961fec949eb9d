"""That a line waits is told once a burst, by the ways out that messages have; its words leave the node by none."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.clock import VIETNAM
from khue.messaging.actions.telling import Note, notify
from khue.messaging.models import Conversation, Delivery, Line, Message, Reading
from khue.messaging.queries.policies import delegation_for, policy_of
from khue.messaging.quiet import next_loud
from khue.registry import queries as registry

KIND = "conversation"


def ring(*, conversation: Conversation, line: Line, writer: Actor, at: datetime) -> None:
    """Tell the other side that something waits. Whoever has not opened the thread since is told once a day of it.

    An urgent line tells anew, and at once; anything else is held back until the quiet hours of the school are over.
    """
    on = at.astimezone(VIETNAM).date()
    policy = policy_of(conversation.organisation_id, on)
    rings_at = at if line.is_urgent else next_loud(at, quiet_from=policy.quiet_from, quiet_to=policy.quiet_to)
    people = _other_side(conversation, line, on) - {line.author_id}
    for seen, persons in _by_how_far(conversation, people).items():
        burst = f"urgent.{line.id}" if line.is_urgent else f"{seen}.{on:%Y%m%d}"
        note = Note(
            kind=KIND, key=f"{_prefix(conversation)}{burst}", is_urgent=line.is_urgent, rings_at=rings_at,
            subject=_("Tin khẩn từ %(name)s") % {"name": writer.name} if line.is_urgent
            else _("Tin nhắn mới từ %(name)s") % {"name": writer.name},
            body=_("Có tin nhắn đang chờ. Nội dung chỉ đọc được trong Khuê, hãy mở để xem và trả lời."),
            link=reverse("messaging:conversation", args=[conversation.public_id]), about_id=conversation.child_id,
        )  # fmt: skip
        notify(actor=SYSTEM, organisation_id=conversation.organisation_id, note=note, recipients=sorted(persons), at=at)


def quieten(*, conversation: Conversation, person_id: int, at: datetime) -> None:
    """The person has opened the thread: what told of it is read, and what has not rung yet need not."""
    told = _told(conversation, person_id)
    told.filter(channel=Delivery.Channel.APPLICATION, read_at=None).update(state=Delivery.State.READ, read_at=at)
    told.filter(state=Delivery.State.WAITING).update(state=Delivery.State.WITHDRAWN)


def _told(conversation: Conversation, person_id: int) -> QuerySet[Delivery]:
    messages = Message.objects.filter(kind=KIND, key__startswith=_prefix(conversation))
    return Delivery.objects.filter(recipient_id=person_id, message__in=messages.values("id"))


def _prefix(conversation: Conversation) -> str:
    return f"conversation:{conversation.id}:"


def _other_side(conversation: Conversation, line: Line, on: date) -> set[int]:
    """Who is told of a line: the teacher, or who stands in; or those who receive messages about the child."""
    if line.is_staff:
        guardians = registry.guardians_to_tell([conversation.child_id], on)[conversation.child_id]
        return {*guardians, *([conversation.child_id] if conversation.with_pupil else [])}
    away = delegation_for(conversation.organisation_id, conversation.teacher_id, on)
    return {away.substitute_id if away else conversation.teacher_id}


def _by_how_far(conversation: Conversation, people: Iterable[int]) -> dict[int, list[int]]:
    """These people by the newest line each has read."""
    read = dict(
        Reading.objects.filter(conversation=conversation, person_id__in=people).values_list("person_id", "last_line_id")
    )
    found: dict[int, list[int]] = defaultdict(list)
    for person in people:
        found[read.get(person, 0)].append(person)
    return found
