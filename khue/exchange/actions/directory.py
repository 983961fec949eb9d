"""The schools on other nodes, as the node above lists them and as the nodes below report them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from khue.exchange import keys
from khue.exchange.access import Permission
from khue.exchange.letter_answers import Known, School
from khue.exchange.models import FarSchool, KnownNode, Peer
from khue.exchange.queries.letters import schools_below
from khue.foundation import audit
from khue.foundation.actor import Actor, require


@transaction.atomic
def list_far_schools(
    *, actor: Actor, peer: Peer, nodes: Sequence[Known], schools: Sequence[School], at: datetime
) -> int:
    """Keep what the node above says: which schools other nodes have, and by which keys those nodes are known.

    A school that is listed no more is forgotten. Returns how many there are.
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    kept = _keep_nodes(((one.node, one.name, one.keys) for one in nodes), at)
    return _keep_schools(actor, peer, schools, kept, is_below=False)


@transaction.atomic
def list_schools_below(*, actor: Actor, at: datetime) -> int:
    """Keep which schools the nodes below reported as theirs. Returns how many there are."""
    require(actor, Permission.RECORD_SEND, within=None)

    peers = list(Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True))
    if not peers:
        return 0
    kept = _keep_nodes(((str(one.node), one.name, one.keys) for one in peers), at)
    return _keep_schools(actor, peers[0], schools_below(peers), kept, is_below=True)


def _keep_nodes(nodes: Iterable[tuple[str, str, object]], at: datetime) -> Mapping[str, UUID]:
    rows = {}
    for node, name, told in nodes:
        try:
            rows[node] = KnownNode(node=UUID(node), name=name[:200], keys=keys.usable(told), heard_at=at)
        except (ValueError, keys.UnusableKeys):
            continue
    KnownNode.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["node"], update_fields=["name", "keys", "heard_at"]
    )
    return {node: row.node for node, row in rows.items()}


def _keep_schools(
    actor: Actor, peer: Peer, schools: Sequence[School], nodes: Mapping[str, UUID], *, is_below: bool
) -> int:
    rows = {
        one.code: FarSchool(code=one.code, name=one.name[:300], node_id=nodes[one.node], is_below=is_below)
        for one in schools
        if one.node in nodes and 0 < len(one.code) <= 35
    }
    stands = FarSchool.objects.filter(is_below=is_below).values_list("code", "name", "node__node")
    if {(one.code, one.name, one.node_id) for one in rows.values()} == set(stands):
        return len(rows)
    FarSchool.objects.bulk_create(
        rows.values(), update_conflicts=True, unique_fields=["code"], update_fields=["name", "node", "is_below"]
    )
    FarSchool.objects.filter(is_below=is_below).exclude(code__in=list(rows)).delete()
    audit.record(actor, "far_schools.listed", peer, schools=len(rows))
    return len(rows)
