"""Which nodes there are, by which way they are reached, and what we say of them to those above and below."""

from collections.abc import Collection, Sequence
from uuid import UUID

from khue.exchange.letter_answers import Behind, Known, Listing, School
from khue.exchange.models import FarSchool, KnownNode, Peer, ReportedRecord
from khue.exchange.queries.rules import own_card, this_node
from khue.exchange.queries.schools import own_schools
from khue.exchange.routes import Ways
from khue.foundation.actor import SYSTEM

#: Schools told of at once.
SCHOOLS_AT_ONCE = 2000


def ways_from_here() -> Ways | None:
    """The ways of letters from this node, within the scope of the whole node; None before it has a name. Three queries.

    A peer leads to itself, whatever another says of it.
    """
    this, above, below = this_node(), None, dict[UUID, UUID]()
    if this is None:
        return None
    behind = KnownNode.objects.filter(behind__is_active=True, behind__direction=Peer.Direction.BELOW)
    below |= dict(behind.exclude(node=this.node).values_list("node", "behind__node"))
    for node, direction in Peer.objects.filter(is_active=True).values_list("node", "direction"):
        if direction == Peer.Direction.ABOVE:
            above = node
            below.pop(node, None)
        else:
            below[node] = node
    return Ways(this.node, above, below)


def nodes_below() -> list[Behind]:
    """What the node above is told: every node below us with keys, and the schools whose rows it keeps. Four queries."""
    peers = list(Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True).order_by("id"))
    if not peers:
        return []
    codes: dict[str, list[str]] = {}
    for school in schools_below(peers):
        codes.setdefault(school.node, []).append(school.code)
    told = [(str(peer.node), peer.name, peer.keys) for peer in peers]
    told += [(str(one.node), one.name, one.keys) for one in behind(peers)]
    return [Behind(node=node, name=name, keys=keys, schools=codes.get(node, [])) for node, name, keys in told]


def behind(peers: Collection[Peer]) -> list[KnownNode]:
    """The nodes that lie behind some peers below. One query."""
    nodes = [peer.node for peer in peers]
    return list(KnownNode.objects.filter(behind__in=[peer.id for peer in peers]).exclude(node__in=nodes).order_by("id"))


def listing_for(peer: Peer, after: str) -> Listing:
    """The schools a node below may write to by way of us: our own, and all that are not reached through itself.

    after  the code behind which to go on; the nodes are told with the first part
    cost   eight queries
    """
    own = own_card()
    others = list(Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True).exclude(id=peer.id))
    own_ones = [each for each in own_schools(SYSTEM) if each.code and each.code > after]
    found = [School(code=each.code or "", name=each.name, node=own.node) for each in own_ones]
    found += schools_below(others, after, SCHOOLS_AT_ONCE + 1)
    further = FarSchool.objects.filter(is_below=False, code__gt=after).order_by("code")[: SCHOOLS_AT_ONCE + 1]
    found += [School(code=one.code, name=one.name, node=str(one.node_id)) for one in further]
    rows = sorted(found, key=lambda each: each.code)
    nodes = [] if after else [Known(node=own.node, name=own.name, keys=own.keys), *_known(others)]
    return Listing(nodes=nodes, schools=rows[:SCHOOLS_AT_ONCE], more=len(rows) > SCHOOLS_AT_ONCE)


def schools_below(peers: Sequence[Peer], after: str = "", limit: int | None = None) -> list[School]:
    """The schools that these nodes reported, by code, behind one, and who keeps their rows. Two queries.

    A node speaks for the schools it reported and for no other, also when it says that one has a node of its own.
    """
    nodes = {peer.id: str(peer.node) for peer in peers}
    keeps = {(one.behind_id, code): str(one.node) for one in behind(peers) for code in one.schools}
    rows = ReportedRecord.objects.filter(kind="school", peer__in=list(nodes), school_code__gt=after)
    rows = rows.exclude(event="CANCEL").order_by("school_code")
    return [
        School(code=code, name=str(payload.get("tentruong", "")), node=keeps.get((peer, code), nodes[peer]))
        for peer, code, payload in rows.values_list("peer_id", "school_code", "payload")[:limit]
        if peer is not None
    ]


def _known(others: Sequence[Peer]) -> list[Known]:
    """The peers, who lies behind them, and those of whom the node above told us."""
    found = [Known(node=str(one.node), name=one.name, keys=one.keys) for one in others]
    further = FarSchool.objects.filter(is_below=False).values("node_id")
    rows = [*behind(others), *KnownNode.objects.filter(node__in=further).order_by("id")]
    return found + [Known(node=str(one.node), name=one.name, keys=one.keys) for one in rows]
