"""The course of a class-subject: lessons in order, what stands in each, and who has done it."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class Lesson(Record):
    """One lesson of the course. A draft is seen by its teachers only.

    due_on  the day by which pupils should have done it; null for no day
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    class_subject = models.ForeignKey("schools.ClassSubject", on_delete=models.PROTECT, related_name="+")
    position = models.IntegerField()
    title = models.TextField()
    text = models.TextField(default="")
    due_on = models.DateField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["class_subject", "position"], name="lesson_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="lesson_due", condition=Q(due_on__isnull=False))]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class LessonItem(Record):
    """One thing of a lesson: a resource of the library, or a test that was set to the class."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="+")
    position = models.IntegerField()
    resource = models.ForeignKey("library.Resource", null=True, on_delete=models.PROTECT, related_name="+")
    assignment = models.ForeignKey("assessment.Assignment", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "position"], name="lesson_item_position_once"),
            models.UniqueConstraint(fields=["lesson", "resource"], name="lesson_resource_once"),
            models.UniqueConstraint(fields=["lesson", "assignment"], name="lesson_assignment_once"),
            models.CheckConstraint(
                condition=Q(resource__isnull=True, assignment__isnull=False)
                | Q(resource__isnull=False, assignment__isnull=True),
                name="lesson_item_is_one_thing",
            ),
        ]


class LessonDone(models.Model):
    """That a pupil has done a lesson, and when."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lesson", "enrolment"], name="lesson_done_once")]
        indexes = [models.Index(fields=["enrolment", "lesson"], name="lessons_done_by_pupil")]
