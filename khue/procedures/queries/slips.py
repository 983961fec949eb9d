"""Papers of the one-stop office, for whoever the caller lets see their case."""

from uuid import UUID

from khue.foundation.record import one
from khue.procedures.models import Slip


def slip_of(case_id: int, public_id: UUID) -> Slip:
    """One paper of a case. Raises NotFound, also for a paper of another case. One query."""
    return one(Slip.objects.filter(case_id=case_id), public_id=public_id)


def slip_of_kind(case_id: int, kind: str) -> UUID:
    """The paper of that kind, of which a case has one: how the tracking page names it. Raises NotFound. One query."""
    return one(Slip.objects.filter(case_id=case_id), kind=kind).public_id
