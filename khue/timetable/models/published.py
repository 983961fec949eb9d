"""Versions of a timetable and the hours of its periods."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record


class Session(models.TextChoices):
    """A half-day."""

    MORNING = "am"
    AFTERNOON = "pm"


class Bell(models.Model):
    """The hours of one period at a school, or at one campus of it where they differ."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    campus = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    session = models.CharField(max_length=2, choices=Session.choices)
    period = models.SmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "campus", "session", "period"], name="bell_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="bell_hours_in_order"),
        ]


class CampusWay(models.Model):
    """How long the way between two campuses of a school takes. `other` is None for the main one."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    one = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("registry.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "one", "other"], name="way_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(minutes__gte=0), name="way_not_negative"),
        ]


class TimetableVersion(Record):
    """A week's plan in force from a day until the next version begins."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    term = models.ForeignKey("schools.Term", on_delete=models.PROTECT, related_name="+")
    title = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "valid_from"], name="timetable_version_once")]


class Slot(Record):
    """One period of the week: this class-subject, this teacher, this room.

    weekday    1 Monday to 7 Sunday
    is_online  planned as an online lesson; what really happened stands in the lesson log
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(TimetableVersion, on_delete=models.CASCADE, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    staff = models.ForeignKey("schools.StaffMember", on_delete=models.PROTECT, related_name="+")
    room = models.ForeignKey("schools.Room", null=True, on_delete=models.PROTECT, related_name="+")
    weekday = models.SmallIntegerField()
    session = models.CharField(max_length=2, choices=Session.choices)
    period = models.SmallIntegerField()
    is_online = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version", "weekday", "session", "period", "staff"], name="teacher_in_one_place_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["version", "weekday", "session", "period", "class_subject"], name="class_subject_once_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["version", "weekday", "session", "period", "room"],
                condition=Q(room__isnull=False),
                name="room_for_one_lesson_at_a_time",
            ),
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="slot_weekday"),
        ]
        indexes = [models.Index(fields=["class_subject", "weekday"], name="slot_of_class_subject")]
