"""Tasks: one's own, and those of the office."""

from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.workspace import access
from khue.workspace.models import Task


def visible_tasks(actor: Actor) -> QuerySet[Task]:
    """Tasks the actor may see that were not withdrawn, by the day they are due. Page before use."""
    rows = Task.objects.filter(access.visible_tasks(actor), withdrawn_at=None)
    return rows.select_related("assignee", "given_by").order_by("due_on", "id")


def open_tasks(actor: Actor) -> QuerySet[Task]:
    """Those that are not done. Page before use."""
    return visible_tasks(actor).filter(done_at=None)


def done_tasks(actor: Actor) -> QuerySet[Task]:
    """Those that are. Page before use."""
    return visible_tasks(actor).filter(done_at__isnull=False)


def task_of(actor: Actor, public_id: UUID) -> Task:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_tasks(actor), public_id=public_id)
