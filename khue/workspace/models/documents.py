"""The registers of documents, what happened to each, and its files.

What is registered is never removed: a number of a register stands for one document for ever.
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class Register(models.Model):
    """The book of one year into which documents of one way are numbered: 1, 2, 3, without gaps.

    way          "in", "out" (Document.Way), or "min" of minutes
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
    copies     nơi nhận, a line each; empty: as the kind of document has it
    answers    what arrived and is answered by this one
    signed_for "KT.", "TL." and their like before the office that is stood in for; place is địa danh
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
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    copies = models.TextField(default="", db_default="")
    place = models.TextField(default="", db_default="")
    signed_for = models.CharField(max_length=4, default="", db_default="")
    signer_title = models.TextField(default="", db_default="")
    signer_name = models.TextField(default="", db_default="")

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
            models.Index(fields=["answers"], name="document_answers", condition=~Q(answers=None)),
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="document_search"),
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


class Attachment(Record):
    """A file of a document: the scan of what arrived, the signed copy of what left, an annex.

    removed_at  taken away as a mistake; the row and its file stay
    """

    class Part(models.TextChoices):
        SCAN = "scan"
        ANNEX = "annex"
        SIGNED = "signed"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=6, choices=Part.choices)
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    added_by_name = models.TextField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["document", "id"], name="attachments_of_document")]
