"""Rules and rights as dated data: what a record must satisfy, and which level may see which field."""

from django.db import models
from django.db.models import F, Q


class ValidationRule(models.Model):
    """One check on one field of one kind of record, for the days on which it holds.

    check     name of a function in checks.py; argument: what it takes, as text
    severity  "error" holds the record back, "warning" is counted and sent
    duty      the role that can mend it
    """

    class Severity(models.TextChoices):
        ERROR = "error"
        WARNING = "warning"

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    field = models.CharField(max_length=40)
    check_name = models.CharField(max_length=20)
    argument = models.TextField(default="")
    severity = models.CharField(max_length=7, choices=Severity.choices)
    duty = models.CharField(max_length=20)
    message = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "kind", "field", "valid_from"], name="validation_rule_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="validation_rule_dates"
            ),
        ]


class FieldGrant(models.Model):
    """That a level may see a field, for the days on which it holds. A field without one never leaves the node."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    field = models.CharField(max_length=40)
    level = models.CharField(max_length=10)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    source = models.TextField()
    verified = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "field", "level", "valid_from"], name="field_grant_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="field_grant_dates"
            ),
        ]
