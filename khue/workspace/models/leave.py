"""Leave of the staff, and the days of annual leave that somebody has in a year."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from khue.foundation.record import Record


class StaffLeave(Record):
    """Leave that one of the staff asks for, from a day to a day, both included. Two open ones never share a day.

    half_days   working time away, in halves of a day: 3 is a day and a half
    covered_by  who stands in for the duties meanwhile
    """

    class Kind(models.TextChoices):
        ANNUAL = "annual"
        PERSONAL = "personal"
        UNPAID = "unpaid"
        SICK = "sick"
        MATERNITY = "maternity"
        AWAY = "away"

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    of_board = models.BooleanField(default=False)  # asked by one who decides at the school
    kind = models.CharField(max_length=9, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    half_days = models.PositiveSmallIntegerField()
    reason = models.TextField()
    paper = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    covered_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.TextField(default="")
    answer = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="staff_leave_in_order"),
            ExclusionConstraint(
                name="staff_leave_once_a_day",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        Func("first_day", "last_day", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state__in=["waiting", "approved"]),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-id"], name="staff_leave_of_office"),
            models.Index(fields=["person", "-id"], name="staff_leave_of_person"),
        ]


class LeaveAllowance(models.Model):
    """How many days of annual leave somebody has in a calendar year, in halves of a day. No row: nobody has said."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    half_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "person", "year"], name="leave_allowance_once")]
