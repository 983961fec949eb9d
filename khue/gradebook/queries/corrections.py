"""Changes asked for after the lock."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.gradebook.access import Permission
from khue.gradebook.models import ClassMeeting, MarkCorrection


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


@dataclass(frozen=True, slots=True)
class WaitingMarks:
    """What of marks waits for the actor: corrections, and results of classes that met on their year."""

    corrections: int = 0
    meetings: int = 0


def waiting(actor: Actor) -> WaitingMarks:
    """Corrections among those the actor may decide or has asked for, meetings the actor may approve. One query."""
    return WaitingMarks(**dict(_waiting(actor)))


@compiled
def _waiting(actor: Actor) -> QuerySet[Any, tuple[str, int]]:
    decided = actor.organisations(Permission.YEAR_DECIDE)
    meetings = ClassMeeting.objects.filter(approved_at=None)
    meetings = meetings if decided is None else meetings.filter(organisation_id__in=sorted(decided))
    corrections = visible_corrections(actor).filter(state="asked")
    return _counted(corrections, "corrections").union(_counted(meetings, "meetings"), all=True)


def _counted(rows: QuerySet[Any], what: str) -> QuerySet[Any, tuple[str, int]]:
    named = rows.order_by().annotate(what=Value(what)).values("what").annotate(number=Count("id"))
    return cast("QuerySet[Any, tuple[str, int]]", named.values_list("what", "number"))


def decides(actor: Actor) -> bool:
    """Whether the actor decides corrections somewhere."""
    return actor.may(Permission.CORRECTION_DECIDE)
