"""A pupil's year beyond the marks: conduct, exemptions, what came from another school, what the year comes to."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class TermConduct(Record):
    """Kết quả rèn luyện of one pupil in one term, by the homeroom teacher.

    level             0 Chưa đạt, 1 Đạt, 2 Khá, 3 Tốt; null while only the absences are written down
    sessions_absent   as the homeroom teacher counted; null where nobody did or the roll call counts
    source            TT 22/2021/TT-BGDĐT, Điều 8
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("schools.Term", on_delete=models.PROTECT, related_name="+")
    level = models.SmallIntegerField(null=True)
    comment = models.TextField(default="")
    sessions_absent = models.SmallIntegerField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "term"], name="term_conduct_once"),
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__range=(0, 3)), name="conduct_level"),
            models.CheckConstraint(
                condition=Q(sessions_absent__isnull=True) | Q(sessions_absent__gte=0), name="conduct_absences"
            ),
        ]


class Exemption(Record):
    """Miễn học: a pupil who need not take a subject, from a day to a day, by the head's decision.

    source  TT 22/2021/TT-BGDĐT, Điều 11
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.TextField()
    granted_at = models.DateTimeField()
    granted_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "class_subject"], condition=Q(ends_on=None), name="exemption_open_once"
            )
        ]


class ReceivedResult(Record):
    """The result of a term that a pupil spent at another school, as that school's transcript has it.

    origin  the school it comes from
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("schools.Term", on_delete=models.PROTECT, related_name="+")
    mean_tenths = models.SmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    origin = models.TextField()
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "class_subject", "term"], name="received_once"),
            models.CheckConstraint(
                condition=Q(mean_tenths__range=(0, 100), passed__isnull=True)
                | Q(mean_tenths__isnull=True, passed__isnull=False),
                name="received_says_one_thing",
            ),
        ]


class MakeUpTest(Record):
    """Kiểm tra bù: a pupil missed a mark with good reason and is to be assessed again in the same term.

    due_on      the last day on which it may be held; without it the mark is 0 or Chưa đạt
    settled_at  from then on the mark stands, by the make-up or by its absence
    source      TT 22/2021/TT-BGDĐT, Điều 7
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    column = models.ForeignKey("gradebook.MarkColumn", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    due_on = models.DateField()
    planned_at = models.DateTimeField()
    planned_by_id = models.BigIntegerField(null=True)
    was_held = models.BooleanField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "column"], name="make_up_once")]


class Reassessment(Record):
    """Đánh giá lại in summer: a subject that is assessed again; its result takes the place of the year's.

    tenths, passed  null until it has been held
    source          TT 22/2021/TT-BGDĐT, Điều 14
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    tenths = models.SmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    held_on = models.DateField(null=True)
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "class_subject"], name="reassessment_once"),
            models.CheckConstraint(
                condition=Q(tenths__isnull=True) | Q(tenths__range=(0, 100)), name="reassessment_on_scale"
            ),
        ]


class SummerTraining(Record):
    """Rèn luyện trong hè: a task for a pupil whose conduct of the year is Chưa đạt.

    was_completed  null until the homeroom teacher has judged it
    source         TT 22/2021/TT-BGDĐT, Điều 13
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.OneToOneField("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    task = models.TextField()
    proposed_at = models.DateTimeField()
    proposed_by_id = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by_id = models.BigIntegerField(null=True)
    was_completed = models.BooleanField(null=True)
    judged_at = models.DateTimeField(null=True)


class LevelDecision(Record):
    """The study level of a year that a person settled where the circular can be read in two ways.

    source  TT 22/2021/TT-BGDĐT, Điều 9 khoản 3
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.OneToOneField("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    level = models.SmallIntegerField()
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.TextField()


class ClassMeeting(Record):
    """The meeting on a class's year: the homeroom teacher writes its minutes, the head approves them.

    From the approval on conduct and results of the class stand.
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_class = models.OneToOneField("schools.SchoolClass", on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    minutes = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by_name = models.TextField()
    approved_at = models.DateTimeField(null=True)
    approved_by_name = models.TextField(default="")


class SubjectYear(models.Model):
    """One pupil's year in one subject, as last worked out.

    term_1, term_2  ĐTBmhk in tenths; 100 and 0 stand for Đạt and Chưa đạt in a commented subject
    year            ĐTBmcn, or the result that counts for the year, on the same scale
    reassessed      the result after summer, on the same scale
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+", db_index=False)
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    is_scored = models.BooleanField()
    is_exempt = models.BooleanField(default=False)
    term_1 = models.SmallIntegerField(null=True)
    term_2 = models.SmallIntegerField(null=True)
    year = models.SmallIntegerField(null=True)
    reassessed = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "class_subject"], name="subject_year_once")]


class PupilYear(models.Model):
    """What one pupil's year comes to, as last worked out. Null where something is still missing.

    study_term_1, study_term_2, study    Kết quả học tập: 0 Chưa đạt to 3 Tốt
    unadjusted                           the year's level before the adjustment for one subject
    is_ambiguous                         the circular can be read in two ways and nobody has decided
    conduct                              Kết quả rèn luyện cả năm, after summer training
    sessions_absent                      null where nobody counts them
    missing_term_1, missing_term_2       how many subjects have no result
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.OneToOneField("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    rule_set = models.CharField(max_length=20)
    study_term_1 = models.SmallIntegerField(null=True)
    study_term_2 = models.SmallIntegerField(null=True)
    study = models.SmallIntegerField(null=True)
    unadjusted = models.SmallIntegerField(null=True)
    is_ambiguous = models.BooleanField(default=False)
    conduct_term_1 = models.SmallIntegerField(null=True)
    conduct_term_2 = models.SmallIntegerField(null=True)
    conduct = models.SmallIntegerField(null=True)
    sessions_absent = models.SmallIntegerField(null=True)
    outcome = models.CharField(max_length=16, default="")
    award = models.CharField(max_length=10, default="")
    missing_term_1 = models.SmallIntegerField(default=0)
    missing_term_2 = models.SmallIntegerField(default=0)
    worked_out_at = models.DateTimeField()


class EntryWindow(models.Model):
    """Within which days marks of a kind may be entered in a term; where none is set they may be at any time.

    kind  a kind of mark column, or "conduct"
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("schools.Term", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8)
    opens_on = models.DateField()
    closes_on = models.DateField()  # the last day

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "kind"], name="entry_window_once"),
            models.CheckConstraint(condition=Q(closes_on__gte=models.F("opens_on")), name="entry_window_in_order"),
        ]
