"""Messages and what became of each by each channel; notices to many, and how far those came."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class Message(Record):
    """Something told to people because of something that happened.

    key    what it is about, "absence:51:7": telling the same thing again changes the message instead of repeating it
    about  the child it concerns
    link   path of the page that shows more
    caused_by_id  the account whose act it follows from: a roll taken, a mark entered. That person follows its fate too
    is_general  told by an office to people of many schools: its words are readable in each of them (migration 0006)
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=100, unique=True)
    subject = models.TextField()
    body = models.TextField()
    link = models.TextField(default="")
    about = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    sent_by_name = models.TextField()
    caused_by_id = models.BigIntegerField(null=True)
    told_at = models.DateTimeField()
    is_general = models.BooleanField(default=False, db_default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=["caused_by_id", "-id"], name="messages_of_cause", condition=Q(caused_by_id__isnull=False)
            )
        ]


class Delivery(Record):
    """One message to one person by one channel, and how far it has come.

    priority   what waits is sent in this order, then in the order of its time and number
    reference  what the gateway calls it, once it took it
    """

    class Channel(models.TextChoices):
        APPLICATION = "app"
        PUSH = "push"
        EMAIL = "email"
        ZALO = "zalo"
        SMS = "sms"

    class Priority(models.IntegerChoices):
        URGENT = 0
        ORDINARY = 1
        BULK = 2

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        READ = "read"
        FAILED = "failed"
        NO_ADDRESS = "no_address"
        WITHDRAWN = "withdrawn"  # before it was sent, the recipient lost the right to hear of the child

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    recipient = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    address = models.TextField(default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    error = models.TextField(default="")
    priority = models.SmallIntegerField(
        choices=Priority.choices, default=Priority.ORDINARY, db_default=Priority.ORDINARY
    )
    reference = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "recipient", "channel"], name="delivery_once_by_channel"),
        ]
        indexes = [
            models.Index(fields=["recipient", "channel", "-id"], name="deliveries_of_person"),
            models.Index(
                fields=["channel", "priority", "next_attempt_at", "id"],
                name="deliveries_due",
                condition=Q(state__in=["waiting", "sending"]),
            ),
        ]


class Broadcast(Record):
    """A notice to an audience: queued in one action, told to each person by a job.

    audience, argument  an audience kind of the registry, asked of every organisation from this one down
    urgent_reason       why it may ring at night; empty for an ordinary notice
    told_count          people told so far
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey("foundation.Job", null=True, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=40)
    argument = models.TextField(default="")
    urgent_reason = models.TextField(default="")
    rings_at = models.DateTimeField()
    told_count = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)


class Tally(models.Model):
    """How many deliveries of a big notice are in a state, as last counted: a page cannot count half a million."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=5)
    state = models.CharField(max_length=10)
    number = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "channel", "state"], name="tally_once")]


class Pace(models.Model):
    """How fast a channel may go: from when on the next delivery is allowed (pace.py). One row a channel."""

    channel = models.CharField(primary_key=True, max_length=5)
    next_at = models.DateTimeField()


class PushSubscription(Record):
    """A browser that a person lets ring (RFC 8030). The keys are the browser's public ones (RFC 8291).

    organisation  where the person belongs, by which the row is isolated
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    endpoint = models.TextField(unique=True)
    public_key = models.BinaryField()
    shared_secret = models.BinaryField()
    made_at = models.DateTimeField()
