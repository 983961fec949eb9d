"""Messages and what became of each: in the application and by e-mail."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class Message(Record):
    """Something told to people because of something that happened.

    key    what it is about, "absence:51:7": telling the same thing again changes the message instead of repeating it
    about  the child it concerns
    link   path of the page that shows more
    caused_by_id  the account whose act it follows from: a roll taken, a mark entered. That person follows its fate too
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

    class Meta:
        indexes = [
            models.Index(
                fields=["caused_by_id", "-id"], name="messages_of_cause", condition=Q(caused_by_id__isnull=False)
            )
        ]


class Delivery(Record):
    """One message to one person by one channel, and how far it has come."""

    class Channel(models.TextChoices):
        APPLICATION = "app"
        EMAIL = "email"

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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "recipient", "channel"], name="delivery_once_by_channel"),
        ]
        indexes = [
            models.Index(fields=["recipient", "channel", "-id"], name="deliveries_of_person"),
            models.Index(
                fields=["next_attempt_at"],
                name="deliveries_waiting",
                condition=Q(channel="email", state__in=["waiting", "sending"]),
            ),
        ]
