"""Procedures as versioned data, the cases filed under them, and what an office must write while it works on one."""

from datetime import date, time

from django.db import models
from django.db.models import F, Q

from khue.foundation.clock import VIETNAM
from khue.foundation.record import Record
from khue.procedures.attachments import Attachment as Attachment


class Procedure(Record):
    """Something people may ask an office for: "school transfer". What it consists of stands in its definitions.

    organisation   who offers it; null where every office of the kind does, as the law says
    key            part of its address, unique within the organisation
    code           the national code, empty where nobody could confirm one
    office         the kind of organisation that receives it
    is_open        whether the public finds it and may file it
    """

    organisation = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=60)
    code = models.CharField(max_length=20, default="")
    title = models.TextField()
    summary = models.TextField(default="")
    office = models.CharField(max_length=14)
    is_open = models.BooleanField(default=False)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="procedure_once", nulls_distinct=False)
        ]


class Definition(Record):
    """One version of a procedure: its drawing, its forms, its deadline. Never changed once it is published.

    bpmn            the drawing, BPMN 2.0 as it was uploaded
    sheet           forms and roles of its tasks: see sheets.Sheet
    steps           what follows what, worked out by SpiffWorkflow when it was published: see step_map.StepMap
    working_days    within how many an office must finish; 0 is the same day
    days_elsewhere  the same where two offices of different provinces take part; null where it makes no difference
    received_until  what comes later on a day counts as received on the next working day
    source          the act the deadline rests on
    """

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.SmallIntegerField()
    bpmn = models.TextField()
    sheet = models.JSONField()
    steps = models.JSONField()
    working_days = models.SmallIntegerField()
    days_elsewhere = models.SmallIntegerField(null=True)
    received_until = models.TimeField(default=time(17))
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "version"], name="definition_version_once"),
            models.CheckConstraint(condition=Q(working_days__gte=0), name="definition_days_not_negative"),
        ]


class Case(Record):
    """One dossier from its filing to its end.

    organisation   the office that answers for it; partner: a second one that takes part, the school left behind
    definition     the version it began with, and keeps
    code           the dossier code, "T000123-261123-0001"
    subject        whom it is about; null while nobody found the person's file
    born_on        of the subject: with the code it opens the tracking page
    key            of the form it was filed with and whom it is about: sent twice, it files once; null without a form
    data           what was filled in, at filing and at each step
    state          where it stands in the definition's steps
    received_on    the working day from which the deadline counts; due_on: the last day in time, null while it is paused
    promised_on    the new day an apology named; being late stays measured by due_on
    ends           "granted" or "refused" once finished, "" where it was withdrawn
    """

    class Status(models.IntegerChoices):
        """The ten states of the public portals, by their numbers (domain §5.1)."""

        FILED = 1
        RECEIVED = 2
        NOT_RECEIVED = 3
        WORKED_ON = 4
        SUPPLEMENT = 5
        PAYMENT = 6
        WITHDRAWAL = 7
        STOPPED = 8
        FINISHED = 9
        HANDED_OVER = 10

    class Channel(models.TextChoices):
        ONLINE = "online"
        POST = "post"
        DESK = "desk"

    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    partner = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60, unique=True)
    applicant = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    applicant_name = models.TextField()
    phone = models.TextField(default="")
    email = models.TextField(default="")
    subject = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+")
    subject_name = models.TextField()
    born_on = models.DateField()
    channel = models.CharField(max_length=6, choices=Channel.choices)
    data = models.JSONField(default=dict)
    state = models.SmallIntegerField()
    status = models.SmallIntegerField(choices=Status.choices)
    filed_at = models.DateTimeField()
    received_on = models.DateField()
    due_on = models.DateField(null=True)
    promised_on = models.DateField(null=True)
    finished_at = models.DateTimeField(null=True)
    finished_on = models.DateField(null=True)
    ends = models.CharField(max_length=7, default="")
    reason = models.TextField(default="")
    key = models.UUIDField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at=None, finished_on=None)
                | Q(finished_at__isnull=False, finished_on__isnull=False),
                name="case_finished_whole",
            ),
            models.UniqueConstraint(
                fields=["organisation", "key"], condition=Q(key__isnull=False), name="case_filed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="cases_of_office"),
            models.Index(fields=["organisation", "due_on"], name="cases_open", condition=Q(finished_on=None)),
            models.Index(
                fields=["organisation", "finished_on"], name="cases_finished", condition=Q(finished_on__isnull=False)
            ),
        ]

    @property
    def filed_on(self) -> date:
        """The day on which it was filed, before received_on where that was after hours or no working day."""
        return self.filed_at.astimezone(VIETNAM).date()


class Step(Record):
    """One task of a case: opened when its turn came, done by somebody, with what was filled in.

    organisation  where it is to be done: the office of the case, or its partner
    task          the id in the drawing; title: its name there
    role          who does it; empty where anybody of the office may
    """

    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    task = models.CharField(max_length=80)
    title = models.TextField()
    role = models.CharField(max_length=40, default="")
    data = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by_id = models.BigIntegerField(null=True)
    done_by_name = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "task"], condition=Q(done_at=None), name="step_open_once"),
        ]
        indexes = [models.Index(fields=["organisation", "id"], name="steps_open", condition=Q(done_at=None))]


class Supplement(Record):
    """What was missing, asked for once; the clock stands still from asking to answering.

    days_left  working days that were left when it was asked
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    wanted = models.TextField()
    asked_at = models.DateTimeField()
    asked_by_name = models.TextField(default="")
    days_left = models.SmallIntegerField()
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)


class Slip(Record):
    """A paper of the one-stop office, numbered 1, 2, 3 ... without a gap by office, kind and year. Never changed.

    content  what stands on it, by name: days as dd/mm/yyyy, texts as written
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt"  # giấy tiếp nhận hồ sơ và hẹn trả kết quả
        SUPPLEMENT = "supplement"  # phiếu yêu cầu bổ sung
        APOLOGY = "apology"  # phiếu xin lỗi và hẹn lại ngày trả
        REFUSAL = "refusal"  # phiếu từ chối
        RESULT = "result"

    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    year = models.SmallIntegerField()
    number = models.PositiveIntegerField()
    content = models.JSONField()
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "year", "number"], name="slip_number_once"),
            models.UniqueConstraint(fields=["case"], condition=Q(kind="apology"), name="one_apology_a_case"),
        ]


class SignedResult(models.Model):
    """The result as a signed file, once `records` has signed it."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    slip = models.OneToOneField(Slip, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()


class Counter(models.Model):
    """The last number given in a series; its row is locked while one is given, so that none is left out.

    series  a kind of slip with its year, "receipt:2026", or the dossiers of a day, "261123"
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    series = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "series"], name="counter_once")]


class Rating(models.Model):
    """How content the applicant was, said once after the end: 2 very, 1 content, 0 not."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    score = models.SmallIntegerField()
    comment = models.TextField(default="")
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__gte=0, score__lte=2), name="rating_score")]


class PublicDay(models.Model):
    """A day that offices do not keep as the weekday says: a public holiday, or a Saturday worked instead.

    verified  checked against the decision named in `source`
    """

    id = models.BigAutoField(primary_key=True)
    day = models.DateField(unique=True)
    is_worked = models.BooleanField()
    title = models.TextField()
    source = models.TextField()
    verified = models.BooleanField(default=False)


class Knock(models.Model):
    """How often a dossier, or an address, was asked for without success. Only a keyed hash of it is kept."""

    key = models.BinaryField(primary_key=True, max_length=32)
    count = models.IntegerField()
    last_at = models.DateTimeField()


#: Days in order wherever both are known: what is finished was received before.
FINISHED_IN_TIME = Q(finished_on__lte=F("due_on"))
