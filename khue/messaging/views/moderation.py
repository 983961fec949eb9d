"""Pages of reported lines, of what a school decides about conversations and of who answers for whom."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khue.foundation import clock, flash, lists
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.record import one
from khue.foundation.request import Request
from khue.messaging import actions, queries
from khue.messaging.forms.conversations import DelegationForm, PolicyForm, ReasonForm
from khue.messaging.models import Delegation, Report

STATES = [
    (Report.Decision.OPEN.value, gettext_lazy("Chờ xử lí")),
    (Report.Decision.HIDDEN.value, gettext_lazy("Đã ẩn")),
    (Report.Decision.KEPT.value, gettext_lazy("Giữ nguyên")),
]
REPORTS: lists.Listing[Report] = lists.Listing(
    order=("-id",), filters=(lists.Filter("state", gettext_lazy("Trạng thái"), "decision", choices=STATES),), size=30
)
DELEGATIONS: lists.Listing[Delegation] = lists.Listing(order=("-first_on", "-id"), size=30)


def report(request: Request, line_id: UUID) -> HttpResponse:
    """Show a line to the school's office."""
    line = queries.line_of(request.actor, line_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.report_line(
                actor=request.actor, line=line, reason=form.cleaned_data["reason"], at=clock.now()
            )  # fmt: skip
            back = see_other("messaging:conversation", line.conversation.public_id)
            return flash.say(back, _("Đã báo nhà trường. Văn phòng sẽ xem tin này và vài tin quanh nó."))
    context = {"line": line, "words": queries.words_of(line), "form": form}
    return page(request, "messaging/conversation_report.html", context)


def reports(request: Request) -> HttpResponse:
    """What was reported to the office."""
    if not queries.decides_reports(request.actor):
        raise NotFound
    seen = REPORTS.page(queries.visible_reports(request.actor), request.GET.dict())
    return page(request, "messaging/moderation_reports.html", {"seen": seen, "states": STATES, "names": dict(STATES)})


def decide(request: Request, report_id: UUID) -> HttpResponse:
    """One reported line with a few around it, and what the office does about it."""
    found = queries.report_of(request.actor, report_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.decide_report(
                actor=request.actor, report=found, hides=request.POST.get("decision") == "hide",
                reason=form.cleaned_data["reason"], at=clock.now(),
            )  # fmt: skip
            return flash.say(see_other("messaging:reports"), _("Đã xử lí tin bị báo."))
    actions.open_report(actor=request.actor, report=found)
    context = {"report": found, "lines": queries.around(found), "form": form, "names": dict(STATES)}
    return page(request, "messaging/moderation_report.html", context)


def policy(request: Request) -> HttpResponse:
    """What the school has decided about conversations."""
    place = queries.place_of_rules(request.actor)
    if place is None:
        raise NotFound
    form = PolicyForm(request.POST or None, policy=queries.policy_of(place, clock.today()), today=clock.today())
    if form.is_valid():
        with refusals_on(form):
            actions.set_policy(
                actor=request.actor, organisation_id=place, policy=form.policy,
                valid_from=form.cleaned_data["valid_from"], at=clock.now(),
            )  # fmt: skip
            return flash.say(see_other("messaging:conversation_policy"), _("Đã lưu quy định."))
    context = {"form": form, "decided": queries.policies_of(request.actor, place)}
    return page(request, "messaging/conversation_policy.html", context)


def away(request: Request) -> HttpResponse:
    """Who answers for the actor, or for any teacher of the office's school."""
    actor, today = request.actor, clock.today()
    if not queries.may_delegate(actor):
        raise NotFound
    place = queries.place_of_staff(actor)
    form = DelegationForm(
        request.POST or None, colleagues=queries.substitutes_for(actor, place, today) if place else [], today=today
    )
    if place and form.is_valid():
        with refusals_on(form):
            _delegate(actor, place, form)
            return flash.say(see_other("messaging:away"), _("Đã giao người trả lời thay."))
    seen = DELEGATIONS.page(queries.visible_delegations(actor), request.GET.dict())
    context = {"form": form if place else None, "seen": seen, "today": today, "person": actor.person_id}
    return page(request, "messaging/conversation_away.html", context)


def _delegate(actor: Actor, place: int, form: DelegationForm) -> None:
    given = form.cleaned_data
    actions.delegate(
        actor=actor, organisation_id=place, teacher_id=actor.person_id or 0, substitute_id=given["substitute"],
        first_on=given["first_on"], last_on=given["last_on"], at=clock.now(),
    )  # fmt: skip


@require_POST
def end_away(request: Request, delegation_id: UUID) -> HttpResponse:
    """End a delegation."""
    found = one(queries.visible_delegations(request.actor), public_id=delegation_id)
    actions.end_delegation(actor=request.actor, delegation=found, at=clock.now())
    return flash.say(see_other("messaging:away"), _("Đã kết thúc việc trả lời thay."))
