"""Excel files of other programs that were compared with our rows. Nothing of them is taken over by being read."""

from django.db import models

from khue.foundation.record import Record


class VendorSheet(Record):
    """One file, as it was read and compared.

    organisation  the school or office that brought it
    field_set     vendor.columns.FieldSet
    sheet         name of the sheet; heading: index of its lowest heading row, from 0
    columns       [{"index", "heading", "key", "target"}]; target is null where nobody said what it is
    counts        {"same": 310, ...} by vendor.comparing.Standing; empty until the columns name its rows
    notes         sentences about the whole file
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    field_set = models.CharField(max_length=20)
    sheet = models.TextField()
    heading = models.IntegerField()
    columns = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    read_at = models.DateTimeField()
    read_by_name = models.TextField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"], name="vendor_sheet_latest")]


class SheetLine(models.Model):
    """One row that is not the same on both sides.

    line         in the file, from 1; 0 for a row of ours that the file has not
    differences  [{"target", "label", "theirs", "ours", "may"}]; may: the school can take it over here
    troubles     vendor.comparing.Trouble
    unread       [{"label", "text", "why"}]
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # found by its sheet
    sheet = models.ForeignKey(VendorSheet, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.IntegerField()
    standing = models.CharField(max_length=8)
    school = models.TextField(default="")
    title = models.TextField(default="")
    differences = models.JSONField(default=list)
    troubles = models.JSONField(default=list)
    unread = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["sheet", "standing", "id"], name="sheet_line_by_standing")]


class HeadingMeaning(models.Model):
    """What a heading means in the files of one place, as it said before. target: "" for a column left out."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )  # the unique constraint begins with it
    field_set = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    target = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "field_set", "key"], name="heading_means_once")]
