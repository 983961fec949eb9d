"""Consent sheets: what a family is asked, what its guardians signed, and what the school made of it."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record
from khue.messaging.models.announcements import Announcement, AnnouncementCopy


class ConsentSheet(Record):
    """An announcement that wants a guardian's signature. Its wording is fixed when it is told.

    purpose       a key of identity's consent purposes where it is about the use of personal data: the yes then stands
                  in identity's ledger, in the wording that purpose has
    text_version  of that purpose's wording
    wording       what is signed, whole; empty while it is being written
    wording_hash  SHA-256 of it, in hexadecimal
    """

    class Kind(models.TextChoices):
        TRIP = "trip"
        PHOTO = "photo"
        HEALTH = "health"
        CONTRIBUTION = "contribution"
        DATA = "data"
        OTHER = "other"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    announcement = models.OneToOneField(Announcement, on_delete=models.CASCADE, related_name="sheet")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    takes_conditions = models.BooleanField()
    purpose = models.TextField(default="")
    text_version = models.TextField(default="")
    wording = models.TextField(default="")
    wording_hash = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="data", purpose__gt="") | (~Q(kind="data") & Q(purpose="")),
                name="consent_sheet_of_data_has_a_purpose",
            ),
        ]


class ConsentSignature(Record):
    """What one guardian decided about one child, once. Only ever added: the latest of each guardian counts.

    Migration 0022 lets nobody change or remove a row.

    relationship  what the guardian was to the child when signing
    wording_hash  of what was read
    proved_by     how the guardian proved again who signs, at that moment
    ledger        the row of identity's ledger, where the sheet is about personal data
    seal          HMAC-SHA256 over all of it, in hexadecimal (consent_seals.py); the audit trail keeps it too
    """

    class Decision(models.TextChoices):
        YES = "yes"
        NO = "no"
        WITHDRAWN = "withdrawn"

    class Proof(models.TextChoices):
        PASSWORD = "password"  # noqa: S105  a way to prove oneself, no secret
        CODE = "code"
        RECOVERY_CODE = "recovery_code"
        PASSKEY = "passkey"
        SESSION = "session"  # a withdrawal asks for nothing more than being signed in

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(ConsentSheet, on_delete=models.PROTECT, related_name="+")
    copy = models.ForeignKey(AnnouncementCopy, on_delete=models.PROTECT, related_name="+")
    guardian = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    relationship = models.CharField(max_length=6)
    decision = models.CharField(max_length=9, choices=Decision.choices)
    conditions = models.TextField(default="")
    wording_hash = models.TextField()
    proved_by = models.CharField(max_length=13, choices=Proof.choices)
    signed_at = models.DateTimeField()
    ledger = models.ForeignKey(
        "identity.Consent", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seal = models.TextField()


class ConsentRuling(models.Model):
    """What the school made of a sheet on which guardians disagree. Only ever added; the latest counts."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    copy = models.ForeignKey(AnnouncementCopy, on_delete=models.PROTECT, related_name="+")
    takes_part = models.BooleanField()
    reason = models.TextField()
    ruled_by_id = models.BigIntegerField()
    ruled_by_name = models.TextField()
    ruled_at = models.DateTimeField()
