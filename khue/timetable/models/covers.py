"""Teachers who are away, and who gives their lessons."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record
from khue.timetable.models.published import Session, Slot


class Absence(Record):
    """That a teacher gives no lessons from a day to a day, both included."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("schools.StaffMember", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField(default="")
    told_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="absence_in_order")]


class Cover(Record):
    """That somebody else gives the lesson of a slot on one day.

    session, period  the slot's own, so that the database keeps a substitute from being in two places
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="covers")
    staff = models.ForeignKey("schools.StaffMember", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    session = models.CharField(max_length=2, choices=Session.choices)
    period = models.SmallIntegerField()
    assigned_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "day"], condition=Q(withdrawn_at=None), name="lesson_covered_by_one"
            ),
            models.UniqueConstraint(
                fields=["staff", "day", "session", "period"],
                condition=Q(withdrawn_at=None),
                name="substitute_in_one_place_at_a_time",
            ),
        ]
