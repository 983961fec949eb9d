"""Conversations about one child between a teacher and the family, what was written, and how far each has read."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class Conversation(Record):
    """One thread about one child: between a teacher and the child's guardians, or the child itself beside them.

    teacher       the person on the school's side
    with_pupil    the child takes part; its guardians read and write along
    reason        why they know each other, as it was when they last began: "Toán · 6A"
    last_at       when something was last written; when it was begun, while nothing was
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    teacher = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    with_pupil = models.BooleanField(default=False)
    reason = models.TextField(default="")
    begun_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_line = models.ForeignKey("messaging.Line", null=True, on_delete=models.SET_NULL, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by_name = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "teacher", "child", "with_pupil"], name="conversation_once"
            ),
        ]


class Line(Record):
    """Something written in a conversation.

    key        made by the device that sends: sending again after a lost line makes no second one
    sealed     the words and the fact they are about, encrypted with `data_key` (keys.py)
    is_staff   written on the school's side; the author may be whoever stands in for the teacher
    hidden_*   by the school's office after a report; the words stay sealed and are shown to nobody
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    is_staff = models.BooleanField()
    key = models.UUIDField()
    data_key = models.ForeignKey("messaging.DataKey", on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    is_urgent = models.BooleanField(default=False)
    sent_at = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True)
    hidden_reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "author", "key"], name="line_once_by_device_key"),
        ]
        indexes = [
            models.Index(fields=["conversation", "-id"], name="lines_of_conversation"),
            models.Index(fields=["organisation", "sent_at"], name="lines_by_age"),
        ]


class Attachment(models.Model):
    """A file that came with a line. One file, one line: it goes when the line goes."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="+")
    file = models.OneToOneField("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")


class Reading(models.Model):
    """How far a person has read a conversation.

    last_line_id  the newest line that was on the person's screen; a number, because the line may be gone since
    read_at       when that line was there first
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    is_staff = models.BooleanField()
    last_line_id = models.BigIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="reading_once")]


class ConversationPolicy(models.Model):
    """What a school has decided about conversations, from a day on; the latest such day that has come counts.

    retention_months  how long words are kept; null: the school has decided nothing and nothing is deleted
    quiet_from, quiet_to  wall clock, between which nothing rings without a reason
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    pupils_may_write = models.BooleanField()
    families_may_begin = models.BooleanField()
    retention_months = models.SmallIntegerField(null=True)
    quiet_from = models.TimeField()
    quiet_to = models.TimeField()
    set_by_name = models.TextField()
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "valid_from"], name="conversation_policy_once_a_day"),
            models.CheckConstraint(
                condition=Q(retention_months=None) | Q(retention_months__gte=1), name="retention_at_least_a_month"
            ),
        ]


class Delegation(Record):
    """That somebody answers for a teacher who is away, from a day to a day, both included."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    teacher = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    substitute = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    first_on = models.DateField()
    last_on = models.DateField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=models.F("first_on")), name="delegation_days_in_order"),
        ]
