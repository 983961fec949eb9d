"""Reports that an office asks of its schools for one occasion: a storm, an outbreak, a visit."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class AskedReport(Record):
    """What one school is asked, and what it answers. All rows of one asking share its round.

    organisation  the school; the question stands in each row, so that a school reads no row of another
    questions     a line each, in order; answers has as many, or none while nothing was sent
    """

    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the index of what is open begins with it
    office = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.UUIDField()
    title = models.TextField()
    words = models.TextField(default="")
    questions = models.JSONField()
    answers = models.JSONField(default=list)
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by_name = models.TextField()
    reminded_on = models.DateField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_by_name = models.TextField(default="")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="asked_report_once"),
            models.CheckConstraint(condition=Q(sent_at=None) | ~Q(answers=[]), name="asked_report_sent_is_answered"),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="asked_reports_of_school"),
            models.Index(fields=["round", "id"], name="asked_reports_of_round"),
            models.Index(fields=["round", "id"], name="asked_reports_missing", condition=Q(sent_at=None)),
            models.Index(fields=["round", "id"], name="asked_reports_sent", condition=~Q(sent_at=None)),
        ]


class AskedRound(models.Model):
    """One asking of an office and how far it is: counted as schools answer, so that no page counts a country's rows.

    first  the public id of one of its rows, by which its page is found
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the index of its rounds begins with it
    round = models.UUIDField(unique=True)
    first = models.UUIDField()
    title = models.TextField()
    due_on = models.DateField()
    schools = models.PositiveIntegerField()
    sent = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sent__lte=F("schools")), name="asked_round_sent_by_schools")]
        indexes = [models.Index(fields=["organisation", "-id"], name="asked_rounds_of_office")]

    @property
    def missing(self) -> int:
        return self.schools - self.sent

    def late(self, on: date) -> int:
        """How many have not sent though the day is over."""
        return self.missing if self.due_on < on else 0
