"""What waits on somebody's desk now."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from khue.foundation.actor import Actor
from khue.workspace import access
from khue.workspace.models import Document, Task
from khue.workspace.queries.leave import waiting_leave
from khue.workspace.queries.tasks import visible_tasks


def own_tasks(actor: Actor, *, most: int = 5) -> list[Task]:
    """The actor's own open tasks, the most urgent first. One query."""
    return list(visible_tasks(actor).filter(assignee_id=actor.person_id or 0, done_at=None)[:most])


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for whoever decides at an office.

    documents  to be assigned or agreed to
    overdue    tasks whose day is past, of anybody there
    leave      asked for and not answered
    """

    documents: int
    overdue: int
    leave: int


def waiting(actor: Actor, on: date) -> Waiting:
    """Three queries."""
    decided = access.decided_by(actor)
    asks = Q(state__in=[Document.State.ARRIVED, Document.State.SUBMITTED])
    late = Task.objects.filter(decided, done_at=None, withdrawn_at=None, due_on__lt=on)
    return Waiting(Document.objects.filter(decided & asks).count(), late.count(), waiting_leave(actor))
