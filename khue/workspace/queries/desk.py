"""What waits on somebody's desk now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import Count, QuerySet, Value

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.workspace import access
from khue.workspace.models import Document, Meeting, Task
from khue.workspace.queries.leave import leave_to_decide
from khue.workspace.queries.meetings import minutes_waiting
from khue.workspace.queries.tasks import visible_tasks

MOST_TASKS = 5


def own_tasks(actor: Actor) -> list[Task]:
    """The actor's own open tasks, the most urgent first. One query."""
    return _own_tasks(actor, actor.person_id or 0)


@compiled
def _own_tasks(actor: Actor, person_id: int) -> QuerySet[Task]:
    return visible_tasks(actor).filter(assignee_id=person_id, done_at=None)[:MOST_TASKS]


@dataclass(frozen=True, slots=True)
class WaitingAtDesk:
    """What waits for whoever decides at an office.

    arrived    to be assigned
    submitted  to be agreed to
    overdue    tasks whose day is past, of anybody there
    leave      asked for and not answered
    minutes    handed in, to be agreed to
    release    approved and without a number yet, for who keeps the register
    """

    arrived: int = 0
    submitted: int = 0
    overdue: int = 0
    leave: int = 0
    minutes: int = 0
    release: int = 0

    @property
    def is_waiting(self) -> bool:
        """Whether anything does."""
        return self != WaitingAtDesk()


def waiting(actor: Actor, on: date) -> WaitingAtDesk:
    """One query."""
    return WaitingAtDesk(**dict(_waiting(actor, actor.person_id or 0, access.offices_of(actor), on)))


@compiled
def _waiting(actor: Actor, person_id: int, offices: Sequence[int], on: date) -> QuerySet[Document, tuple[str, int]]:
    decided = access.decided_by(actor)
    asked = Document.objects.filter(decided, state=Document.State.SUBMITTED)
    arrived = Document.objects.filter(decided, state=Document.State.ARRIVED)
    late = Task.objects.filter(decided, done_at=None, withdrawn_at=None, due_on__lt=on)
    leave = leave_to_decide(actor, person_id, offices)
    minutes = Meeting.objects.filter(decided, minutes_waiting(True))
    kept = Document.objects.filter(access.kept_by(actor), state=Document.State.APPROVED)
    counted = (
        _counted(arrived, "arrived"), _counted(late, "overdue"), _counted(leave, "leave"),
        _counted(minutes, "minutes"), _counted(kept, "release"),
    )  # fmt: skip
    return _counted(asked, "submitted").union(*counted, all=True)


def _counted(rows: QuerySet[Any], what: str) -> QuerySet[Any, tuple[str, int]]:
    named = rows.order_by().annotate(what=Value(what)).values("what").annotate(number=Count("id"))
    return cast("QuerySet[Any, tuple[str, int]]", named.values_list("what", "number"))
