"""What happened: every act of learning as an xAPI statement."""

from django.db import models


class Statement(models.Model):
    """Actor, verb, object, result, context - in columns, partitioned by month (migration 0001).

    statement_id  the xAPI id, made by whoever tells; the same statement told twice is one row
    verb          the last part of the verb's IRI: "completed", "experienced", "answered", "passed"
    object_kind   what was acted on: "resource", "lesson", "test"
    object_id     its public id
    score_ratio   result.score.scaled, 0 to 1
    """

    pk = models.CompositePrimaryKey("happened_at", "statement_id")
    statement_id = models.UUIDField()
    happened_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    verb = models.TextField()
    object_kind = models.TextField()
    object_id = models.UUIDField()
    object_name = models.TextField()
    parent_id = models.UUIDField(null=True)
    score_ratio = models.DecimalField(max_digits=5, decimal_places=4, null=True)
    is_success = models.BooleanField(null=True)
    seconds = models.IntegerField(null=True)

    class Meta:
        managed = False
        db_table = "activity_statement"


class ActiveDay(models.Model):
    """That a person learnt something online on a day. One small row instead of many statements, for indicator A2."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "day", "person"], name="active_day_once")]
        indexes = [models.Index(fields=["person", "day"], name="active_days_of_person")]
