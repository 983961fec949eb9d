"""Tasks: what is to be done, by whom, until when."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, lists
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.workspace import actions, queries
from khue.workspace.access import Permission
from khue.workspace.forms.office import TaskForm
from khue.workspace.models import Task
from khue.workspace.views.tabs import tabs

OPEN: lists.Listing[Task] = lists.Listing(order=("due_on", "id"), size=30)
DONE: lists.Listing[Task] = lists.Listing(order=("-id",), size=30)


@require_safe
def tasks(request: Request) -> HttpResponse:
    """What is open, the most urgent first; or what is done, the newest first."""
    require(request.actor, Permission.WORK, within=None)
    is_done = request.GET.get("show") == "done"
    rows = queries.done_tasks if is_done else queries.open_tasks
    context = {
        "seen": (DONE if is_done else OPEN).page(rows, request.GET.dict(), of=(request.actor,)),
        "is_done": is_done,
        "tabs": tabs("tasks"),
        "today": today(),
        "may_give": request.actor.may(Permission.DECIDE),
        "me": request.actor.person_id,
    }
    return page(request, "workspace/tasks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: Request) -> HttpResponse:
    """Ask one of the staff to do something."""
    require(request.actor, Permission.DECIDE, within=None)
    office = registry.working_places(request.actor, Permission.DECIDE)[0]
    form = TaskForm(request.POST or None, colleagues=registry.colleagues(office.id))
    if form.is_valid():
        with refusals_on(form):
            actions.give_task(actor=request.actor, organisation_id=office.id, **form.cleaned_data, on=today(), at=now())
            return flash.say(see_other("workspace:tasks"), _("Đã giao việc và báo cho người nhận."))
    return page(request, "workspace/task_form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def end(request: Request, public_id: UUID, how: str) -> HttpResponse:
    """A task is done, or no longer wanted."""
    found = queries.task_of(request.actor, public_id)
    if how == "finish":
        actions.finish_task(actor=request.actor, task=found, result=request.POST.get("result", "")[:1000], at=now())
    elif how == "withdraw":
        actions.withdraw_task(actor=request.actor, task=found, at=now())
    else:
        raise NotFound
    return flash.say(see_other("workspace:tasks"), _("Đã ghi."))
