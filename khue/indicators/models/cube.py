"""What the indicators come to: counts by organisation and school year, summed up the tree as rows change."""

from django.db import models
from django.db.models import F, Func, Q

from khue.foundation.record import Record


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


class ClassCount(models.Model):
    """One indicator in one class, counted together with its school, so that a page of the school counts nothing."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # class_count_of_school begins with it
    school_class = models.ForeignKey(
        "schools.SchoolClass", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the unique constraint begins with it
    code = models.CharField(max_length=4)
    school_year = models.CharField(max_length=9)
    numerator = models.BigIntegerField(default=0)
    denominator = models.BigIntegerField(default=0)
    unknown = models.BigIntegerField(default=0)
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school_class", "code"], name="class_count_once")]
        indexes = [models.Index(fields=["organisation", "code", "school_year"], name="class_count_of_school")]


class FarFigure(models.Model):
    """One indicator of a school whose rows another node keeps, as that node says it.

    key           of the record by which it came; version: of that record
    organisation  the school, where it is a body of this node; else the body whose neighbour brought it
    neighbour     the node that brought it
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # far_figure_of begins with it
    key = models.CharField(max_length=150, unique=True)
    school_code = models.CharField(max_length=35)
    school_name = models.TextField()
    folded_name = models.GeneratedField(
        expression=Func(F("school_name"), function="khue_fold"), output_field=models.TextField(), db_persist=True
    )
    code = models.CharField(max_length=4)
    school_year = models.CharField(max_length=9)
    definition = models.SmallIntegerField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    unknown = models.BigIntegerField()
    version = models.IntegerField()
    neighbour = models.TextField()
    changed_at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["organisation", "code", "school_year", "id"], name="far_figure_of")]


class FigureMark(models.Model):
    """Up to which place of the exchange's feed figures of other nodes are taken. One row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    position = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="figure_mark_once")]


class StaleSchool(models.Model):
    """A school where something happened since it was last counted."""

    organisation = models.OneToOneField(
        "registry.Organisation", primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField()


class LakeMark(models.Model):
    """How far the facts have flowed: every transaction before `horizon` is in the lake. One row.

    horizon  a transaction number of this database server (pg_snapshot_xmin)
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    horizon = models.BigIntegerField()
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="lake_mark_once")]


class LakePartition(models.Model):
    """One file of the lake: the facts of a table in a month and a province. Always written whole."""

    id = models.BigAutoField(primary_key=True)
    table = models.CharField(max_length=20)
    month = models.CharField(max_length=7)
    province = models.CharField(max_length=5)
    rows = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "month", "province"], name="lake_partition_once")]


class CubeRun(Record):
    """One counting of a month from the lake: which engine, from which files, until when. What a figure came from.

    files  [{"table", "month", "province", "rows", "sha256"}], as they were read
    """

    month = models.CharField(max_length=7)
    first_month = models.CharField(max_length=7)
    engine = models.CharField(max_length=10)
    files = models.JSONField(default=list)
    milliseconds = models.IntegerField()
    counted_at = models.DateTimeField()


class MonthlyCount(models.Model):
    """One indicator at one organisation at the end of one month: the stored cube.

    definition  the version of the indicator's definition by which it was counted
    run         the counting that it came from
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the unique constraint begins with it
    code = models.CharField(max_length=4)
    month = models.CharField(max_length=7)
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    unknown = models.BigIntegerField(default=0)
    definition = models.SmallIntegerField()
    run = models.ForeignKey(CubeRun, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code", "month"], name="monthly_count_once"),
            models.CheckConstraint(condition=Q(numerator__lte=F("denominator")), name="monthly_count_is_a_share"),
        ]


class ReportedCount(Record):
    """A figure that an office typed, because no rows of this node make it: higher education, procedures, surveys.

    about_on  the day it is about
    source    the document it was taken from
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=4)
    about_on = models.DateField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    source = models.TextField()
    reported_at = models.DateTimeField()
    reported_by_id = models.BigIntegerField(null=True)
    reported_by_name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "code", "about_on"], name="reported_count_once"),
            models.CheckConstraint(
                condition=Q(numerator__gte=0, denominator__gt=0, numerator__lte=F("denominator")),
                name="reported_count_is_a_share",
            ),
        ]


class HumanMeasure(Record):
    """A component of the Human Capital Index in a country or province and a year, as its source gives it.

    organisation  the Ministry for the country, a department for its province
    is_target     where it is to be, as the source says, instead of where it was
    """

    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the unique constraint begins with it
    component = models.CharField(max_length=4)
    year = models.SmallIntegerField()
    is_target = models.BooleanField(default=False)
    value = models.DecimalField(max_digits=8, decimal_places=4)
    source = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by_name = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "component", "year", "is_target"], name="human_measure_once"
            )
        ]


class OpenDataSet(Record):
    """The indicators of a month as an office published them, small figures hidden. Anybody may read it.

    content     CSV, UTF-8
    hidden      how many lines have their figures hidden
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    content = models.TextField()
    lines = models.IntegerField()
    hidden = models.IntegerField()
    published_at = models.DateTimeField()
    published_by_name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "month"], name="open_data_once")]
