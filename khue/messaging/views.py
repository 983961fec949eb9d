"""Pages of messages."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from khue.foundation import clock, lists
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.messaging import actions, queries
from khue.messaging.models import Delivery, Message

INBOX: lists.Listing[Delivery] = lists.Listing(order=("-id",), size=30)
TOLD: lists.Listing[Message] = lists.Listing(
    order=("-id",),
    filters=(lists.Filter("kind", _("Loại"), "kind", choices=[("absence", _("Vắng học")), ("mark", _("Điểm"))]),),
    size=30,
)


def inbox(request: Request) -> HttpResponse:
    """What was told to the actor."""
    seen = INBOX.page(queries.inbox(request.actor), request.GET)
    return page(request, "messaging/inbox.html", {"seen": seen, "follows": queries.follows(request.actor)})


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
    rows = list(queries.deliveries_of(found)[:500])
    return page(request, "messaging/deliveries.html", {"message": found, "deliveries": rows})
