"""What the indicators come to: counts by organisation and school year, summed up the tree as rows change."""

from django.db import models


class IndicatorCount(models.Model):
    """One indicator at one organisation in one school year: counts, never a percentage.

    organisation  a school, or a body above it, whose counts are the sums of those below
    unknown       who or what could not be counted, because nobody has told
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=4)
    school_year = models.CharField(max_length=9)
    numerator = models.BigIntegerField(default=0)
    denominator = models.BigIntegerField(default=0)
    unknown = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code", "school_year"], name="indicator_count_once"),
        ]


class StaleSchool(models.Model):
    """A school where something happened since it was last counted."""

    organisation = models.OneToOneField(
        "registry.Organisation", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()
