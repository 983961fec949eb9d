"""Sending what waits: claim a few, commit, send without a transaction, note what became of each. Notices to many."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from khue.foundation import clock, jobs, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.work import Work
from khue.messaging import actions, channels, queries
from khue.messaging.actions.broadcasts import COUNTED_FROM
from khue.messaging.channels.parcels import Channel, Delayed, Outcome, Parcel, Refused, Taken
from khue.messaging.events import MailWaiting
from khue.messaging.models import Delivery, Pace, PushSubscription
from khue.messaging.pace import granted
from khue.messaging.reach import first_way
from khue.registry import queries as registry

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8
#: So many seconds' worth of deliveries may go at once after a pause.
BURST_SECONDS = 5
#: Organisations told in one step of a notice: some thousands of people.
PLACES_AT_ONCE = 8


def queue_mail(_event: MailWaiting) -> None:
    """Have the worker send what was just queued."""
    for channel in channels.ORDER:
        if channel.can_send():
            _ask_for_a_round(channel.code)


def queue_due_mail() -> None:
    """Ask for a round when something waits whose time has come: what a busy server put off, what a dead worker left."""
    for channel in [each for each in channels.ORDER if each.can_send()]:
        with scope.of(SYSTEM):
            if _due(channel.code, clock.now()).exists():
                _ask_for_a_round(channel.code)


def _ask_for_a_round(code: str, after_seconds: int = 0) -> None:
    """One round of a channel in the queue is enough for all that waits there."""
    task = send_mail if code == Delivery.Channel.EMAIL else send_by
    arguments = {} if task is send_mail else {"code": code}
    only_one = f"messaging.send.{code}"
    if ProcrastinateJob.objects.filter(queueing_lock=only_one, status="todo").exists():
        return
    try:
        with transaction.atomic():
            task.configure(
                queueing_lock=only_one,
                lock=f"messaging.{code}",
                schedule_in={"seconds": after_seconds} if after_seconds else None,
            ).defer(**arguments)
    except AlreadyEnqueued:
        pass


@queue.task(name="messaging.send_mail", queue=jobs.QUEUE)
def send_mail() -> None:
    """Send the e-mail that is waiting."""
    _send_round(Delivery.Channel.EMAIL)


@queue.task(name="messaging.send_by", queue=jobs.QUEUE)
def send_by(code: str) -> None:
    """Send what is waiting by another channel. A slow gateway holds up nothing but itself."""
    _send_round(code)


def _send_round(code: str) -> None:
    channel = channels.channel_named(code)
    _send_all(channel)
    with scope.of(SYSTEM):
        if channel.can_send() and _due(code, clock.now()).exists():  # the channel's pace holds it back
            _ask_for_a_round(code, after_seconds=1)


def send_waiting() -> int:
    """Send all whose time has come, by every channel. returns how many the servers took.

    A worker that dies while sending leaves its claim to run out; the delivery is then sent again under the same id.
    """
    return sum(_send_all(channel) for channel in channels.ORDER)


def _send_all(channel: Channel) -> int:
    taken = 0
    while channel.can_send() and (deliveries := _claim(channel, clock.now())) is not None:
        taken += _send(channel, deliveries)
    return taken


def _due(code: str, at: datetime) -> QuerySet[Delivery]:
    waiting = [Delivery.State.WAITING, Delivery.State.SENDING]
    return Delivery.objects.filter(channel=code, state__in=waiting, next_attempt_at__lte=at)


def _claim(channel: Channel, at: datetime) -> list[Delivery] | None:
    """A few to send now, marked as being sent; None when nothing waits or the channel has been used enough."""
    with scope.of(SYSTEM):
        Pace.objects.get_or_create(channel=channel.code, defaults={"next_at": at})
        pace = Pace.objects.select_for_update().get(channel=channel.code)
        per_minute = channel.per_minute()
        burst = max(channel.batch, per_minute * BURST_SECONDS // 60)
        room, _next = granted(at=at, next_at=pace.next_at, per_minute=per_minute, burst=burst, wanted=channel.batch)
        due = _due(channel.code, at).select_related("message__organisation")
        due = due.order_by("priority", "next_attempt_at", "id")
        claimed = list(due.select_for_update(skip_locked=True, of=("self",))[:room])
        _used, pace.next_at = granted(
            at=at, next_at=pace.next_at, per_minute=per_minute, burst=burst, wanted=len(claimed)
        )
        pace.save(update_fields=["next_at"])
        deliveries = _without_withdrawn(claimed, at)
        Delivery.objects.filter(id__in=[d.id for d in deliveries]).update(
            state=Delivery.State.SENDING, next_attempt_at=at + LEASE
        )
    return deliveries if claimed else None


def _without_withdrawn(claimed: list[Delivery], at: datetime) -> list[Delivery]:
    """Rights may have changed while it waited: what a guardian may no longer hear is not sent."""
    children = {delivery.message.about_id for delivery in claimed if delivery.message.about_id is not None}
    if not children:
        return claimed
    silent = registry.guardians_not_to_tell(children, at.astimezone(clock.VIETNAM).date())
    gone = {d.id for d in claimed if (d.message.about_id, d.recipient_id) in silent}
    if gone:
        Delivery.objects.filter(id__in=gone).update(state=Delivery.State.WITHDRAWN)
    return [delivery for delivery in claimed if delivery.id not in gone]


def _send(channel: Channel, deliveries: list[Delivery]) -> int:
    if not deliveries:
        return 0
    outcomes = channel.send(_parcels(channel, deliveries))
    at = clock.now()
    with scope.of(SYSTEM):
        for delivery, outcome in zip(deliveries, outcomes, strict=True):
            _note(delivery, outcome, at)
    return sum(isinstance(outcome, Taken) for outcome in outcomes)


def _parcels(channel: Channel, deliveries: list[Delivery]) -> list[Parcel]:
    browsers = {}
    if channel.code == Delivery.Channel.PUSH:
        with scope.of(SYSTEM):
            browsers = queries.browsers_of([delivery.recipient_id for delivery in deliveries])
    return [
        Parcel(
            id=delivery.public_id,
            address=delivery.address,
            subject=delivery.message.subject,
            body=delivery.message.body,
            link=delivery.message.link,
            sender=delivery.message.organisation.name,
            told_at=delivery.message.told_at,
            browsers=browsers.get(delivery.recipient_id, ()),
        )
        for delivery in deliveries
    ]


def _note(delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    delivery.attempts += 1
    delivery.error = "" if isinstance(outcome, Taken) else outcome.reason[:500]
    if isinstance(outcome, Taken):
        delivery.state, delivery.sent_at, delivery.reference = Delivery.State.SENT, at, outcome.reference
    elif isinstance(outcome, Refused) or delivery.attempts >= MOST_ATTEMPTS:
        delivery.state = Delivery.State.FAILED
        _fall_back(delivery, at)
    else:
        delivery.state = Delivery.State.WAITING
        delivery.next_attempt_at = at + (outcome.after or timedelta(seconds=30 * 2**delivery.attempts))
    if not isinstance(outcome, Delayed) and outcome.gone:
        PushSubscription.objects.filter(id__in=list(outcome.gone)).delete()
    delivery.save(update_fields=["attempts", "error", "state", "sent_at", "next_attempt_at", "reference"])


def _fall_back(delivery: Delivery, at: datetime) -> None:
    """Queue it by the next channel that leads to the person, once: a channel that was tried is not tried again."""
    reached = registry.recipients_named([delivery.recipient_id], delivery.organisation_id)
    way = first_way(reached[0], has_browser=False, after=delivery.channel) if reached else None
    if way is None:
        return
    Delivery.objects.bulk_create(
        [
            Delivery(
                organisation_id=delivery.organisation_id,
                message_id=delivery.message_id,
                recipient_id=delivery.recipient_id,
                channel=way[0],
                address=way[1],
                next_attempt_at=at,
                priority=delivery.priority,
            )
        ],
        ignore_conflicts=True,
    )
    _ask_for_a_round(way[0])


def fan_out(work: Work) -> None:
    """Tell a notice, some organisations at a step. After a crash it goes on behind the last committed step."""
    with work.step():
        broadcast = queries.broadcast_numbered(work.arguments["broadcast"])
        places = queries.places_of(broadcast)
        at = broadcast.message.told_at
    left = [place for place in places if place > int(work.position or 0)]
    while left:
        chosen, left = left[:PLACES_AT_ONCE], left[PLACES_AT_ONCE:]
        with work.step():
            broadcast = queries.broadcast_numbered(work.arguments["broadcast"])
            actions.tell_part(actor=work.actor, broadcast=broadcast, places=chosen, at=at)
            work.position = chosen[-1]
        work.progress(done=len(places) - len(left), total=len(places))
    with work.step():
        broadcast = queries.broadcast_numbered(work.arguments["broadcast"])
        actions.finish_broadcast(actor=work.actor, broadcast=broadcast, at=clock.now())
        if broadcast.told_count >= COUNTED_FROM:
            actions.count_again(actor=SYSTEM, broadcast=broadcast)
    work.finish(summary=_("Đã gửi thông báo tới %(count)s người.") % {"count": broadcast.told_count})


def count_big_notices() -> None:
    """Count again how far the big notices of the last days have come."""
    with scope.of(SYSTEM):
        for broadcast in queries.big_broadcasts(clock.now(), COUNTED_FROM):
            actions.count_again(actor=SYSTEM, broadcast=broadcast)
