"""Who works at a school, and in which subject group."""

from django.db import models

from khue.foundation.record import Record


class SubjectGroup(Record):
    """Tổ chuyên môn, with the member who leads it."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    leader = models.ForeignKey("schools.StaffMember", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="subject_group_once")]


class StaffMember(Record):
    """A person's work at one school, from a day to a day."""

    class Position(models.TextChoices):
        HEAD = "head"
        DEPUTY_HEAD = "deputy_head"
        TEACHER = "teacher"
        CLERK = "clerk"
        ACCOUNTANT = "accountant"
        OTHER = "other"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, default="")
    position = models.CharField(max_length=11, choices=Position.choices)
    subject_group = models.ForeignKey(SubjectGroup, null=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person", "starts_on"], name="staff_member_once"),
        ]
