"""Changes asked for after the lock."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.db.models import Aggregate, Count, Q, QuerySet, Sum, Value

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.gradebook.access import Permission
from khue.gradebook.models import ClassMeeting, MarkBook, MarkCorrection
from khue.schools.models import Term


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
class SchoolMarks:
    """How the marks of a school's term stand, and what of marks waits for the actor.

    corrections               those that wait, which the actor may decide or has asked for
    meetings                  results of classes that met on their year, which the actor may approve
    columns_entered, columns  of the term's books: those in which marks stand, and all
    """

    corrections: int = 0
    meetings: int = 0
    columns_entered: int = 0
    columns: int = 0


def school_marks(actor: Actor, term: Term | None) -> SchoolMarks:
    """One query. term: the school's; without one no column is counted."""
    return SchoolMarks(**{what: number or 0 for what, number in _counts(actor, term.id if term else 0)})


@compiled
def _counts(actor: Actor, term_id: int) -> QuerySet[Any, tuple[str, int | None]]:
    decided = actor.organisations(Permission.YEAR_DECIDE)
    meetings = ClassMeeting.objects.filter(approved_at=None)
    meetings = meetings if decided is None else meetings.filter(organisation_id__in=sorted(decided))
    corrections = visible_corrections(actor).filter(state="asked")
    books = MarkBook.objects.filter(term_id=term_id)
    return _counted(corrections, "corrections").union(
        _counted(meetings, "meetings"),
        *(_counted(books, column, Sum(column)) for column in ("columns_entered", "columns")),
        all=True,
    )


def _counted(rows: QuerySet[Any], what: str, number: Aggregate | None = None) -> QuerySet[Any, tuple[str, int | None]]:
    named = rows.order_by().annotate(what=Value(what)).values("what").annotate(number=number or Count("id"))
    return cast("QuerySet[Any, tuple[str, int | None]]", named.values_list("what", "number"))


def decides(actor: Actor) -> bool:
    """Whether the actor decides corrections somewhere."""
    return actor.may(Permission.CORRECTION_DECIDE)
