"""Guardians of a child: appointing, rights, a court's bar, the end."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import actions, labels, queries
from khue.registry.access import Permission
from khue.registry.forms import AppointmentForm, CourtDecisionForm, EndForm, RightsForm
from khue.registry.models import Guardianship
from khue.registry.views.asked import asked


@require_safe
def choose_guardian(request: Request, public_id: UUID) -> HttpResponse:
    """Find the adult who is to look after a child, or go on to record one who is in no list yet."""
    child = queries.person_of(request.actor, public_id)
    require(request.actor, Permission.GUARDIAN_WRITE, within=child)
    given = asked(request, "q", "after")
    found = queries.adults_named(request.actor, text=given["q"], after=given["after"]) if given["q"] else None
    following = urlencode({**given, "after": found.next_cursor}) if found and found.next_cursor else ""
    context = {
        "child": child,
        "asked": given,
        "rows": [row for row in found.rows if row.public_id != child.public_id] if found else [],
        "next": f"?{following}" if following else "",
        "is_partial": bool(found and found.is_partial),
        "kind_names": labels.KINDS,
        "new": "?" + urlencode({"kind": "guardian", "child": child.public_id, **_as_asked(given["q"])}),
    }
    return page(request, "registry/choose_guardian.html", context, fragment="content")


def _as_asked(text: str) -> dict[str, str]:
    """What was searched for, in the field where it belongs."""
    number = queries.tidy_number(text)
    if queries.national_phone(text):
        return {"phone": text}
    return {"national_id": number} if number.isdecimal() else {"full_name": text}


@require_http_methods(["GET", "HEAD", "POST"])
def appoint_guardian(request: Request, public_id: UUID, guardian_id: UUID) -> HttpResponse:
    """Say what an adult is to a child, and with which rights."""
    child = queries.person_of(request.actor, public_id)
    require(request.actor, Permission.GUARDIAN_WRITE, within=child)
    guardian = queries.person_of(request.actor, guardian_id)
    form = AppointmentForm(request.POST or None, initial={"on": today(), "receives_messages": True, "may_decide": True})
    if form.is_valid():
        with refusals_on(form):
            actions.appoint_guardian(actor=request.actor, child=child, guardian=guardian, **form.cleaned_data)
            return flash.say(see_other("registry:person", public_id), _("Đã ghi người giám hộ."))
    context = {"child": child, "guardian": guardian, "form": form}
    return page(request, "registry/appoint_guardian.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def guardianship(request: Request, guardianship_id: int) -> HttpResponse:
    """What a guardian receives and decides for a child."""
    row = queries.guardianship_of(request.actor, guardianship_id)
    form = RightsForm(request.POST or None, initial=_rights(row))
    if form.is_valid():
        with refusals_on(form):
            actions.change_guardian_rights(actor=request.actor, guardianship=row, **form.cleaned_data)
            return flash.say(see_other("registry:person", row.child.public_id), _("Đã lưu quyền của người giám hộ."))
    return _page(request, row, rights=form)


@require_POST
def bar_guardian(request: Request, guardianship_id: int) -> HttpResponse:
    """Bar a guardian from a child by a court's decision."""
    return _court(request, guardianship_id, bars=True)


@require_POST
def lift_bar(request: Request, guardianship_id: int) -> HttpResponse:
    """Lift a court's bar."""
    return _court(request, guardianship_id, bars=False)


@require_POST
def end_guardianship(request: Request, guardianship_id: int) -> HttpResponse:
    """Let a guardianship end on a day."""
    row = queries.guardianship_of(request.actor, guardianship_id)
    form = EndForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.end_guardianship(actor=request.actor, guardianship=row, on=form.cleaned_data["on"])
            return flash.say(see_other("registry:person", row.child.public_id), _("Đã ghi ngày kết thúc."))
    return _page(request, row, end=form)


def _court(request: Request, guardianship_id: int, *, bars: bool) -> HttpResponse:
    row = queries.guardianship_of(request.actor, guardianship_id)
    court = CourtDecisionForm(request.POST)
    if court.is_valid():
        act = actions.bar_guardian if bars else actions.lift_bar
        act(actor=request.actor, guardianship=row, court_decision=court.cleaned_data["court_decision"])
        return flash.say(see_other("registry:guardianship", row.id), _("Đã ghi quyết định của toà án."))
    return _page(request, row, court=court)


def _page(
    request: Request,
    row: Guardianship,
    *,
    rights: RightsForm | None = None,
    court: CourtDecisionForm | None = None,
    end: EndForm | None = None,
) -> HttpResponse:
    context = {
        "row": row,
        "form": rights or RightsForm(initial=_rights(row)),
        "court": court or CourtDecisionForm(),
        "end": end or EndForm(initial={"on": today()}),
        "relationships": labels.RELATIONSHIPS,
    }
    is_wrong = any(form is not None and form.is_bound for form in (rights, court, end))
    return page(request, "registry/guardianship.html", context, status=422 if is_wrong else 200)


def _rights(row: Guardianship) -> dict[str, bool]:
    return {"receives_messages": row.receives_messages, "may_decide": row.may_decide}
