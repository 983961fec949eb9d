"""Who was there: the log of each lesson held, and the pupils who were not simply present."""

from django.db import models

from khue.foundation.record import Record


class LessonLog(Record):
    """One lesson that was held: sổ ghi đầu bài. Written when the teacher takes the roll.

    mode  in the classroom, or online (indicators A5 and A6 count periods by it)
    """

    class Mode(models.TextChoices):
        CLASSROOM = "classroom"
        ONLINE = "online"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    slot = models.ForeignKey("timetable.Slot", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    mode = models.CharField(max_length=9, choices=Mode.choices, default=Mode.CLASSROOM)
    title = models.TextField(default="")
    remark = models.TextField(default="")
    taken_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slot", "day"], name="lesson_logged_once")]
        indexes = [models.Index(fields=["organisation", "day"], name="lesson_log_of_day")]


class Absence(models.Model):
    """One pupil who was not simply present in one lesson. Being present leaves no row (domain §4.4)."""

    class Kind(models.TextChoices):
        EXCUSED = "P"
        UNEXCUSED = "K"
        LATE = "M"
        SKIPPED = "T"

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(LessonLog, on_delete=models.CASCADE, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=1, choices=Kind.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "enrolment"], name="absence_once")]
        indexes = [models.Index(fields=["enrolment", "lesson"], name="absences_of_pupil")]
