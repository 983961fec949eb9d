"""How the roster comes in from files."""

from django.db import models

from khue.foundation.record import Record
from khue.schools.models.years import SchoolYear


class RosterImport(Record):
    """One roster file on its way into a school year: uploaded, mapped, looked at, applied or cancelled.

    columns     what stands above each column and what it means: [{"index", "heading", "key", "field"}]
    preview     what the plan said when it was last made: see roster.preview
    applies_on  the day from which new enrolments hold and moved pupils leave their old class
    class_name  the class of every row that names none: a file may be the list of one class
    newcomers   ids of the people whom the import brought and opened accounts for, by role
    """

    class Source(models.TextChoices):
        EXCEL = "excel"
        ONEROSTER = "oneroster"
        STAFF = "staff"

    class State(models.TextChoices):
        MAPPING = "mapping"
        PREVIEW = "preview"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=9, choices=Source.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.MAPPING)
    sheet = models.TextField(default="")
    heading_first = models.IntegerField(default=0)
    heading_last = models.IntegerField(default=0)
    columns = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    preview = models.JSONField(default=dict)
    creates_classes = models.BooleanField(default=False)
    class_name = models.CharField(max_length=40, default="", db_default="")
    opens_accounts = models.BooleanField(default=False)
    newcomers = models.JSONField(default=dict, db_default={})
    applies_on = models.DateField()
    job = models.ForeignKey("foundation.Job", null=True, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey("identity.Account", null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="roster_import_latest")]

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.MAPPING, self.State.PREVIEW)


class ColumnChoice(models.Model):
    """What a school said a column of its files means; null where it leaves the column out.

    heading_key  the heading as roster.fields.heading_key writes it
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    heading_key = models.CharField(max_length=90)
    field = models.CharField(max_length=30, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "heading_key"], name="column_choice_once"),
        ]
