"""Who took over from whom, and which codes a body bore before: so that history stays true when bodies change."""

from django.db import models
from django.db.models import F, Q


class Succession(models.Model):
    """That one body took over from another on a day: the first day on which the successor stands for it.

    predecessor, successor  named so, and not isolated, because which schools exist is public
    decision                number and date of the decision, as the officer wrote it
    """

    class Kind(models.TextChoices):
        MERGED = "merged"
        SPLIT = "split"

    id = models.BigAutoField(primary_key=True)
    predecessor = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind.choices)
    on = models.DateField()
    decision = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(condition=~Q(predecessor=F("successor")), name="succession_of_another"),
        ]


class OrganisationCode(models.Model):
    """A code that a body bore from a day to a day, and bears no more. Its code of today stands in its own row.

    valid_from  null where the beginning was never written down; valid_to: the last day
    """

    id = models.BigAutoField(primary_key=True)
    body = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=35)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "code", "valid_to"], name="organisation_code_once"),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to__gte=F("valid_from")), name="organisation_code_dates"
            ),
        ]
        indexes = [models.Index(fields=["code", "valid_to"], name="organisation_code_then")]
