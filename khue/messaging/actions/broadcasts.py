"""Notices to many: queued in one action, told to each person by a job, once whatever happens to the job."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit, clock, events, jobs
from khue.foundation.actor import Actor, require
from khue.foundation.arrays import array
from khue.foundation.errors import Forbidden, Refusal
from khue.messaging.access import Permission
from khue.messaging.events import MailWaiting
from khue.messaging.extensions import relations
from khue.messaging.models import Broadcast, Delivery, Message, Tally
from khue.messaging.queries.browsers import with_browser
from khue.messaging.quiet import next_loud
from khue.messaging.reach import first_way
from khue.registry import queries as registry
from khue.registry.extensions import audiences
from khue.registry.models import Organisation
from khue.registry.queries import Recipient

JOB = "messaging.fan_out"
#: Beyond so many people a page shows counted figures instead of counting.
COUNTED_FROM = 2_000
#: Audience kinds that are asked of many organisations in one query.
KINDS = {"registry.pupils": "pupil", "registry.guardians": "guardian", "registry.staff": "staff"}

# A UUIDv7 made in the statement: the instant in front keeps the index growing at one end, as foundation.ids does.
_TOLD = """
    INSERT INTO messaging_delivery (public_id, organisation_id, message_id, recipient_id, channel, address, state,
                                    attempts, next_attempt_at, sent_at, error, priority, reference)
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
             substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
             52, 1), 53, 1), 'hex')::uuid,
           t.organisation, %s, t.person, t.channel, t.address, %s, 0, %s, %s, '', %s, ''
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS t (person, organisation, channel, address)
    ON CONFLICT (message_id, recipient_id, channel) DO NOTHING
"""


class NobodyToTell(Refusal):
    code = "nobody_to_tell"
    message = _("Không nhận ra nhóm người nhận này. Hãy chọn lại người nhận.")
    field = "audience"


@dataclass(frozen=True)
class Announcement:
    """A notice as it is asked for.

    key                 made by the form, so that sending the form twice tells once
    audience, argument  an audience kind of the registry; a class for kinds that have classes
    urgent_reason       why it may ring during quiet hours; empty for an ordinary notice
    """

    key: UUID
    audience: str
    subject: str
    body: str
    argument: str = ""
    link: str = ""
    urgent_reason: str = ""


@transaction.atomic
def broadcast(*, actor: Actor, organisation: Organisation, notice: Announcement, at: datetime) -> Broadcast:
    """Queue a notice to everybody of an audience in an organisation and all below it. Again with the same key: once.

    A teacher tells the classes the slot `relations` names as the own ones.
    refuses  NobodyToTell
    """
    _require_may_tell(actor, organisation, notice)
    if notice.audience not in audiences:
        raise NobodyToTell
    message, is_new = Message.objects.get_or_create(
        key=f"notice:{notice.key}",
        defaults={
            "organisation_id": organisation.id, "kind": "notice", "subject": notice.subject, "body": notice.body,
            "link": notice.link, "sent_by_name": actor.name, "caused_by_id": actor.account_id, "told_at": at,
            "is_general": organisation.kind not in (Organisation.Kind.SCHOOL, Organisation.Kind.CAMPUS),
        },
    )  # fmt: skip
    if not is_new:
        return Broadcast.objects.get(message=message)
    made = Broadcast.objects.create(
        organisation=organisation, message=message, audience=notice.audience, argument=notice.argument,
        urgent_reason=notice.urgent_reason, rings_at=at if notice.urgent_reason else next_loud(at),
    )  # fmt: skip
    made.job = jobs.start(
        actor=actor, kind=JOB, organisation_id=organisation.id, arguments={"broadcast": made.id}, at=at,
        title=notice.subject[:200],
    )  # fmt: skip
    made.save(update_fields=["job"])
    audit.record(
        actor, "notice.queued", made, audience=notice.audience, argument=notice.argument,
        urgent_reason=notice.urgent_reason,
    )  # fmt: skip
    return made


def _require_may_tell(actor: Actor, organisation: Organisation, notice: Announcement) -> None:
    if actor.may(Permission.NOTICE_SEND, organisation):
        return
    require(actor, Permission.NOTICE_SEND_OWN, within=organisation)
    own = relations.filling.groups(actor.person_id or 0, clock.today())
    asked = (organisation.id, notice.audience, notice.argument)
    if asked not in {(group.organisation_id, group.audience, group.argument) for group in own}:
        raise Forbidden


@transaction.atomic
def tell_part(*, actor: Actor, broadcast: Broadcast, places: Sequence[int], at: datetime) -> int:
    """Tell a notice to its audience in some of its organisations. returns how many were not told before.

    Called by the job, again after a crash: a person who was told is not told again by the same channel.
    """
    _require_may_go_on(actor, broadcast)
    told = 0
    for recipients in _recipients(broadcast, places):
        told += _tell(broadcast, recipients, at)
    Broadcast.objects.filter(id=broadcast.id).update(told_count=broadcast.told_count + told)
    broadcast.told_count += told
    audit.record(actor, "notice.told", broadcast, places=len(places), told=told)
    return told


def _require_may_go_on(actor: Actor, broadcast: Broadcast) -> None:
    if not actor.may(Permission.NOTICE_SEND, broadcast):
        require(actor, Permission.NOTICE_SEND_OWN, within=broadcast)


def _recipients(broadcast: Broadcast, places: Sequence[int]) -> list[list[Recipient]]:
    kind = KINDS.get(broadcast.audience)
    if kind is not None:
        return [registry.recipients_at(kind, places, clock.today())]
    people = [(place, registry.people_of_audience(broadcast.audience, place, broadcast.argument)) for place in places]
    return [registry.recipients_named(found, place) for place, found in people if found]


def _tell(broadcast: Broadcast, recipients: Sequence[Recipient], at: datetime) -> int:
    told = _insert(broadcast, [(to, "app", "") for to in recipients], Delivery.State.SENT, at, sent_at=at)
    ringing = with_browser([to.person_id for to in recipients])
    ways = [(to, first_way(to, has_browser=to.person_id in ringing)) for to in recipients]
    waiting = [(to, *way) for to, way in ways if way is not None]
    _insert(broadcast, waiting, Delivery.State.WAITING, broadcast.rings_at, sent_at=None)
    if waiting:
        events.publish(MailWaiting(organisation_id=broadcast.organisation_id, message_id=broadcast.message_id))
    return told


def _insert(
    broadcast: Broadcast, rows: Sequence[tuple[Recipient, str, str]], state: str, due: datetime,
    sent_at: datetime | None,
) -> int:  # fmt: skip
    if not rows:
        return 0
    priority = Delivery.Priority.URGENT if broadcast.urgent_reason else Delivery.Priority.BULK
    columns = (
        array(to.person_id for to, _, _ in rows),
        array(to.organisation_id for to, _, _ in rows),
        array(channel for _, channel, _ in rows),
        array(address for _, _, address in rows),
    )
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [broadcast.message_id, state, due, sent_at, priority, *columns])
        return int(cursor.rowcount)


@transaction.atomic
def finish_broadcast(*, actor: Actor, broadcast: Broadcast, at: datetime) -> None:
    """Note that everybody has been told."""
    _require_may_go_on(actor, broadcast)
    Broadcast.objects.filter(id=broadcast.id, finished_at=None).update(finished_at=at)
    audit.record(actor, "notice.finished", broadcast, told=broadcast.told_count)


@transaction.atomic
def count_again(*, actor: Actor, broadcast: Broadcast) -> None:
    """Count how far a big notice has come. Called by the clock."""
    require(actor, Permission.NOTICE_SEND, within=broadcast)
    rows = Delivery.objects.filter(message_id=broadcast.message_id).order_by()
    found: dict[tuple[str, str], int] = defaultdict(int)
    for channel, state, number in rows.values_list("channel", "state").annotate(Count("id")):
        found[channel, state] = number
    Tally.objects.filter(message_id=broadcast.message_id).delete()
    Tally.objects.bulk_create(
        Tally(
            organisation_id=broadcast.organisation_id,
            message_id=broadcast.message_id,
            channel=channel,
            state=state,
            number=number,
        )
        for (channel, state), number in found.items()
    )
