"""The keys under which a school's conversations are kept."""

from django.db import models


class DataKey(models.Model):
    """One version of a school's key for the words of its conversations. The highest version is written with.

    wrapped  the key itself, encrypted with the node's key (keys.py); nothing in the database opens it
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="data_key_version_once")]
