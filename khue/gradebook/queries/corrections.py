"""Changes asked for after the lock."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.gradebook.access import Permission
from khue.gradebook.models import MarkCorrection


def visible_corrections(actor: Actor) -> QuerySet[MarkCorrection]:
    """Corrections the actor may decide or has asked for, waiting ones first. One query; page it."""
    decides = actor.organisations(Permission.CORRECTION_DECIDE)
    mine = Q(asked_by_id=actor.account_id)
    rule = Q() if decides is None else mine | Q(organisation_id__in=sorted(decides))
    rows = MarkCorrection.objects.filter(rule).select_related(
        "enrolment__person", "column__book__class_subject__subject", "column__book__class_subject__school_class"
    )
    return rows.order_by("state", "-asked_at")


def correction_of(actor: Actor, public_id: UUID) -> MarkCorrection:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_corrections(actor), public_id=public_id)


def count_waiting(actor: Actor) -> int:
    """How many corrections wait among those the actor may decide or has asked for. One query."""
    found = _waiting(actor)
    return found[0] if found else 0


@compiled
def _waiting(actor: Actor) -> QuerySet[MarkCorrection, int]:
    rows = visible_corrections(actor).filter(state="asked").order_by()
    return rows.values("state").annotate(number=Count("id")).values_list("number", flat=True)


def decides(actor: Actor) -> bool:
    """Whether the actor decides corrections somewhere."""
    return actor.may(Permission.CORRECTION_DECIDE)
