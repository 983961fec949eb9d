"""How marks came into a book other than by typing: a workbook that was brought, marks of another school."""

from django.db import models
from django.db.models import Q

from khue.foundation.record import Record


class MarkImport(Record):
    """A workbook with marks of one book. Nothing is taken from it until somebody has looked and says so.

    brought_by_id  the account; nobody else opens it
    cells          how many marks it changed when it was taken
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    book = models.ForeignKey("gradebook.MarkBook", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    brought_by_id = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    cells = models.IntegerField(default=0)


class ReceivedMark(Record):
    """That a mark was given at another school: the pupil moved while the term was open.

    The mark itself stands in its column and counts like any other; this row says where it comes from.
    typed   as it was entered: "8,5", "Đ"
    origin  the school it comes from
    source  domain §3.4
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    column = models.ForeignKey("gradebook.MarkColumn", on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey("schools.Enrolment", on_delete=models.PROTECT, related_name="+")
    typed = models.CharField(max_length=4)
    origin = models.TextField()
    received_at = models.DateTimeField()
    received_by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["column", "enrolment"], name="received_mark_once"),
            models.CheckConstraint(condition=~Q(origin=""), name="received_mark_has_origin"),
        ]
