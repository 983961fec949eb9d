"""What is to be learnt: programmes, subjects, periods, required outcomes. Reference data with dates and sources."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func

from khue.foundation.record import Record


class Programme(Record):
    """A curriculum in one of its versions, "GDPT2018"."""

    code = models.CharField(max_length=20, unique=True)
    title = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)


class Subject(Record):
    """A subject or educational activity, the same row through all grades.

    hue  the fixed colour of the subject everywhere, a key of the palette ("blue", "violet", ...)
    """

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10)
    name = models.TextField()
    name_en = models.TextField()
    hue = models.CharField(max_length=12)
    order = models.SmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "code"], name="subject_code_once")]


class Strand(models.Model):
    """A part of an integrated subject ("Âm nhạc" in Nghệ thuật), or one of its orientations in grades 10-12.

    periods_per_year  null where the programme does not fix the split; schools agree on it themselves
    """

    class Kind(models.TextChoices):
        STRAND = "strand"
        ORIENTATION = "orientation"

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=10)
    kind = models.CharField(max_length=11, choices=Kind.choices)
    name = models.TextField()
    name_en = models.TextField()
    order = models.SmallIntegerField()
    first_grade = models.SmallIntegerField()
    last_grade = models.SmallIntegerField()
    periods_per_year = models.SmallIntegerField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "code"], name="strand_code_once")]


class GradePlan(models.Model):
    """What one grade of a programme adds up to: weeks, lesson length, periods, what a pupil chooses.

    total_periods      a year, with the electives and topic clusters a pupil has to take
    electives_to_take  of the subjects in block "elective"; 0 below grade 10
    topics_to_take     clusters of block "topic"; 0 below grade 10
    """

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    grade = models.SmallIntegerField()
    weeks = models.SmallIntegerField()
    lesson_minutes = models.SmallIntegerField()
    compulsory_periods = models.SmallIntegerField()
    electives_to_take = models.SmallIntegerField()
    topics_to_take = models.SmallIntegerField()
    total_periods = models.SmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "grade", "valid_from"], name="grade_plan_once")]


class SubjectGrade(models.Model):
    """One subject in one grade: periods a year, how it is assessed, how many regular marks a term."""

    class Mode(models.TextChoices):
        SCORE = "score"
        COMMENT = "comment"  # Đạt / Chưa đạt
        LEVEL = "level"  # primary: T / H / C
        LEVEL_AND_TEST = "level_test"

    class Block(models.TextChoices):
        COMPULSORY = "compulsory"
        ELECTIVE = "elective"  # grades 10-12: four of nine
        TOPIC = "topic"  # specialised topic cluster
        OPTIONAL = "optional"

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    grade = models.SmallIntegerField()  # 1-12
    block = models.CharField(max_length=10, choices=Block.choices)
    periods_per_year = models.SmallIntegerField()
    mode = models.CharField(max_length=10, choices=Mode.choices)
    regular_marks_per_term = models.SmallIntegerField(null=True)  # null where no marks are kept (primary)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "grade", "block", "valid_from"], name="subject_grade_once"),
        ]


class Outcome(Record):
    """A node of the outcome tree: strand, topic, or required outcome (yêu cầu cần đạt). CASE calls it a CFItem.

    public_id    also the CASE identifier, so that a framework imported twice is one framework
    code         human code, unique in its subject: "TOAN.6.1.2.3"
    sequence     position among all nodes of the subject and grade, so that one ordered read is the tree
    folded_text  generated by the database: the text as it is searched
    uri          the address of the node in the framework it came from, if any
    """

    class Kind(models.TextChoices):
        STRAND = "strand"
        TOPIC = "topic"
        OUTCOME = "outcome"

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    grade = models.SmallIntegerField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    text = models.TextField()
    folded_text = models.GeneratedField(
        expression=Func(F("text"), function="khue_fold"), output_field=models.TextField(), db_persist=True
    )
    sequence = models.IntegerField()
    uri = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "code"], name="outcome_code_once")]
        indexes = [
            models.Index(fields=["subject", "grade", "sequence"], name="outcome_order"),
            GinIndex(OpClass(F("folded_text"), name="gin_trgm_ops"), name="outcome_search"),
        ]


class OutcomeImport(Record):
    """A file of outcomes that someone has uploaded and looks at before it is applied. Kept with its text until then.

    text  the file as it came, decoded; emptied when applied or given up
    """

    class Format(models.TextChoices):
        CSV = "csv"
        CASE = "case"

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    file_name = models.TextField()
    format = models.CharField(max_length=4, choices=Format.choices)
    grade = models.SmallIntegerField()  # of nodes that name none
    text = models.TextField()
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
