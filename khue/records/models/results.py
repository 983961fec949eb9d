"""Documents that end a procedure: what they say, and the sealed file once the school has sealed it."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class ResultDocument(Record):
    """The document of one result. Drafted when the case is granted, sealed in a batch, never changed after that.

    organisation  whose seal it bears
    slip          the result it is of; one document a result, however often the news of it comes
    content       what is printed and sealed: see results.Result
    pdf           sealed, with a stamp over it; digest: SHA-256 of its bytes
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    slip = models.OneToOneField("procedures.Slip", on_delete=models.PROTECT, related_name="+")
    content = models.JSONField()
    drafted_at = models.DateTimeField()
    batch = models.ForeignKey("records.SigningBatch", null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.ForeignKey("foundation.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    pages = models.SmallIntegerField(null=True)
    digest = models.CharField(max_length=64, default="", db_index=True)
    sealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sealed_at=None, pdf=None, batch=None, pages=None, digest="")
                | Q(sealed_at__isnull=False, pdf__isnull=False, batch__isnull=False, pages__isnull=False)
                & ~Q(digest=""),
                name="result_document_sealed_whole",
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "id"], name="results_to_seal", condition=Q(sealed_at=None)),
        ]
