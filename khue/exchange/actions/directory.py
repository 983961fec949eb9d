"""The schools on other nodes, as the node above lists them and as the nodes below report them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from khue.exchange import keys
from khue.exchange.access import Permission
from khue.exchange.events import NodesChanged
from khue.exchange.letter_answers import Behind, Changes, Known, School
from khue.exchange.models import FarSchool, KnownNode, Peer
from khue.exchange.queries.schools import own_schools
from khue.exchange.queries.ways import behind, schools_below, ways_from_here
from khue.foundation import audit, events, scope
from khue.foundation.actor import Actor, require

#: Nodes that may lie behind one: every commune of a province could have one.
MOST_BEHIND = 1000


@transaction.atomic
def keep_nodes_behind(*, actor: Actor, peer: Peer, nodes: Sequence[Behind], at: datetime) -> int:
    """Keep what a node below says of those below it: which there are, by which keys, with which schools.

    It says all of them each time; who is named no more is behind it no more. It cannot name this node, another peer,
    who lies behind another one, or who is reached by way of the node above. Returns how many are believed.
    """
    require(actor, Permission.LETTER_CARRY, within=peer)

    with scope.raised(actor):
        ways = ways_from_here()
        if ways is None:
            return 0
        elsewhere = {ways.this, ways.above, peer.node}
        elsewhere |= {node for node, by in ways.below.items() if by != peer.node}
        elsewhere |= set(FarSchool.objects.filter(is_below=False).values_list("node__node", flat=True))
        stood = _behind(peer)
        told = [(one.node, one.name, one.keys) for one in nodes[:MOST_BEHIND]]
        kept = _keep_nodes(told, at, without=elsewhere)
        codes = {kept[one.node]: _codes(one.schools) for one in nodes[:MOST_BEHIND] if one.node in kept}
        KnownNode.objects.filter(behind=peer).exclude(node__in=list(codes)).update(behind=None, schools=[])
        rows = list(KnownNode.objects.filter(node__in=list(codes)))
        changed = [row for row in rows if (row.behind_id, row.schools) != (peer.id, codes[row.node])]
        for row in changed:
            row.behind, row.schools = peer, codes[row.node]
        KnownNode.objects.bulk_update(changed, ["behind", "schools"])
        if _behind(peer) != stood:
            events.publish(NodesChanged(None))
    if changed:
        audit.record(actor, "nodes.told", peer, node=[str(row.node) for row in changed])
    return len(codes)


@transaction.atomic
def note_nodes_told(*, actor: Actor, peer: Peer, digest: str, at: datetime) -> None:
    """Keep what the node above was told of the nodes below us, by its digest, and when."""
    require(actor, Permission.RECORD_SEND, within=peer)

    Peer.objects.filter(id=peer.id).update(nodes_told=digest, nodes_told_at=at)


@transaction.atomic
def list_far_schools(
    *,
    actor: Actor,
    peer: Peer,
    nodes: Sequence[Known],
    schools: Sequence[School],
    at: datetime,
    position: int = 0,
) -> int:
    """Keep what the node above says: which schools other nodes have, and by which keys those nodes are known.

    It says nothing of our own schools and of those below us. A school that is listed no more is forgotten.
    position  up to which change of its list this is true
    returns   how many there are
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    kept, wanted = _of_elsewhere(actor, nodes, schools, at)
    count = _keep_schools(actor, peer, wanted, kept, is_below=False)
    Peer.objects.filter(id=peer.id).update(listed=position, listed_at=at)
    return count


@transaction.atomic
def follow_far_schools(*, actor: Actor, peer: Peer, changes: Changes, at: datetime) -> int:
    """Keep what changed in the list of the node above, as it says. Returns how many schools came or changed."""
    require(actor, Permission.RECORD_SEND, within=peer)

    kept, wanted = _of_elsewhere(actor, changes.nodes, changes.schools, at)
    rows = _far(wanted, kept, is_below=False)
    _write_far(rows)
    gone, _each = FarSchool.objects.filter(is_below=False, code__in=changes.gone).delete()
    Peer.objects.filter(id=peer.id).update(listed=changes.position)
    if rows or gone:
        audit.record(actor, "far_schools.listed", peer, schools=len(rows), gone=gone)
        events.publish(NodesChanged(None))
    return len(rows)


@transaction.atomic
def list_schools_below(*, actor: Actor, at: datetime) -> int:
    """Keep which schools the nodes below reported as theirs. Returns how many there are."""
    require(actor, Permission.RECORD_SEND, within=None)

    peers = list(Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True))
    if not peers:
        return 0
    kept = {**_keep_nodes(((str(one.node), one.name, one.keys) for one in peers), at)}
    kept |= {str(one.node): one.node for one in behind(peers)}
    return _keep_schools(actor, peers[0], schools_below(peers), kept, is_below=True)


def _behind(peer: Peer) -> list[tuple[object, ...]]:
    return list(KnownNode.objects.filter(behind=peer).order_by("id").values_list("node", "name", "keys", "schools"))


def _keep_nodes(
    nodes: Iterable[tuple[str, str, object]], at: datetime, without: Collection[UUID | None] = ()
) -> Mapping[str, UUID]:
    rows = {}
    for node, name, told in nodes:
        try:
            row = KnownNode(node=UUID(node), name=name.replace("\0", "")[:200], keys=keys.usable(told), heard_at=at)
        except (ValueError, keys.UnusableKeys):
            continue
        if row.node not in without:
            rows[node] = row
    KnownNode.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["node"], update_fields=["name", "keys", "heard_at"]
    )
    return {node: row.node for node, row in rows.items()}


def _codes(told: Sequence[str]) -> list[str]:
    return sorted({code for code in told if 0 < len(code) <= 35 and "\0" not in code})


def _of_elsewhere(
    actor: Actor, nodes: Sequence[Known], schools: Sequence[School], at: datetime
) -> tuple[Mapping[str, UUID], list[School]]:
    """Of what the node above says, what it may: the nodes that are kept, and the schools that are not of our branch."""
    ways = ways_from_here()
    # Of who lies below us we know ourselves, and by a card that was compared.
    own = {ways.this, *ways.below} if ways else set()
    kept = _keep_nodes(((one.node, one.name, one.keys) for one in nodes), at, without=own)
    ours = {school.code for school in own_schools(actor)}
    ours |= set(FarSchool.objects.filter(is_below=True).values_list("code", flat=True))
    return kept, [one for one in schools if one.code not in ours]


def _far(schools: Sequence[School], nodes: Mapping[str, UUID], *, is_below: bool) -> dict[str, FarSchool]:
    return {
        one.code: FarSchool(
            code=one.code, name=one.name.replace("\0", "")[:300], node_id=nodes[one.node], is_below=is_below
        )
        for one in schools
        if one.node in nodes and 0 < len(one.code) <= 35 and "\0" not in one.code
    }


def _write_far(rows: Mapping[str, FarSchool]) -> None:
    FarSchool.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["code"], update_fields=["name", "node", "is_below"]
    )


def _keep_schools(
    actor: Actor, peer: Peer, schools: Sequence[School], nodes: Mapping[str, UUID], *, is_below: bool
) -> int:
    rows = _far(schools, nodes, is_below=is_below)
    stands = FarSchool.objects.filter(is_below=is_below).values_list("code", "name", "node__node")
    if {(one.code, one.name, one.node_id) for one in rows.values()} == set(stands):
        return len(rows)
    _write_far(rows)
    FarSchool.objects.filter(is_below=is_below).exclude(code__in=list(rows)).delete()
    audit.record(actor, "far_schools.listed", peer, schools=len(rows))
    events.publish(NodesChanged(None))
    return len(rows)
