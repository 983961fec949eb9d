"""The mark-book: one per class-subject and term, its columns, its marks, and what was changed after the lock."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class MarkBook(Record):
    """Sổ theo dõi và đánh giá of one class-subject in one term.

    rule_set         code of the rules it is kept by, fixed when it is opened
    school_year      the year it starts in, 2026 for 2026-2027; the marks are partitioned by it
    columns          how many it has
    columns_entered  in how many of them a mark stands; settled by mark_table
    locked_at        from then on a mark changes only by an approved correction
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("schools.Term", on_delete=models.PROTECT, related_name="+")
    rule_set = models.CharField(max_length=20)
    school_year = models.SmallIntegerField()
    is_scored = models.BooleanField()  # False: Đạt / Chưa đạt
    columns = models.SmallIntegerField(default=0, db_default=0)
    columns_entered = models.SmallIntegerField(default=0, db_default=0)
    locked_at = models.DateTimeField(null=True)
    locked_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["class_subject", "term"], name="mark_book_once")]

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class MarkColumn(Record):
    """One column of a mark-book: a regular mark, the mid-term or the end-term mark.

    assignment  the online test whose results flow into this column
    has_marks   whether a mark stands in it; settled by mark_table
    strand      the part of an integrated subject whose teacher enters it; "" for any of its teachers
    """

    class Kind(models.TextChoices):
        REGULAR = "regular"
        MID_TERM = "mid"
        END_TERM = "end"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey(MarkBook, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    position = models.SmallIntegerField()  # 1, 2, 3 ... among columns of its kind
    title = models.TextField(default="")
    assignment_id = models.BigIntegerField(null=True)
    has_marks = models.BooleanField(default=False, db_default=False)
    strand = models.TextField(default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "kind", "position"], name="mark_column_once"),
            models.UniqueConstraint(
                fields=["assignment_id", "book"],
                condition=Q(assignment_id__isnull=False),
                name="mark_column_assignment_once",
            ),
        ]


class Mark(models.Model):
    """One pupil's mark in one column. Partitioned by school year (migration 0001).

    tenths     85 for 8,5; null for a commented subject and for an exemption
    passed     Đạt or Chưa đạt in a commented subject
    """

    pk = models.CompositePrimaryKey("school_year", "column_id", "enrolment_id")
    school_year = models.SmallIntegerField()
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    column = models.ForeignKey(MarkColumn, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    tenths = models.SmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    is_exempt = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)  # null: by the system, from a test

    class Meta:
        managed = False
        db_table = "gradebook_mark"


class TermResult(models.Model):
    """One pupil's term in one subject as the marks now give it: the mean, or passed.

    mean_tenths  ĐTBmhk, null while no mark counts and in commented subjects
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey(MarkBook, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    mean_tenths = models.SmallIntegerField(null=True)
    passed = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "enrolment"], name="term_result_once")]
        indexes = [models.Index(fields=["enrolment"], name="term_result_of_pupil")]


class MarkCorrection(Record):
    """A change asked for after the lock: with a reason, decided by the head, kept for ever.

    source  domain §3.4: old value, new value, who, when
    """

    class State(models.TextChoices):
        ASKED = "asked"
        APPROVED = "approved"
        DECLINED = "declined"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    column = models.ForeignKey(MarkColumn, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    old_typed = models.CharField(max_length=4)
    new_typed = models.CharField(max_length=4)
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField()
    asked_by_name = models.TextField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["column", "enrolment"], condition=Q(state="asked"), name="one_open_correction_a_mark"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state", "asked_at"], name="corrections_waiting")]
