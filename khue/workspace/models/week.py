"""The week of an office, with what can be booked."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from khue.foundation.clock import VIETNAM
from khue.foundation.record import Record


class Venue(Record):
    """Something that one group at a time can use: a meeting room, the hall, a set of laptops."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    seats = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="venue_once")]


class Occasion(Record):
    """Something in the week of the office, with or without a venue. The database lets no venue be used twice at once.

    series   what its repetitions have in common; None where it takes place once
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    attended_by = models.TextField(default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True, related_name="+")
    planned_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    series = models.UUIDField(null=True)
    folded = models.GeneratedField(
        expression=Func("title", "attended_by", function="khue_fold", arg_joiner=" || ' ' || "),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="occasion_ends_after_it_starts"),
            ExclusionConstraint(
                name="venue_used_once_at_a_time",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    (
                        Func("starts_at", "ends_at", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(cancelled_at=None, venue__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "starts_at"], name="occasions_of_office")]

    @property
    def day(self) -> date:
        """On which it begins, by the wall clock of Vietnam."""
        return self.starts_at.astimezone(VIETNAM).date()
