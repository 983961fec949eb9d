"""Pages of conversations: the list, whom to write to, one thread and what is done in it."""

import json
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khue.foundation import clock, flash, lists, live, uploads
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.messaging import actions, queries
from khue.messaging.actions.conversations import LineDraft, channel_of, seen_channel_of
from khue.messaging.forms.conversations import LineForm
from khue.messaging.models import Conversation, Line
from khue.registry import queries as registry

CONVERSATIONS: lists.Listing[Conversation] = lists.Listing(
    order=("-last_at", "-id"), search=("child__folded_name",), size=queries.PAGE
)
LINES: lists.Listing[Line] = lists.Listing(order=("-id",), size=queries.PAGE)
TICKET_SECONDS = 3600


def conversations(request: Request) -> HttpResponse:
    """The actor's conversations, the latest first, with what is unread in each."""
    if not request.actor.is_signed_in:
        raise NotFound
    given = request.GET.dict()
    seen = CONVERSATIONS.page(
        lambda: queries.listed_conversations(request.actor),
        given,
        first=lambda: queries.newest_conversations(request.actor),
    )
    context = {
        "seen": seen,
        "cards": queries.cards_of(request.actor, seen.rows),
        "ticket": live.ticket(request.actor, [channel_of(row) for row in seen.rows], seconds=TICKET_SECONDS),
        "delegates": queries.may_delegate(request.actor),
        "decides": queries.decides_reports(request.actor),
    }
    return page(request, "messaging/conversations.html", context, fragment="rows")


def partners(request: Request) -> HttpResponse:
    """Whom the actor may write to; choosing one opens the thread."""
    actor, today = request.actor, clock.today()
    if request.method == "POST":
        partner, with_pupil = queries.partner_named(actor, request.POST.get("with", ""), today)
        found = actions.begin_conversation(actor=actor, partner=partner, with_pupil=with_pupil, at=clock.now())
        return see_other("messaging:conversation", found.public_id)
    if not actor.is_signed_in:
        raise NotFound
    text, group = request.GET.get("q", "")[:100], request.GET.get("of", "")[:300]
    context = {"offer": queries.choices_for(actor, today, text, group), "text": text, "group": group}
    return page(request, "messaging/conversation_partners.html", context, fragment="rows")


def conversation(request: Request, public_id: UUID) -> HttpResponse:
    """One thread; what is on the screen counts as read. POST sends a line."""
    found = queries.conversation_of(request.actor, public_id)
    is_staff = queries.is_staff_side(request.actor, found)
    if request.method == "POST":
        return _send(request, found, is_staff=is_staff)
    form = LineForm(is_staff=is_staff, fact=request.GET.get("fact", "")[:200])
    return _shown(request, found, form)


def _send(request: Request, found: Conversation, *, is_staff: bool) -> HttpResponse:
    form = LineForm(request.POST, request.FILES, is_staff=is_staff)
    if form.is_valid():
        with refusals_on(form):
            given = form.cleaned_data
            file = uploads.received(
                actor=request.actor, request=request, field="file", purpose=queries.LINE_FILE,
                organisation_id=found.organisation_id, at=clock.now(),
            )  # fmt: skip
            draft = LineDraft(
                key=given["key"], text=given["text"], urgent_reason=given.get("urgent_reason", ""),
                fact=given["fact"] if queries.fact_named(request.actor, found, given["fact"]) else "",
                files=[file] if file else [],
            )  # fmt: skip
            actions.write_line(actor=request.actor, conversation=found, draft=draft, at=clock.now())
            return _sent(request, found)
    form.data = {**request.POST.dict(), "key": str(uuid4())}  # what was refused was not written under the old one
    if request.headers.get("HX-Request") == "true":
        response = page(request, "messaging/conversation.html", _context(request, found, form), fragment="write")
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#write", "outerHTML"
        return response
    return _shown(request, found, form)


def _sent(request: Request, found: Conversation) -> HttpResponse:
    """The thread with the new line; to a script also the key of the next one."""
    if request.headers.get("HX-Request") != "true":
        return see_other("messaging:conversation", found.public_id)
    thread = queries.conversation_of(request.actor, found.public_id)
    response = _shown(request, thread, LineForm(is_staff=queries.is_staff_side(request.actor, thread)))
    response.headers["HX-Trigger"] = json.dumps({"khue:sent": {"key": str(uuid4())}})
    return response


def _shown(request: Request, found: Conversation, form: LineForm) -> HttpResponse:
    return page(request, "messaging/conversation.html", _context(request, found, form), fragment="thread")


def _context(request: Request, found: Conversation, form: LineForm) -> dict[str, object]:
    actor, today, at = request.actor, clock.today(), clock.now()
    text = request.GET.get("q", "")[: lists.LONGEST_SEARCH]
    seen = _on_screen(request, found, text)
    if seen.rows and not seen.previous and not text:
        _read(request, found, seen.rows[0].id)
    said = queries.said(actor, found, seen.rows)
    away = queries.substitute_of(found, today)
    return {
        "conversation": found, "seen": seen, "said": said[::-1], "form": form, "text": text, "away": away,
        "is_staff": queries.is_staff_side(actor, found), "facts": queries.facts_of(actor, found, said),
        "fact": queries.fact_named(actor, found, form["fact"].value() or ""),
        "obstacle": queries.obstacle_to_writing(actor, found, today),
        "guardians": registry.guardians_of([found.child_id]).get(found.child_id, []), "at": at,
        "purpose": queries.LINE_FILE,
        "ticket": _ticket(request, found),
    }  # fmt: skip


def _ticket(request: Request, found: Conversation) -> str:
    """What is written in the conversation, and how far the other side has read; one's own reading is no news."""
    other = not queries.is_staff_side(request.actor, found)
    channels = [channel_of(found), seen_channel_of(found, is_staff=other)]
    return live.ticket(request.actor, channels, seconds=TICKET_SECONDS)


def _on_screen(request: Request, found: Conversation, text: str) -> lists.Page[Line]:
    given = request.GET.dict()
    if text:
        return LINES.page(queries.lines_of(found).filter(id__in=queries.found_in(found, text)), given)
    return LINES.page(lambda: queries.lines_of(found), given, first=lambda: queries.newest_lines(found))


def _read(request: Request, found: Conversation, newest: int) -> None:
    if queries.read_up_to(request.actor, found) < newest:
        actions.read_conversation(actor=request.actor, conversation=found, up_to=newest, at=clock.now())


@require_GET
def ticket(request: Request, public_id: UUID) -> HttpResponse:
    """Another ticket for the live door, as long as the actor may open the conversation."""
    found = queries.conversation_of(request.actor, public_id)
    return HttpResponse(_ticket(request, found), content_type="text/plain")


@require_GET
def facts(request: Request, public_id: UUID) -> HttpResponse:
    """Marks, absences and bills that the next line may be about."""
    found = queries.conversation_of(request.actor, public_id)
    context = {"conversation": found, "offered": queries.offered_facts(request.actor, found)}
    return page(request, "messaging/conversation_facts.html", context)


@require_POST
def close(request: Request, public_id: UUID) -> HttpResponse:
    """Close a conversation, or let it go on."""
    found = queries.conversation_of(request.actor, public_id)
    if found.closed_at:
        actions.reopen_conversation(actor=request.actor, conversation=found, at=clock.now())
        return flash.say(see_other("messaging:conversation", public_id), _("Đã mở lại cuộc trò chuyện."))
    actions.close_conversation(actor=request.actor, conversation=found, at=clock.now())
    again = reverse("messaging:conversation", args=[public_id])
    return flash.say(see_other("messaging:conversations"), _("Đã khép lại cuộc trò chuyện."), href=again, link=_("Xem"))
