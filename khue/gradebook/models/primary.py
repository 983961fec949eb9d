"""A primary pupil's year: levels and tests at four moments, remarks, and what the year comes to."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class PrimaryAssessment(models.Model):
    """One subject, strand, quality or competence of one pupil at one of the four moments of a year.

    moment  1 middle and 2 end of term 1, 3 middle of term 2, 4 end of the year
    item    code of the subject or strand ("TV", "NT.AN"), or of the trait ("yeu_nuoc")
    level   0 C, 1 H or Đ, 2 T
    test    the periodic test, a whole mark from 1 to 10; null where there is none
    source  TT 27/2020/TT-BGDĐT, Điều 7
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+", db_index=False)
    moment = models.SmallIntegerField()
    item = models.CharField(max_length=24)
    level = models.SmallIntegerField(null=True)
    test = models.SmallIntegerField(null=True)
    recorded_at = models.DateTimeField()
    recorded_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "moment", "item"], name="primary_assessment_once"),
            models.CheckConstraint(condition=Q(moment__range=(1, 4)), name="primary_moment"),
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__range=(0, 2)), name="primary_level"),
            models.CheckConstraint(condition=Q(test__isnull=True) | Q(test__range=(1, 10)), name="primary_test"),
        ]


class PrimaryYear(models.Model):
    """What one primary pupil's year comes to. Null while something is missing.

    level      0 Chưa hoàn thành to 3 Hoàn thành xuất sắc
    promoted   what the school decided after further support, where the level alone does not move the pupil up
    award      "" or "excellent", "outstanding"
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.OneToOneField("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    rule_set = models.CharField(max_length=20)
    level = models.SmallIntegerField(null=True)
    missing = models.SmallIntegerField(default=0)
    promoted = models.BooleanField(null=True)
    decision_reason = models.TextField(default="")
    award = models.CharField(max_length=12, default="")
    award_reason = models.TextField(default="")
    worked_out_at = models.DateTimeField()


class Remark(models.Model):
    """A teacher's words on a pupil at one moment of the year.

    item  code of the subject; "" for the homeroom or class teacher's remark on the whole pupil
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+", db_index=False)
    moment = models.SmallIntegerField()
    item = models.CharField(max_length=24, default="")
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "moment", "item"], name="remark_once"),
            models.CheckConstraint(condition=Q(moment__range=(1, 4)), name="remark_moment"),
        ]


class Phrase(Record):
    """A sentence of the comment bank: a teacher's own, or the school's.

    owner_id  the account whose own it is; null for the whole school
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    owner_id = models.BigIntegerField(null=True)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "owner_id"], name="phrases_of")]
