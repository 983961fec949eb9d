"""What is taught in a class, who teaches it, and which pupils take what they could choose."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record
from khue.schools.models.classes import Enrolment, SchoolClass
from khue.schools.models.staff import StaffMember


class ClassSubject(Record):
    """A subject taught in a class: the row that timetable, course and mark-book point at.

    weekly_periods  by term, because 52 periods a year are not a constant a week
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey("curriculum.Subject", on_delete=models.PROTECT, related_name="+")
    weekly_periods_term_1 = models.DecimalField(max_digits=4, decimal_places=2)
    weekly_periods_term_2 = models.DecimalField(max_digits=4, decimal_places=2)
    is_elective = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "subject"], name="class_subject_once")]


class TeachingAssignment(models.Model):
    """Who teaches a class-subject. Integrated subjects have several teachers, each with a strand and a share."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(ClassSubject, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    strand = models.TextField(default="")
    share_percent = models.SmallIntegerField(default=100)
    leads = models.BooleanField(default=True)  # enters the mid-term and end-term marks
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["class_subject", "staff", "strand", "starts_on"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(share_percent__gt=0, share_percent__lte=100), name="assignment_share_percent"
            ),
        ]
        indexes = [models.Index(fields=["staff"], name="assignment_of_staff")]


class ElectiveChoice(models.Model):
    """That one pupil takes one elective subject of the class, from a day to a day."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey(ClassSubject, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "class_subject", "starts_on"], name="elective_once"),
        ]
