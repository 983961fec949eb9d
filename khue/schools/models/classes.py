"""Classes, who leads them, who is in them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value

from khue.foundation.record import Record
from khue.schools.models.staff import StaffMember
from khue.schools.models.years import SchoolYear


class SchoolClass(Record):
    """A class of one year: "6A1".

    homeroom_teacher  who leads it now; from when to when stands in HomeroomAppointment
    closed_on         the first day on which there is no such class any more
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    campus = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    grade = models.SmallIntegerField()
    name = models.CharField(max_length=40)
    homeroom_teacher = models.ForeignKey(StaffMember, null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_year", "name"], name="class_name_once")]


def _days() -> Func:
    """The days on which a dated row holds."""
    return Func(F("starts_on"), F("ends_on"), Value("[)"), function="daterange", output_field=DateRangeField())


class HomeroomAppointment(models.Model):
    """That a teacher leads a class, from a day to a day; one at a time."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="class_led_by_one_at_a_time",
                expressions=[("school_class", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
            ),
        ]


class Enrolment(Record):
    """A pupil in a class, from a day to a day. Nobody is in two classes of one school year at once."""

    class Status(models.TextChoices):
        STUDYING = "studying"
        MOVED_CLASS = "moved_class"
        TRANSFERRED = "transferred"
        LEFT = "left"
        FINISHED = "finished"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    school_class = models.ForeignKey(
        SchoolClass, on_delete=models.PROTECT, related_name="+", db_index=False
    )  # enrolment_members begins with it
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    status = models.CharField(max_length=11, choices=Status.choices, default=Status.STUDYING)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="enrolment_in_one_class_at_a_time",
                expressions=[("person", RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
            ),
        ]
        indexes = [models.Index(fields=["school_class", "person"], name="enrolment_members")]
