"""Keys that sign, batches of signatures, and what certification authorities said about certificates."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record

if TYPE_CHECKING:
    from khue.schools.models import SchoolYear


class SigningKey(Record):
    """A key that may sign for one person, or the seal of a school. No private key or PIN stands here in the clear.

    holder       whose own it is; null is the school's seal
    kind         a PKCS#12 file, a token behind PKCS#11, or a service that signs at a distance
    certificate  DER; chain: the DER certificates above it, the root last
    locator      which key of the token ("label/key") or which credential of the service
    sealed       a PKCS#12 file, still under its own password, encrypted with the node's key (sealing.py)
    """

    class Kind(models.TextChoices):
        PKCS12 = "pkcs12"
        PKCS11 = "pkcs11"
        REMOTE = "remote"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    title = models.TextField()
    certificate = models.BinaryField()
    chain = models.JSONField(default=list)
    serial = models.TextField()
    issuer = models.TextField()
    locator = models.TextField(default="")
    sealed = models.BinaryField(null=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    added_at = models.DateTimeField()
    added_by_id = models.BigIntegerField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="pkcs12", sealed__isnull=False)
                | (~Q(kind="pkcs12") & Q(sealed=None) & ~Q(locator="")),
                name="signing_key_is_somewhere",
            )
        ]


class SigningBatch(Record):
    """Many sheets signed in one go by one key, as a job that goes on where it was stopped.

    role          "homeroom", "head", "seal", "deposit"; "result" seals results of procedures
    school_year   whose sheets; null for results
    school_class  of which class; null for the whole year
    secret        the PIN or password, encrypted with the node's key and bound to this row; gone when the job ends
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey("schools.SchoolYear", null=True, on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=8)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    secret = models.BinaryField(null=True)
    job = models.ForeignKey("foundation.Job", null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    begun_by_id = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ended_at=None) | Q(secret=None), name="batch_forgets_its_secret"),
            models.CheckConstraint(
                condition=Q(role="result", school_year=None) | ~Q(role="result") & Q(school_year__isnull=False),
                name="batch_of_a_year",
            ),
        ]

    @property
    def year(self) -> "SchoolYear":
        """The school year of a batch of sheets."""
        assert self.school_year is not None  # only a batch of results has none
        return self.school_year


class TrialAuthority(models.Model):
    """The authority of a demonstration: one row, on a node that was loaded with one. Nothing of a school.

    root    its certificate, DER; sealed: its key and certificate
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    root = models.BinaryField()
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="trial_authority_once")]


class RevocationList(models.Model):
    """The newest list of revoked certificates that this node has of an issuer. Nothing of a school.

    issuer  SHA-256 of the issuer's certificate
    """

    id = models.BigAutoField(primary_key=True)
    issuer = models.CharField(max_length=64, unique=True)
    address = models.TextField()
    content = models.BinaryField()
    this_update = models.DateTimeField()
    fetched_at = models.DateTimeField()
