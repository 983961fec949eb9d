"""Pages of what was told: the inbox, notices, and how far each came."""

import json
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from khue.foundation import clock, lists
from khue.foundation.errors import Forbidden, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.messaging import actions, queries
from khue.messaging.channels import push
from khue.messaging.channels.mail import MAIL
from khue.messaging.forms.notices import NoticeForm
from khue.messaging.models import Delivery, Message
from khue.registry import queries as registry

INBOX: lists.Listing[Delivery] = lists.Listing(order=("-id",), size=queries.INBOX_PAGE)
TOLD: lists.Listing[Message] = lists.Listing(
    order=("-id",),
    filters=(
        lists.Filter(
            "kind",
            _("Loại"),
            "kind",
            choices=[("absence", _("Vắng học")), ("mark", _("Điểm")), ("notice", _("Thông báo"))],
        ),
    ),
    size=30,
)


def inbox(request: Request) -> HttpResponse:
    """What was told to the actor."""
    actor = request.actor
    seen = INBOX.page(lambda: queries.inbox(actor), request.GET, first=lambda: queries.newest_of_inbox(actor))
    offered = {
        "seen": seen,
        "follows": queries.follows(request.actor),
        "announces": queries.may_announce(request.actor),
        "talks": queries.may_talk(request.actor),
        "decides": queries.decides_reports(request.actor),
        "push_key": push.public_key() if push.PUSH.is_on() else "",
    }
    return page(request, "messaging/inbox.html", offered)


def message(request: Request, delivery_id: UUID) -> HttpResponse:
    """One message; opening it marks it read."""
    found = queries.delivery_of(request.actor, delivery_id)
    actions.mark_read(actor=request.actor, delivery=found, at=clock.now())
    return page(request, "messaging/message.html", {"delivery": found, "message": found.message})


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark everything read."""
    actions.mark_all_read(actor=request.actor, at=clock.now())
    return see_other("messaging:inbox")


def told(request: Request) -> HttpResponse:
    """What the school told its families, and how far each message came."""
    seen = TOLD.page(queries.visible_messages(request.actor), request.GET)
    return page(request, "messaging/told.html", {"seen": seen, "fates": queries.fates_of(seen.rows)})


def deliveries(request: Request, message_id: UUID) -> HttpResponse:
    """One told message with every delivery."""
    found = queries.message_of(request.actor, message_id)
    rows = [] if found.is_general else list(queries.deliveries_of(found)[:500])
    seen = {
        "message": found,
        "deliveries": rows,
        "notice": queries.broadcast_card(found),
        "has_mail_server": MAIL.can_send(),
    }
    return page(request, "messaging/deliveries.html", seen)


def notice(request: Request) -> HttpResponse:
    """Write a notice to an audience."""
    form = NoticeForm(request.POST or None, audiences=queries.places_to_tell(request.actor))
    if form.is_valid():
        organisation_id, audience, argument = form.place
        given = form.cleaned_data
        with refusals_on(form):
            made = actions.broadcast(
                actor=request.actor, organisation=registry.organisation_with(organisation_id), at=clock.now(),
                notice=actions.Announcement(
                    key=given["key"], audience=audience, argument=argument, subject=given["subject"],
                    body=given["body"], urgent_reason=given["urgent_reason"],
                ),
            )  # fmt: skip
            return see_other("messaging:deliveries", made.message.public_id)
    if not queries.may_announce(request.actor):
        raise Forbidden
    return page(request, "messaging/notice.html", {"form": form})


@require_POST
def browser(request: Request) -> HttpResponse:
    """Let this browser ring, or no longer. Body of the script: {"endpoint", "key", "secret"}."""
    try:
        given = json.loads(request.body)
        endpoint, key, secret = str(given["endpoint"]), str(given.get("key", "")), str(given.get("secret", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise actions.NotAPushService from None
    if key:
        actions.ring_browser(
            actor=request.actor, endpoint=endpoint, public_key=key, shared_secret=secret, at=clock.now()
        )
    else:
        actions.forget_browser(actor=request.actor, endpoint=endpoint)
    return HttpResponse(status=204)
