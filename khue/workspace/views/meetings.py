"""Minutes: written, handed in, read, agreed to or sent back, printed."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, lists
from khue.foundation.actor import require
from khue.foundation.clock import VIETNAM, now, today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.workspace import actions, labels, queries
from khue.workspace.access import Permission
from khue.workspace.forms.meetings import MinutesForm, decision_lines
from khue.workspace.forms.office import NoteForm, Offered
from khue.workspace.models import Meeting
from khue.workspace.official.layout import Layout
from khue.workspace.views.offices import office_of
from khue.workspace.views.papers import pdf_answer, word_answer
from khue.workspace.views.tabs import tabs


def _yes(text: str) -> bool:
    if text != "yes":
        raise ValueError
    return True


MEETINGS: lists.Listing[Meeting] = lists.Listing(
    order=("-id",),
    search=("folded",),
    filters=(lists.Filter("waiting", gettext_lazy("Trạng thái"), queries.minutes_waiting, _yes),),
    size=30,
)


@require_safe
def meetings(request: Request) -> HttpResponse:
    """Minutes the reader may see, the latest first."""
    require(request.actor, Permission.WORK, within=None)
    seen = MEETINGS.page(queries.visible_meetings, request.GET.dict(), of=(request.actor,))
    return page(
        request,
        "workspace/meetings.html",
        {"seen": seen, "tabs": tabs("meetings"), "states": labels.STATES, "tones": labels.TONES},
    )


@require_safe
def meeting(request: Request, public_id: UUID) -> HttpResponse:
    """One meeting: who was there, what was decided, and how far it is."""
    return _shown(request, queries.meeting_of(request.actor, public_id), NoteForm())


def _shown(request: Request, found: Meeting, returning: NoteForm) -> HttpResponse:
    is_draft = found.agreed_at is None
    keeps = found.secretary_id == request.actor.person_id or request.actor.may(Permission.REGISTER_WRITE, found)
    context = {
        "meeting": found,
        "present": queries.present_at(found),
        "decisions": queries.decisions_of(found),
        "may_rewrite": is_draft and keeps,
        "may_submit": keeps and found.state in {"draft", "returned"},
        "returning": returning,
        "states": labels.STATES,
        "tones": labels.TONES,
        "may_agree": queries.may_agree(request.actor, found),
        "today": today(),
    }
    return page(request, "workspace/meeting.html", context, status=422 if returning.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request) -> HttpResponse:
    """Write the minutes of a meeting."""
    office = office_of(request, Permission.WORK)
    return _written(request, office, None, {"on": today(), "place": ""}, [])


@require_http_methods(["GET", "HEAD", "POST"])
def rewrite(request: Request, public_id: UUID) -> HttpResponse:
    """Change minutes nobody has agreed to."""
    found = queries.meeting_of(request.actor, public_id)
    initial, lines = _as_written(found)
    return _written(request, found.organisation, found, initial, lines)


def _written(
    request: Request, office: Organisation, found: Meeting | None, initial: dict[str, Any], lines: list[dict[str, Any]]
) -> HttpResponse:
    offered = Offered(registry.colleagues(office.id))
    circles = [each for each in queries.memberships(request.actor) if each.office.id == office.id and ":" in each.key]
    if found is None:  # who writes was there
        initial["present"] = [key for key, each in offered.rows.items() if each.person_id == request.actor.person_id]
    data = request.POST if request.method == "POST" else None
    form = MinutesForm(data, offered=offered, circles=circles, initial=initial)
    decisions = decision_lines(data, offered, lines)
    if form.is_valid() and decisions.is_valid():
        with refusals_on(form):
            kept = _kept(request, office, found, form.minutes(decisions.decided))
            said = _("Đã trình biên bản.") if "submit" in request.POST else _("Đã lưu biên bản.")
            return flash.say(see_other("workspace:meeting", kept.public_id), said)
    context = {"form": form, "lines": decisions, "meeting": found}
    return page(request, "workspace/meeting_form.html", context, status=422 if form.is_bound else 200)


def _kept(request: Request, office: Organisation, found: Meeting | None, minutes: actions.Minutes) -> Meeting:
    hands_in = "submit" in request.POST
    if found is None:
        return actions.write_minutes(
            actor=request.actor, organisation_id=office.id, minutes=minutes, on=today(), at=now(), hands_in=hands_in
        )
    actions.rewrite_minutes(
        actor=request.actor, meeting=found, minutes=minutes, on=today(), at=now(), hands_in=hands_in
    )  # fmt: skip
    return found


def _as_written(found: Meeting) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    held = timezone.localtime(found.held_at, VIETNAM)
    initial = {name: getattr(found, name) for name in ("title", "circle", "place", "absent", "proceedings")}
    initial |= {
        "on": held.date(),
        "starts": f"{held:%H:%M}",
        "ends": f"{timezone.localtime(found.ended_at, VIETNAM):%H:%M}" if found.ended_at else "",
        "chair": str(found.chair.public_id),
        "present": [str(each.key) for each in queries.present_at(found)],
    }
    lines = [
        {"words": each.words, "due_on": each.due_on, "to": str(each.assignee.public_id) if each.assignee else ""}
        for each in queries.decisions_of(found)
    ]
    return initial, lines


@require_POST
def submit(request: Request, public_id: UUID) -> HttpResponse:
    """Hand minutes in to be agreed to."""
    found = queries.meeting_of(request.actor, public_id)
    actions.submit_minutes(actor=request.actor, meeting=found, at=now())
    return flash.say(see_other("workspace:meeting", public_id), _("Đã trình biên bản."))


@require_POST
def give_back(request: Request, public_id: UUID) -> HttpResponse:
    """Send minutes back to their secretary, with what has to be changed."""
    found, form = queries.meeting_of(request.actor, public_id), NoteForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.return_minutes(actor=request.actor, meeting=found, note=form.cleaned_data["note"], at=now())
            return flash.say(see_other("workspace:meeting", public_id), _("Đã trả lại biên bản để sửa."))
    return _shown(request, found, form)


@require_POST
def agree(request: Request, public_id: UUID) -> HttpResponse:
    """Agree to minutes; what they decide becomes tasks."""
    found = queries.meeting_of(request.actor, public_id)
    count = actions.agree_to_minutes(actor=request.actor, meeting=found, at=now())
    said = _("Đã thông qua biên bản, giao %(count)s việc.") % {"count": count}
    return flash.say(see_other("workspace:meeting", public_id), said)


@require_safe
def as_pdf(request: Request, public_id: UUID) -> HttpResponse:
    """Minutes on paper."""
    return pdf_answer(_layout(request, public_id))


@require_safe
def as_word(request: Request, public_id: UUID) -> HttpResponse:
    """Minutes to be changed in Word."""
    return word_answer(_layout(request, public_id))


def _layout(request: Request, public_id: UUID) -> Layout:
    found = queries.meeting_of(request.actor, public_id)
    return queries.minutes_layout(found, queries.present_at(found), queries.decisions_of(found))
