"""Two lessons of a class that change places on one day, while nobody is away."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record
from khue.timetable.models.published import Session, Slot


class Swap(Record):
    """That two lessons of a class changed places on a day. Where each is then stands in its `Move`."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    reason = models.TextField(default="")
    arranged_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "day"], name="swaps_of_day")]


class Move(models.Model):
    """Where the lesson of a slot is on one day: in the same half-day, in another period.

    withdrawn_at  the swap's own, so that the database keeps a lesson from being moved twice
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    swap = models.ForeignKey(Swap, on_delete=models.CASCADE, related_name="moves")
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="moves")
    day = models.DateField()
    session = models.CharField(max_length=2, choices=Session.choices)
    period = models.SmallIntegerField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slot", "day"], condition=Q(withdrawn_at=None), name="lesson_moved_once")
        ]
