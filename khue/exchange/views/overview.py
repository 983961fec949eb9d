"""How this node stands with others: peers, batches, and the log of what passed."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from khue.exchange import queries
from khue.exchange.access import Permission
from khue.exchange.models import Passage, Peer
from khue.exchange.views import keeping
from khue.foundation import lists
from khue.foundation.actor import require
from khue.foundation.page import page
from khue.foundation.request import Request

#: Seconds: a clock further away is told to people. It decides nothing.
CLOCK_AWAY = 300
DEEDS = {
    "sent": gettext_lazy("Gửi đi"),
    "received": gettext_lazy("Nhận"),
    "compared": gettext_lazy("Đối chiếu"),
    "fetched": gettext_lazy("Lấy về"),
    "exported": gettext_lazy("Tải tệp"),
    "imported": gettext_lazy("Nhập tệp"),
}
#: Above first: there is one node above at most, and it is what people look for.
PEERS: lists.Listing[Peer] = lists.Listing(order=("direction", "name", "id"), size=30)
BACK = "back"
PASSAGES: lists.Listing[Passage] = lists.Listing(
    order=("-id",), filters=(lists.Filter("deed", gettext_lazy("Loại việc"), "deed", choices=list(DEEDS.items())),)
)


@require_safe
def overview(request: Request) -> HttpResponse:
    """Peers with their lag, the schools with the lowest scores, and how much work is open."""
    require(request.actor, Permission.RECORD_READ, within=None)
    waiting, is_back = queries.handed_back_here(request.actor), request.GET.get("show") == BACK
    seen = PEERS.page(waiting if is_back else queries.visible_peers(request.actor), request.GET)
    back = list(waiting[:2])
    context = {
        "node": queries.this_node(),
        "seen": seen,
        "lines": queries.peer_lines(seen.rows),
        "is_back": is_back,
        "back": back,
        "back_count": waiting.count() if len(back) > 1 else len(back),
        "scores": queries.lowest_scores(request.actor),
        "open": queries.visible_held(request.actor).count(),
        "recovered": queries.visible_recovered(request.actor).count(),
        "clock_away": CLOCK_AWAY,
        "may_declare": request.actor.may(Permission.FACT_DECLARE),
    }
    return page(request, "exchange/overview.html", context)


@require_safe
def peer(request: Request, public_id: UUID) -> HttpResponse:
    """One peer: its latest batches and what became of them."""
    found = queries.peer_of(request.actor, public_id)
    (line,) = queries.peer_lines([found])
    context = {
        "line": line, "peer": found, "batches": queries.batches_of(found), "clock_away": CLOCK_AWAY,
        **keeping.context(request.actor, found),
    }  # fmt: skip
    return page(request, "exchange/peer.html", context)


@require_safe
def log(request: Request) -> HttpResponse:
    """What went out, came in and was read: by whom, how many of which kinds."""
    require(request.actor, Permission.RECORD_READ, within=None)
    seen = PASSAGES.page(queries.visible_passages(request.actor), request.GET)
    return page(request, "exchange/log.html", {"seen": seen, "deeds": DEEDS}, fragment="results")
