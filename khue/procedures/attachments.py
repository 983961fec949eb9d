"""Files of a case: what its applicant sent with it, and what offices put to its steps."""

from django.db import models

from khue.foundation.record import Record


class Attachment(Record):
    """A photograph, a PDF or a Word file of a case. Never changed, never taken out: the case was decided on it.

    organisation  the office of the case
    step          the step it was put to; null where it came with the filing or with an answer
    field         of the form, "files_" where no form asked for it; title: what the form called it, "" then
    is_applicants whether the applicant sent it; the applicant also reads what offices put to the case
    """

    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("procedures.Case", on_delete=models.PROTECT, related_name="+")
    step = models.ForeignKey("procedures.Step", null=True, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=60)
    title = models.TextField()
    file = models.OneToOneField("foundation.StoredFile", on_delete=models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    attached_by_name = models.TextField()
    is_applicants = models.BooleanField()
