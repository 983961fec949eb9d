"""Lines that a reader has shown to the school's office."""

from django.db import models

from khue.foundation.record import Record


class Report(Record):
    """That a member asks the school's office to look at a line. The line is kept until the office has decided."""

    class Decision(models.TextChoices):
        OPEN = "open"
        HIDDEN = "hidden"
        KEPT = "kept"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey("messaging.Line", on_delete=models.CASCADE, related_name="+")
    reporter = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    reported_at = models.DateTimeField()
    decision = models.CharField(max_length=6, choices=Decision.choices, default=Decision.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.TextField(default="")
    decision_reason = models.TextField(default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "reporter"], name="line_reported_once_by_person")]
