"""The registers of documents, tasks, and the week with what can be booked.

What is registered is never removed: a number of a register stands for one document for ever.
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from khue.foundation.record import Record


class Register(models.Model):
    """The book of one year into which documents of one way are numbered: 1, 2, 3, without gaps.

    last_number  the number given last; whoever numbers a document locks this row until the number is committed
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "way", "year"], name="register_once")]


class Document(Record):
    """A document that arrived, or one that the office writes.

    number     in the register of its year; None while an outgoing one is not released
    symbol     số, ký hiệu: as its sender wrote it, or as symbols.symbol() gives it at release
    dated_on   the day on the document; None while it is a draft
    issuer     who sent it, or to whom it goes
    summary    trích yếu
    folded     number, symbol, issuer and summary as they are searched
    handler    who has to see to it; drafter wrote it
    """

    class Way(models.TextChoices):
        IN = "in"
        OUT = "out"

    class Urgency(models.TextChoices):
        NORMAL = "normal"
        URGENT = "urgent"
        VERY_URGENT = "very_urgent"
        EXPRESS = "express"

    class State(models.TextChoices):
        ARRIVED = "arrived"
        ASSIGNED = "assigned"
        DONE = "done"
        DRAFT = "draft"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        APPROVED = "approved"
        RELEASED = "released"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=3, choices=Way.choices)
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    symbol = models.TextField(default="")
    kind = models.CharField(max_length=16)
    dated_on = models.DateField(null=True)
    registered_on = models.DateField(null=True)
    issuer = models.TextField(default="")
    summary = models.TextField()
    body = models.TextField(default="")
    folded = models.TextField()
    urgency = models.CharField(max_length=11, choices=Urgency.choices, default=Urgency.NORMAL)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=9, choices=State.choices)
    handler = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    drafter = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "way", "year", "number"], name="document_number_once"),
            models.CheckConstraint(
                condition=Q(number=None) ^ Q(state__in=["arrived", "assigned", "done", "released"]),
                name="document_numbered_when_registered",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "way", "-id"], name="documents_of_office"),
            models.Index(fields=["handler", "-id"], name="documents_of_handler"),
            models.Index(fields=["drafter", "-id"], name="documents_of_drafter"),
        ]


class Step(models.Model):
    """What happened to a document, for ever: who did what, when, and with which words."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=12)
    by_name = models.TextField()
    at = models.DateTimeField()
    note = models.TextField(default="")

    class Meta:
        indexes = [models.Index(fields=["document", "id"], name="steps_of_document")]


class Task(Record):
    """Something one member of staff has to do by a day, of a document or of minutes.

    origin  where it comes from, in words: "Biên bản họp tổ Toán ngày 20/11"
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    origin = models.TextField(default="")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    assignee = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    given_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    result = models.TextField(default="")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["assignee", "due_on", "id"], name="tasks_of_assignee"),
            models.Index(fields=["organisation", "due_on", "id"], name="tasks_of_office"),
        ]


class Venue(Record):
    """Something that one group at a time can use: a meeting room, the hall, a set of laptops."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    seats = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="venue_once")]


class Occasion(Record):
    """Something in the week of the office, with or without a venue. The database lets no venue be used twice at once.

    in_week  shown to everybody in the week's calendar; else only a booking
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    attended_by = models.TextField(default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True, related_name="+")
    planned_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

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
