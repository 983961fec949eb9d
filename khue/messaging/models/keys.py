"""The keys under which a school's conversations and their files are kept."""

from django.db import models


class DataKey(models.Model):
    """One version of a school's key for its conversations. The highest version is written with.

    wrapped  the key itself, encrypted with the node's key (keys.py); nothing in the database opens it
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField()
    wrapped = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="data_key_version_once")]


class FileKey(models.Model):
    """The key of one file of a conversation, made for it alone.

    wrapped  the key, encrypted with `data_key`: when that is renewed, this is wrapped again and the file stays as it is
    """

    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    data_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField()
