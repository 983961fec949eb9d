"""Shared folders: born from roles and groups, so that they outlive whoever holds them."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func

from khue.foundation.record import Record


class Folder(Record):
    """A folder of one circle of the staff. It belongs to the circle, never to a person.

    circle  "office", "board", or of a kind that another room plugs in: "schools.subject_group:12"
    title   the circle's name when the folder was last used, for when the circle is no more
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    circle = models.TextField()
    title = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "circle"], name="folder_once")]


class SharedFile(Record):
    """A file in a folder, by its name; what it contained and contains are its versions.

    removed_at  taken out of the folder; it can be put back
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    folded = models.GeneratedField(
        expression=Func(F("name"), function="khue_fold"), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["folder", "name"], name="shared_name_once")]
        indexes = [GinIndex(OpClass(F("folded"), name="gin_trgm_ops"), name="shared_file_search")]


class Version(models.Model):
    """What a shared file contained from then on. Versions are added and never changed."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    shared = models.ForeignKey(SharedFile, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    put_at = models.DateTimeField()
    put_by_name = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shared", "number"], name="version_number_once")]
