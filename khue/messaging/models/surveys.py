"""Surveys: their questions, what was answered, and of anonymous ones only the sums."""

from django.db import models
from django.db.models import F, Q

from khue.foundation.record import Record
from khue.messaging.models.announcements import Announcement, AnnouncementCopy


class Survey(Record):
    """An announcement with questions.

    by_child      each child is answered for once, by a guardian who may decide; else each person for oneself
    is_anonymous  no answer is tied to anybody: only sums are kept (SurveyTally)
    is_template   colleagues of the school may copy its questions
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    announcement = models.OneToOneField(Announcement, on_delete=models.CASCADE, related_name="survey")
    by_child = models.BooleanField()
    is_anonymous = models.BooleanField()
    is_template = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-id"], name="survey_templates", condition=Q(is_template=True)),
        ]


class SurveyQuestion(Record):
    """One question. least, most: the ends of a scale, or of the numbers that are taken; None where there is no end."""

    class Kind(models.TextChoices):
        ONE = "one"
        SEVERAL = "several"
        SCALE = "scale"
        NUMBER = "number"
        DATE = "date"
        TEXT = "text"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.SmallIntegerField()
    kind = models.CharField(max_length=7, choices=Kind.choices)
    text = models.TextField()
    is_required = models.BooleanField(default=True)
    least = models.IntegerField(null=True)
    most = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="survey_question_once"),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gt=F("least")),
                name="survey_question_ends_in_order",
            ),
        ]


class SurveyChoice(models.Model):
    """One thing that may be chosen, by its number within the question."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.SmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="survey_choice_once")]


class SurveyReply(Record):
    """What somebody answered on one copy of a survey that is not anonymous. A later reply stands; earlier ones stay."""

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="+")
    copy = models.ForeignKey(AnnouncementCopy, on_delete=models.PROTECT, related_name="+")
    replied_by = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    replied_at = models.DateTimeField()
    stands = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["copy"], condition=Q(stands=True), name="survey_reply_stands_once"),
        ]


class SurveyAnswer(models.Model):
    """The answer to one question within a reply; of several choices one row each.

    value  a choice's number, a number with a point, a day as 2026-11-23, or the text
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    reply = models.ForeignKey(SurveyReply, on_delete=models.CASCADE, related_name="+")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="+", db_index=False)
    value = models.TextField()


class SurveyTally(models.Model):
    """How often something was answered in an anonymous survey. All that is kept of it: no person, no time, no order.

    The rows of a survey are written anew, in no order, with every answer (actions/survey_answers.py).
    """

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.CASCADE, related_name="+", db_index=False)
    value = models.TextField()
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "value"], name="survey_tally_once")]
