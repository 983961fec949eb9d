"""Leave of pupils: asked, decided, withdrawn."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khue.attendance import actions, queries
from khue.attendance.actions import Attachment
from khue.attendance.forms import AnswerForm, LeaveForm
from khue.attendance.models import LeaveRequest
from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.lists import Filter, Listing
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.schools import queries as schools

STATES = [
    ("waiting", gettext_lazy("Chờ duyệt")),
    ("approved", gettext_lazy("Được nghỉ")),
    ("declined", gettext_lazy("Không đồng ý")),
    ("withdrawn", gettext_lazy("Đã rút")),
]
LEAVE: Listing[LeaveRequest] = Listing(
    order=("-id",),
    search=("enrolment__person__folded_name",),
    filters=(Filter("state", gettext_lazy("Trạng thái"), "state", choices=STATES),),
)


def leave_list(request: Request) -> HttpResponse:
    """Leave asked for the pupils the actor sees, and the children for whom the actor may ask."""
    if not request.actor.is_signed_in:
        raise NotFound
    seen = LEAVE.page(queries.visible_leave(request.actor), request.GET.dict())
    context = {"seen": seen, "states": STATES, "names": dict(STATES), "children": _children(request)}
    return page(request, "attendance/leave_list.html", context)


def _children(request: Request) -> list[queries.Child]:
    return queries.children_to_ask_for(request.actor)


def ask(request: Request, enrolment_id: UUID) -> HttpResponse:
    """Ask leave for one child."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    if not queries.may_ask(request.actor, enrolment):
        raise NotFound
    is_sent = request.method == "POST"
    form = LeaveForm(request.POST if is_sent else None, request.FILES if is_sent else None, today=clock.today())
    if form.is_valid():
        paper = form.cleaned_data["paper"]
        with refusals_on(form):
            asked = actions.ask_leave(
                actor=request.actor,
                enrolment=enrolment,
                first_day=form.cleaned_data["first_day"],
                last_day=form.cleaned_data["last_day"],
                session=form.cleaned_data["session"],
                reason=form.cleaned_data["reason"],
                attachment=Attachment(paper.file, paper.name) if paper else None,
                at=clock.now(),
            )
            return flash.say(see_other("attendance:leave", asked.public_id), _("Đã gửi đơn xin nghỉ."))
    return page(request, "attendance/ask_leave.html", {"form": form, "enrolment": enrolment})


def leave(request: Request, public_id: UUID) -> HttpResponse:
    """One request: what is asked, what became of it, and what the actor may do with it."""
    return _shown(request, queries.leave_of(request.actor, public_id), AnswerForm())


def _shown(request: Request, found: LeaveRequest, form: AnswerForm) -> HttpResponse:
    context = {
        "leave": found,
        "names": dict(STATES),
        "form": form,
        "may_decide": found.state == "waiting" and queries.may_decide(request.actor, found.enrolment),
        "may_withdraw": found.is_open
        and found.last_day >= clock.today()
        and queries.may_ask(request.actor, found.enrolment),
    }
    return page(request, "attendance/leave.html", context)


@require_POST
def decide(request: Request, public_id: UUID) -> HttpResponse:
    """Grant or decline."""
    found = queries.leave_of(request.actor, public_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        decide_so = actions.approve_leave if request.POST.get("decision") == "approve" else actions.decline_leave
        with refusals_on(form):
            decide_so(actor=request.actor, leave=found, answer=form.cleaned_data["answer"], at=clock.now())
            return flash.say(see_other("attendance:leave_list"), _("Đã trả lời đơn xin nghỉ."))
    return _shown(request, found, form)


@require_POST
def withdraw(request: Request, public_id: UUID) -> HttpResponse:
    """Take a request back."""
    found = queries.leave_of(request.actor, public_id)
    form = AnswerForm({})
    with refusals_on(form):
        actions.withdraw_leave(actor=request.actor, leave=found, at=clock.now())
        return flash.say(see_other("attendance:leave", public_id), _("Đã rút đơn xin nghỉ."))
    return _shown(request, found, form)
