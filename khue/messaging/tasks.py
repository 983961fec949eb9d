"""Sending waiting e-mail: claim a few, commit, send without a transaction, note what became of each."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app as queue
from procrastinate.exceptions import AlreadyEnqueued

from khue.foundation import clock, jobs, scope
from khue.foundation.actor import SYSTEM
from khue.messaging import mail
from khue.messaging.events import MailWaiting
from khue.messaging.models import Delivery
from khue.registry import queries as registry

BATCH = 50
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 8


def queue_mail(_event: MailWaiting) -> None:
    """Have the worker send what was just queued."""
    _ask_for_a_round()


def queue_due_mail() -> None:
    """Ask for a round when something waits whose time has come: what a busy server put off, what a dead worker left."""
    with scope.of(SYSTEM):
        if _due(clock.now()).exists():
            _ask_for_a_round()


def _ask_for_a_round() -> None:
    """One round in the queue is enough for all that waits."""
    try:
        with transaction.atomic():
            send_mail.configure(queueing_lock="messaging.send_mail").defer()
    except AlreadyEnqueued:
        pass


@queue.task(name="messaging.send_mail", queue=jobs.QUEUE)
def send_mail() -> None:
    """Send what is waiting."""
    send_waiting()


def send_waiting() -> int:
    """Send every e-mail whose time has come. returns how many the server took.

    A worker that dies while sending leaves its claim to run out; the e-mail is then sent again under the same
    Message-ID.
    """
    taken = 0
    while (deliveries := _claim(clock.now())) is not None:
        taken += _send(deliveries)
    return taken


def _due(at: datetime) -> QuerySet[Delivery]:
    waiting = [Delivery.State.WAITING, Delivery.State.SENDING]
    return Delivery.objects.filter(channel=Delivery.Channel.EMAIL, state__in=waiting, next_attempt_at__lte=at)


def _claim(at: datetime) -> list[Delivery] | None:
    """A few to send now, marked as being sent; None when nothing waits any more."""
    with scope.of(SYSTEM):
        due = _due(at).select_related("message__organisation").order_by("next_attempt_at", "id")
        claimed = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
        deliveries = _without_withdrawn(claimed, at)
        Delivery.objects.filter(id__in=[d.id for d in deliveries]).update(
            state=Delivery.State.SENDING, next_attempt_at=at + LEASE
        )
    return deliveries if claimed else None


def _without_withdrawn(claimed: list[Delivery], at: datetime) -> list[Delivery]:
    """Rights may have changed while a mail waited: what a guardian may no longer hear is not sent."""
    children = {delivery.message.about_id for delivery in claimed if delivery.message.about_id is not None}
    if not children:
        return claimed
    silent = registry.guardians_not_to_tell(children, at.astimezone(clock.VIETNAM).date())
    gone = {d.id for d in claimed if (d.message.about_id, d.recipient_id) in silent}
    if gone:
        Delivery.objects.filter(id__in=gone).update(state=Delivery.State.WITHDRAWN)
    return [delivery for delivery in claimed if delivery.id not in gone]


def _send(deliveries: list[Delivery]) -> int:
    if not deliveries:
        return 0
    outcomes = mail.send([mail.compose(delivery) for delivery in deliveries])
    at = clock.now()
    with scope.of(SYSTEM):
        for delivery, outcome in zip(deliveries, outcomes, strict=True):
            _note(delivery, outcome, at)
    return outcomes.count(None)


def _note(delivery: Delivery, outcome: mail.MailRefused | mail.MailDelayed | None, at: datetime) -> None:
    delivery.attempts += 1
    delivery.error = "" if outcome is None else str(outcome)[:500]
    if outcome is None:
        delivery.state, delivery.sent_at = Delivery.State.SENT, at
    elif isinstance(outcome, mail.MailRefused) or delivery.attempts >= MOST_ATTEMPTS:
        delivery.state = Delivery.State.FAILED
    else:
        delivery.state = Delivery.State.WAITING
        delivery.next_attempt_at = at + timedelta(seconds=30 * 2**delivery.attempts)
    delivery.save(update_fields=["attempts", "error", "state", "sent_at", "next_attempt_at"])
