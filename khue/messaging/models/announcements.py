"""What a class is told and asked: announcements, whose copy each is, and what is attached."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class Announcement(Record):
    """Something told to classes: to the families of their pupils, to the pupils, or to both.

    key           made by the form, so that sending the form twice tells once
    asks          what the reader is to do; a survey and a consent sheet have a row of their own beside this one
    pinned_until  the last day on which it stands above everything else
    due_at        until when it is to be answered
    urgent_reason why it may ring during quiet hours; empty for an ordinary one
    told_at       None while it is being written
    corrected_at  when its words were changed last, after it was told
    withdrawn_at  since when nobody reads it any more, and withdrawn_reason why
    reminded_on   the day of the last reminder: there is one a day at most
    is_nudged     those who had not answered were reminded by the clock, a day before the end
    """

    class Asks(models.TextChoices):
        NOTHING = "nothing"
        RECEIPT = "receipt"
        SURVEY = "survey"
        CONSENT = "consent"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    key = models.UUIDField(unique=True)
    asks = models.CharField(max_length=7, choices=Asks.choices, default=Asks.NOTHING)
    subject = models.TextField()
    body = models.TextField()
    to_families = models.BooleanField()
    to_pupils = models.BooleanField()
    pinned_until = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    urgent_reason = models.TextField(default="")
    made_by_id = models.BigIntegerField()
    made_by_name = models.TextField()
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.TextField(default="", db_default="")
    reminded_on = models.DateField(null=True)
    is_nudged = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_families=True) | Q(to_pupils=True), name="announcement_is_to_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="announcements_of_school"),
            models.Index(
                fields=["due_at"],
                name="announcements_due",
                condition=Q(told_at__isnull=False, closed_at__isnull=True, is_nudged=False),
            ),
        ]

    def is_over(self, at: datetime) -> bool:
        """Whether it takes no more answers at this instant: closed, or past its end."""
        return self.closed_at is not None or (self.due_at is not None and self.due_at <= at)

    def is_open(self, at: datetime) -> bool:
        """Whether it was told and takes answers at this instant."""
        return self.told_at is not None and not self.is_over(at)


class AnnouncementClass(models.Model):
    """A class that an announcement is for. Which rows a class has is known by a room above (extensions.rolls)."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="+", db_index=False)
    class_id = models.BigIntegerField()
    class_name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "class_id"], name="announcement_class_once")]
        indexes = [models.Index(fields=["class_id", "announcement"], name="announcements_of_class")]


class AnnouncementFile(models.Model):
    """A file attached to an announcement."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")


class AnnouncementCopy(Record):
    """One copy: the family's of one child, a pupil's own, or a guardian's own where everybody answers for oneself.

    child     whom it concerns: whoever loses the right to hear of the child loses the copy
    person    whose it is: the child for a family's and a pupil's copy, the guardian for a guardian's
    message   by which it was told, once to each recipient
    answered  whether the survey or the consent sheet was answered on it. Without a time: of an anonymous survey nothing
              may tell whose answer came when
    """

    class Side(models.TextChoices):
        FAMILY = "family"
        PUPIL = "pupil"
        GUARDIAN = "guardian"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="+", db_index=False)
    class_id = models.BigIntegerField()
    side = models.CharField(max_length=8, choices=Side.choices)
    child = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    message = models.OneToOneField("messaging.Message", on_delete=models.PROTECT, related_name="+")
    acknowledged_by = models.ForeignKey(
        "registry.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    acknowledged_at = models.DateTimeField(null=True)
    answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["announcement", "side", "person"], name="announcement_copy_once"),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="announcement_copies_of_person")]
