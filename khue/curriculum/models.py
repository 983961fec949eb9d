"""What is to be learnt: programmes, subjects, periods, required outcomes. Reference data with dates and sources."""

from django.db import models

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

    uri  the identifier in the framework it came from, if any
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
    sequence = models.IntegerField()
    uri = models.TextField(default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "code"], name="outcome_code_once")]
        indexes = [models.Index(fields=["subject", "grade", "sequence"], name="outcome_order")]
