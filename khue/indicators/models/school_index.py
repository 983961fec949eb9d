"""The digital-transformation index of schools (QĐ 4725/QĐ-BGDĐT): a school's assessment of a year and its criteria."""

from typing import ClassVar

from django.db import models

from khue.foundation.record import Record


class SchoolAssessment(Record):
    """One school's assessment in one school year, on its way from the school to the public.

    level      1 to 3, when recognised: see school_index.level_of
    points_*   of the two groups, when recognised
    is_late    it came after the day by which schools hand in
    reason     why the department gave it back; empty otherwise
    decision   number of the decision that recognises it
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        SUBMITTED = "submitted"
        RETURNED = "returned"
        APPRAISED = "appraised"
        RECOGNISED = "recognised"
        PUBLISHED = "published"

    #: States in which the school's word may still change: nothing has been handed in.
    OPEN: ClassVar = (State.DRAFT, State.RETURNED)

    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the unique constraint begins with it
    school_year = models.CharField(max_length=9)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by_name = models.TextField(default="")
    is_late = models.BooleanField(default=False)
    reason = models.TextField(default="")
    appraised_at = models.DateTimeField(null=True)
    appraised_by_name = models.TextField(default="")
    decision = models.TextField(default="")
    recognised_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    level = models.SmallIntegerField(null=True)
    points_teaching = models.SmallIntegerField(null=True)
    points_governance = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "school_year"], name="school_assessment_once"),
        ]
        indexes = [models.Index(fields=["school_year", "state"], name="school_assessment_by_state")]

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class CriterionClaim(models.Model):
    """What a school says of one criterion, and what the department makes of it.

    claimed    points; of a mandatory criterion 1 for met and 0 for not met; null where nothing was said
    appraised  points that the department gives; null until then
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(SchoolAssessment, on_delete=models.CASCADE, related_name="+", db_index=False)
    code = models.CharField(max_length=8)
    claimed = models.SmallIntegerField(null=True)
    evidence = models.TextField(default="")
    link = models.TextField(default="")
    appraised = models.SmallIntegerField(null=True)
    remark = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "code"], name="criterion_claim_once")]
