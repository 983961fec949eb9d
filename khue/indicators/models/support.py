"""Programmes that bring devices and lines to those who lack them, and where each given thing is."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class SupportProgramme(Record):
    """A call for help and what came of it: who gives, for whom, from when to when.

    organisation  the office or school that runs it
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    sponsor = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="programme_in_order"
            )
        ]


class SupportedDevice(Record):
    """One given thing at one school. `number` is what stands on it: a serial number or an inventory tag."""

    class Kind(models.TextChoices):
        LAPTOP = "laptop"
        TABLET = "tablet"
        PHONE = "phone"
        SIM = "sim"
        OTHER = "other"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    programme = models.ForeignKey(SupportProgramme, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    number = models.CharField(max_length=60)
    received_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="supported_device_once")]


class DeviceHolding(models.Model):
    """That a pupil has a given thing, from a day to a day. One at a time."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(SupportedDevice, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    handed_on = models.DateField()
    returned_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device"], condition=Q(returned_on=None), name="device_with_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(returned_on=None) | Q(returned_on__gte=F("handed_on")), name="holding_in_order"
            ),
        ]
