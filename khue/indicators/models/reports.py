"""Period reports: a school's, filled in from the rows; an office's, the sum of what it received. Signed and sent up."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class ReportDeadline(models.Model):
    """By when the bodies below an office send a period's report. The office says so: no text fixes the day for all."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.CharField(max_length=9)
    period = models.CharField(max_length=5)
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "school_year", "period"], name="report_deadline_once"),
        ]


class PeriodReport(Record):
    """One body's report of one period.

    figures    by key of reporting.LINES: what the rows said, or the reports that were summed; null where unknown
    corrected  codes whose figure the body wrote over that, with why
    summed     of an office's report: the reports of how many schools it is the sum of; null of a school's own
    unknown    of an office's report, by key: at how many of those schools a figure is not known
    digest     SHA-256 of what was signed
    proof      by what the head proved who signs (identity.Proof)
    """

    class Period(models.TextChoices):
        START = "start"
        MID = "mid"
        END = "end"

    class State(models.TextChoices):
        DRAFT = "draft"
        SIGNED = "signed"
        SENT = "sent"

    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the unique constraint begins with it
    school_year = models.CharField(max_length=9)
    period = models.CharField(max_length=5, choices=Period.choices)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    figures = models.JSONField(default=dict)
    corrected = models.JSONField(default=dict)
    summed = models.PositiveIntegerField(null=True)
    unknown = models.JSONField(default=dict)
    prefilled_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by_name = models.TextField(default="")
    proof = models.CharField(max_length=15, default="")
    digest = models.CharField(max_length=64, default="")
    sent_at = models.DateTimeField(null=True)
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "school_year", "period"], name="period_report_once"),
        ]
        indexes = [
            # A list looks up what thousands of schools have sent: from here, without reading their figures.
            models.Index(
                fields=["organisation", "school_year", "period"], name="period_report_sent", include=["is_late"],
                condition=Q(state="sent"),
            )
        ]  # fmt: skip


class PeriodSum(models.Model):
    """What all reports below an office come to, each school in it once: kept, so that no page reads a country's.

    figures, unknown, summed  as of an office's report
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the unique constraint begins with it
    school_year = models.CharField(max_length=9)
    period = models.CharField(max_length=5)
    figures = models.JSONField(default=dict)
    unknown = models.JSONField(default=dict)
    summed = models.PositiveIntegerField(default=0)
    summed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "school_year", "period"], name="period_sum_once"),
        ]

    @property
    def corrected(self) -> Mapping[str, Mapping[str, Any]]:
        """Nothing: a sum is as it was counted."""
        return {}
