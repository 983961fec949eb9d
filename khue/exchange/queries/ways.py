"""Which nodes there are, by which way they are reached, and what we say of them to the one above."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from khue.exchange.letter_answers import Behind, School
from khue.exchange.models import KnownNode, Peer, ReportedRecord
from khue.exchange.queries.rules import this_node
from khue.exchange.routes import Ways


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


def schools_below(peers: Sequence[Peer], after: str = "", limit: int | None = None) -> list[School]:
    """The schools that these nodes reported, by code, behind one, and who keeps their rows. Two queries."""
    return [school for _through, school in reported_schools(peers, after, limit)]


def reported_schools(peers: Sequence[Peer], after: str = "", limit: int | None = None) -> Iterator[tuple[UUID, School]]:
    """The same, each with the neighbour below that reported it.

    A node speaks for the schools it reported and for no other, also when it says that one has a node of its own.
    """
    nodes = {peer.id: peer.node for peer in peers}
    keeps = {(one.behind_id, code): str(one.node) for one in behind(peers) for code in one.schools}
    rows = ReportedRecord.objects.filter(kind="school", peer__in=list(nodes), school_code__gt=after)
    rows = rows.exclude(event="CANCEL").order_by("school_code")
    for peer, code, payload in rows.values_list("peer_id", "school_code", "payload")[:limit]:
        if peer is not None:
            node = keeps.get((peer, code), str(nodes[peer]))
            yield nodes[peer], School(code=code, name=str(payload.get("tentruong", "")), node=node)
