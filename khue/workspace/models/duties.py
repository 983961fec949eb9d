"""Meetings with what they decided, and tasks."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from khue.foundation.record import Record


class Meeting(Record):
    """The minutes of a meeting. Once they are agreed to nobody changes them, and what was decided becomes tasks.

    circle      the group that met, "schools.subject_group:12", or empty: the whole office
    chair, secretary  led it, wrote it down
    absent      who was not there and why, in words
    submitted_at  when the secretary handed them in; None while they are being written, and again when they are changed
    returned    what is to be changed, in the words of who sent them back; empty once they are handed in again
    agreed_at   None while nobody has agreed to them
    symbol      số, ký hiệu, "07/BB-THCSKĐ": given when they are agreed to, without gaps in the year of the meeting
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    circle = models.TextField(default="")
    held_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    place = models.TextField(default="")
    chair = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    secretary = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    absent = models.TextField(default="")
    proceedings = models.TextField(default="")
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    returned = models.TextField(default="", db_default="")
    agreed_at = models.DateTimeField(null=True)
    agreed_by_name = models.TextField(default="")
    symbol = models.TextField(default="", db_default="")
    folded = models.GeneratedField(
        expression=Func("title", "proceedings", function="khue_fold", arg_joiner=" || ' ' || "),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-held_at"], name="meetings_of_office"),
            models.Index(
                fields=["organisation"],
                name="meetings_submitted",
                condition=Q(submitted_at__isnull=False, agreed_at=None),
            ),
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="meeting_search"),
        ]

    @property
    def state(self) -> str:
        """A key of labels.STATES."""
        if self.agreed_at is not None:
            return "agreed"
        if self.submitted_at is not None:
            return "submitted"
        return "returned" if self.returned else "draft"


class Attendance(models.Model):
    """That somebody was at a meeting."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="at_a_meeting_once")]
        indexes = [models.Index(fields=["person", "meeting"], name="meetings_of_person")]


class Decision(models.Model):
    """One thing a meeting decided: by whom and until when, or for all to know where nobody is named."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()
    words = models.TextField()
    assignee = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    task = models.ForeignKey("workspace.Task", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "order"], name="decision_order_once")]


class Task(Record):
    """Something one member of staff has to do by a day, of a document or of minutes.

    origin  where it comes from, in words: "Biên bản họp tổ Toán ngày 20/11"
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    origin = models.TextField(default="")
    document = models.ForeignKey("workspace.Document", on_delete=models.PROTECT, null=True, related_name="+")
    assignee = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    given_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    result = models.TextField(default="")
    withdrawn_at = models.DateTimeField(null=True)
    meeting = models.ForeignKey("workspace.Meeting", on_delete=models.PROTECT, null=True, related_name="+")
    folded = models.GeneratedField(
        # concat() is not immutable in PostgreSQL, the operator is
        expression=Func("title", "origin", function="khue_fold", arg_joiner=" || ' ' || "),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="task_search"),
            models.Index(fields=["assignee", "due_on", "id"], name="tasks_of_assignee"),
            models.Index(fields=["organisation", "due_on", "id"], name="tasks_of_office"),
        ]
