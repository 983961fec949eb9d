"""Who keeps a school's rows: handed over to its own node, back from it, and taken back. docs/decisions/0300 and 0310"""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.exchange import actions, queries
from khue.exchange.access import Permission
from khue.exchange.actions import carrying
from khue.exchange.models import Peer
from khue.foundation import clock, flash
from khue.foundation.actor import Actor
from khue.foundation.page import see_other
from khue.foundation.request import Request


def context(actor: Actor, peer: Peer) -> dict[str, object]:
    """What the page of a peer says about the keeper, and what may be done there. At most three queries."""
    may_change = peer.is_active and peer.direction == Peer.Direction.BELOW and actor.may(Permission.KEEPER_CHANGE, peer)
    may_return = actor.may(Permission.KEEPER_RETURN, peer) and queries.may_hand_back(peer)
    is_back = may_change and peer.handed_back_at is not None and peer.back_settled_at is None
    return {
        "may_change": may_change,
        "to_hand_over": queries.records_to_hand_over(peer) if may_change and not is_back else 0,
        "beside": queries.rows_beside(peer, clock.today()) if is_back else [],
        "open": queries.still_open(peer, clock.today()) if may_return else None,
    }


@require_POST
def hand_over(request: Request, public_id: UUID) -> HttpResponse:
    """Let a school's own node keep its rows from now on."""
    found = queries.peer_of(request.actor, public_id)
    count = actions.hand_over_school(actor=request.actor, peer=found, at=clock.now())
    said = _("Đã giao %(count)s bản ghi. Từ nay hệ thống của trường giữ và báo cáo.") % {"count": _grouped(count)}
    return flash.say(see_other("exchange:peer", public_id), said)


@require_POST
def handing(request: Request, public_id: UUID) -> HttpResponse:
    """What was handed over, as a file that the school's node takes up without a line."""
    found = queries.peer_of(request.actor, public_id)
    data, _records = carrying.packed_handing(request.actor, found)
    name = f"{found.organisation.code or found.public_id}.khue"
    return HttpResponse(
        data,
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
def hand_back(request: Request, public_id: UUID) -> HttpResponse:
    """At a school's own node: keep its rows no longer."""
    found = queries.peer_of(request.actor, public_id)
    done = actions.hand_back_school(actor=request.actor, peer=found, at=clock.now())
    said = _("Đã giao lại %(count)s bản ghi. Từ nay hệ thống này không tập hợp và báo cáo nữa.") % {
        "count": _grouped(done.records)
    }
    return flash.say(see_other("exchange:peer", public_id), said)


@require_POST
def take_back(request: Request, public_id: UUID) -> HttpResponse:
    """Keep a school's rows here again."""
    found = queries.peer_of(request.actor, public_id)
    done = actions.take_back_school(actor=request.actor, peer=found, at=clock.now())
    said = _("Đã nhận lại %(count)s bản ghi. Từ nay hệ thống này giữ và báo cáo.") % {"count": _grouped(done.records)}
    return flash.say(see_other("exchange:peer", public_id), said)


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", ".")
