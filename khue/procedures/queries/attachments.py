"""Files of a case, for whoever the caller lets see the case."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.procedures.models import Attachment


def attachments_of(case_id: int) -> Sequence[Attachment]:
    """Files of a case in the order they came, in the scope of one of its offices. One query."""
    return list(_attached(case_id))


@compiled
def _attached(case_id: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(case_id=case_id).select_related("file", "step").order_by("id")


def attachment_of(case_id: int, public_id: UUID) -> Attachment:
    """One file of a case. Raises NotFound, also for a file of another case. One query."""
    return one(Attachment.objects.filter(case_id=case_id).select_related("file"), public_id=public_id)
