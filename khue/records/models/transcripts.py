"""Học bạ số: one a pupil, a sheet for each school year, and every step of it kept."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class Transcript(Record):
    """The one digital transcript of a pupil; its sheets are the school years.

    organisation   the school that keeps it now
    lifelong_code  "mã số hồ sơ học tập suốt đời"; null until an authority has given one (its form is not known)
    source         NĐ 88/2026/NĐ-CP, Điều 9: one record a learner, for ever
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField("registry.Person", on_delete=models.PROTECT, related_name="+")
    lifelong_code = models.CharField(max_length=40, null=True)
    opened_at = models.DateTimeField()


class YearSheet(Record):
    """One pupil's school year as it is signed: a snapshot that no later change of a mark reaches.

    version    1, 2, 3 ... within the pupil's year; a correction is a new row that names its previous one
    content    what is signed: the canonical XML of the part "noi-dung" (records/content.py)
    digest     SHA-256 of it, in hexadecimal digits
    source     SHA-256 of the same without codes and version: whether what is recorded has changed since
    reason     why a version beyond the first was made
    is_latest  no newer version has been made; one a year
    xml, pdf   the sealed document and its rendering, which carries the XML inside
    pages      of the PDF
    """

    class State(models.TextChoices):
        COMPLETE = "complete"
        COMPARED = "compared"
        CONFIRMED = "confirmed"
        SIGNED = "signed"
        SEALED = "sealed"
        DEPOSITED = "deposited"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="+", db_index=False)
    school_year = models.ForeignKey("schools.SchoolYear", on_delete=models.PROTECT, related_name="+", db_index=False)
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey("schools.SchoolClass", on_delete=models.PROTECT, related_name="+")
    version = models.SmallIntegerField(default=1)
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(default="")
    is_latest = models.BooleanField(default=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.COMPLETE)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    source = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    xml = models.ForeignKey("foundation.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey("foundation.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    pages = models.SmallIntegerField(null=True)
    sealed_at = models.DateTimeField(null=True)
    deposit = models.ForeignKey("records.Deposit", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transcript", "school_year", "version"], name="sheet_version_once"),
            models.UniqueConstraint(
                fields=["transcript", "school_year"], condition=Q(is_latest=True), name="sheet_latest_once"
            ),
            models.CheckConstraint(
                condition=Q(version=1, previous=None) | Q(version__gt=1, previous__isnull=False) & ~Q(reason=""),
                name="sheet_correction_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(xml=None, pdf=None, sealed_at=None)
                | Q(xml__isnull=False, pdf__isnull=False, sealed_at__isnull=False, state__in=("sealed", "deposited")),
                name="sheet_sealed_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["school_year", "state", "school_class"], name="sheets_of_year"),
            models.Index(fields=["digest"], name="sheet_by_digest"),
        ]


class Step(models.Model):
    """That somebody did something to a sheet, as what. Kept for ever: the database takes no change of it.

    kind     "completed", "refreshed", "compared", "confirmed", "signed", "sealed", "deposited", "returned"
    role     as what: "subject_teacher", "homeroom", "head", "seal"; "" where the program did it
    subject  code of the subject that its teacher compared; "" for the whole sheet
    digest   of the content that it was done to
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(YearSheet, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9)
    role = models.CharField(max_length=15, default="")
    subject = models.CharField(max_length=24, default="")
    digest = models.CharField(max_length=64)
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()
    at = models.DateTimeField()


class Signature(models.Model):
    """One person's signature under a sheet: XAdES-B-LT, a canonical ds:Signature element.

    role        "homeroom" or "head"; the seal of the school stands in the sealed document itself
    stamped_at  the instant of its time stamp
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(YearSheet, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=8)
    key = models.ForeignKey("records.SigningKey", on_delete=models.PROTECT, related_name="+")
    xml = models.BinaryField()
    stamped_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "role"], name="sheet_signed_once_as")]


class Deposit(Record):
    """Sheets of a year handed in to a repository above (nộp về kho), as one package.

    file     the package
    receipt  the number under which it was taken; "" until that is known
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey("schools.SchoolYear", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    sheets = models.IntegerField()
    recipient = models.TextField()
    receipt = models.TextField(default="")
    deposited_at = models.DateTimeField()
    deposited_by_name = models.TextField()


class Issue(models.Model):
    """That something of a transcript left the school, or was looked at from outside. Kept for ever.

    kind    "copy" (bản điện tử), "extract" (trích lục), "package", "share" (a code made),
            "check" (a code was opened), "verify" (a file was checked by anybody; verdict: what came out)
    parts   which parts, by the names of sharing.Part
    to      for whom, or from where
    digest  of the file that was given out; "" where none was
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="+")
    sheet = models.ForeignKey(YearSheet, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7)
    parts = models.JSONField(default=list)
    to = models.TextField(default="")
    reason = models.TextField(default="")
    verdict = models.CharField(max_length=14, default="")
    digest = models.CharField(max_length=64, default="")
    by_id = models.BigIntegerField(null=True)
    by_name = models.TextField()
    at = models.DateTimeField()


class Share(Record):
    """What a holder lets whoever has the code see, until a day.

    code_hash  keyed hash of the code, which is made anew from the row's public id and stored nowhere
    parts      names of sharing.Part
    sheets     public ids of the years that are shown
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    transcript = models.ForeignKey(Transcript, on_delete=models.PROTECT, related_name="+")
    code_hash = models.BinaryField(unique=True)
    parts = models.JSONField()
    years = models.JSONField()
    to = models.TextField(default="")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seen = models.IntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="share_days_in_order")]
