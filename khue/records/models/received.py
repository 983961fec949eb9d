"""What a pupil brought along: signed sheets of other schools, taken in as they are; and the list of a whole record."""

from django.db import models

from khue.foundation.record import Record


class ReceivedPackage(Record):
    """A file with sheets of other schools, judged when it was taken in and kept byte for byte.

    file       the package, or the one sheet
    digest     SHA-256 of it
    issuer     the school that sealed it, as it says itself
    signed_by  whom the seal's certificate names
    sheets     how many years came with it
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    sheets = models.SmallIntegerField()
    issuer = models.TextField()
    signed_by = models.TextField(default="")
    received_at = models.DateTimeField()
    received_by_name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person", "digest"], name="package_received_once")
        ]


class ReceivedSheet(Record):
    """One year of another school. What it says stands in `content`, whose bytes its signatures cover.

    name        of the file in the package
    year, grade, class_name, school, version   as it says itself
    verdict     when it was taken in: "valid" or "revoked_later"
    carried_at  when its results went into our mark-book
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey(ReceivedPackage, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    year = models.CharField(max_length=9)
    grade = models.SmallIntegerField()
    class_name = models.TextField()
    school = models.TextField()
    version = models.SmallIntegerField()
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    verdict = models.CharField(max_length=14)
    carried_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person", "digest"], name="sheet_received_once")]


class SealedList(models.Model):
    """The list of a learner's whole record, sealed by the school with its sheets, so that a family needs nobody's PIN.

    xml           the sealed manifest; the files it names are packed when somebody asks
    certificates  of the seal, PEM, the key's own first
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    transcript = models.OneToOneField("records.Transcript", on_delete=models.PROTECT, related_name="+")
    xml = models.BinaryField()
    certificates = models.JSONField()
    sealed_at = models.DateTimeField()
