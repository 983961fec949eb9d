"""Sổ gốc cấp văn bằng, chứng chỉ: numbered without a gap, never struck out, taken back by a row of its own."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class Diploma(Record):
    """One line of the register.

    kind        see Kind. There is no lower-secondary diploma since 1 January 2026 (Luật 123/2025)
    year        of the register; number: 1, 2, 3 ... in it, by kind (số vào sổ)
    serial      of the form (số hiệu), as the issuing body writes it; once in this node
    name, birth, birthplace, sex, ethnicity   as they stood on the day
    decision    number and day of the decision it rests on
    replaces    the line that this one takes the place of: corrected, or issued again
    """

    class Kind(models.TextChoices):
        UPPER_SECONDARY = "thpt"
        PROGRAMME = "programme"
        OTHER = "other"

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    year = models.SmallIntegerField()
    number = models.PositiveIntegerField()
    serial = models.CharField(max_length=40)
    title = models.TextField()
    name = models.TextField()
    birth = models.CharField(max_length=10)
    birthplace = models.TextField(default="")
    sex = models.CharField(max_length=1, default="0")
    ethnicity = models.CharField(max_length=3, default="")
    decision = models.TextField()
    issued_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by_name = models.TextField()
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="+")
    handed_on = models.DateField(null=True)
    handed_to = models.TextField(default="")
    withdrawn_on = models.DateField(null=True)
    withdrawn_reason = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind", "year", "number"], name="diploma_number_once"),
            models.UniqueConstraint(fields=["kind", "serial"], name="diploma_serial_once"),
            models.CheckConstraint(condition=Q(number__gt=0) & ~Q(serial=""), name="diploma_has_numbers"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None, withdrawn_reason="")
                | (Q(withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")),
                name="diploma_withdrawn_with_reason",
            ),
        ]


class DiplomaCounter(models.Model):
    """The last number given in a register; its row is locked while one is given, so that none is left out."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=9)
    year = models.SmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "year"], name="diploma_counter_once")]


class DiplomaCorrection(models.Model):
    """A note beside a line: what a decision changed in it. Never changed itself.

    wrong     what the line says; right: what holds instead
    decision  its number; ground: the civil-status act it rests on
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    diploma = models.ForeignKey(Diploma, on_delete=models.PROTECT, related_name="+")
    wrong = models.TextField()
    right = models.TextField()
    decision = models.TextField()
    ground = models.TextField()
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by_name = models.TextField()
