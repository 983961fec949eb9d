"""The list of schools that nodes below are told of: all of it, or what changed in it. docs/decisions/0253"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.db.models import Max

from khue.exchange.letter_answers import Changes, Known, Listing, School
from khue.exchange.models import FarSchool, KnownNode, ListedSchool, Peer
from khue.exchange.queries.rules import own_card
from khue.exchange.queries.schools import own_schools
from khue.exchange.queries.ways import behind, reported_schools, schools_below
from khue.exchange.signatures import digest_of
from khue.foundation.actor import SYSTEM

#: Schools told of at once.
SCHOOLS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one school. via: the neighbour below that reported it; None: ours, or told from above."""

    name: str
    node: UUID
    via: UUID | None
    digest: str


def listing_for(peer: Peer, after: str) -> Listing:
    """The schools a node below may write to by way of us: our own, and all that are not reached through itself.

    after  the code behind which to go on; the nodes are told with the first part
    cost   nine queries
    """
    position = listed_position()
    own = own_card()
    others = list(Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True).exclude(id=peer.id))
    own_ones = [each for each in own_schools(SYSTEM) if each.code and each.code > after]
    found = [School(code=each.code or "", name=each.name, node=own.node) for each in own_ones]
    found += schools_below(others, after, SCHOOLS_AT_ONCE + 1)
    further = FarSchool.objects.filter(is_below=False, code__gt=after).order_by("code")[: SCHOOLS_AT_ONCE + 1]
    found += [School(code=one.code, name=one.name, node=str(one.node_id)) for one in further]
    rows = sorted(found, key=lambda each: each.code)
    nodes = [] if after else [Known(node=own.node, name=own.name, keys=own.keys), *_known(others)]
    return Listing(nodes, rows[:SCHOOLS_AT_ONCE], more=len(rows) > SCHOOLS_AT_ONCE, position=position)


def listed_position() -> int:
    """Up to which change this node tells those below it of schools; 0 where it tells nothing. One query."""
    return ListedSchool.objects.aggregate(last=Max("position"))["last"] or 0


def changes_for(peer: Peer, after: int) -> Changes:
    """What changed behind a position. Five queries, whose cost is that of what changed.

    A school that came to be reached through the asking node is gone for it: it knows that one itself.
    """
    rows = list(ListedSchool.objects.filter(position__gt=after).order_by("position")[: SCHOOLS_AT_ONCE + 1])
    told, more = rows[:SCHOOLS_AT_ONCE], len(rows) > SCHOOLS_AT_ONCE
    kept = [row for row in told if not row.is_gone and row.via != peer.node]
    return Changes(
        nodes=_known_of({row.node for row in kept}),
        schools=[School(code=row.code, name=row.name, node=str(row.node)) for row in kept],
        gone=[row.code for row in told if row.is_gone or row.via == peer.node],
        position=told[-1].position if told else listed_position(),
        more=more,
    )


def schools_to_tell() -> Mapping[str, Told]:
    """What is true of every school by its code, for whoever is below. Nine queries, over all schools."""
    own = own_card()
    peers = list(Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True).order_by("id"))
    far = FarSchool.objects.filter(is_below=False)
    found: list[tuple[UUID | None, School]] = []
    found += [(None, School(one.code, one.name, str(one.node_id))) for one in far]
    found += reported_schools(peers)
    found += [(None, School(one.code or "", one.name, own.node)) for one in own_schools(SYSTEM)]
    nodes = [*_known(peers), Known(node=own.node, name=own.name, keys=own.keys)]
    looks = {one.node: digest_of(msgspec.json.encode(one)) for one in nodes}
    # The later stand for the earlier: of what is ours nobody else has the word.
    return {
        one.code: Told(one.name, UUID(one.node), via, digest_of(f"{one.name}\0{looks[one.node]}".encode()))
        for via, one in found
        if 0 < len(one.code) <= 35 and one.node in looks
    }


def _known(others: list[Peer]) -> list[Known]:
    """The peers, who lies behind them, and those of whom the node above told us."""
    found = [Known(node=str(one.node), name=one.name, keys=one.keys) for one in others]
    further = FarSchool.objects.filter(is_below=False).values("node_id")
    rows = [*behind(others), *KnownNode.objects.filter(node__in=further).order_by("id")]
    return found + [Known(node=str(one.node), name=one.name, keys=one.keys) for one in rows]


def _known_of(nodes: set[UUID]) -> list[Known]:
    own = own_card()
    mine = [Known(node=own.node, name=own.name, keys=own.keys)] if UUID(own.node) in nodes else []
    peers = Peer.objects.filter(node__in=nodes, direction=Peer.Direction.BELOW, is_active=True).order_by("id")
    found = {one.node: Known(str(one.node), one.name, one.keys) for one in peers}
    for one in KnownNode.objects.filter(node__in=nodes).order_by("id"):
        # A neighbour is known by the card that was compared, whatever others say of it.
        found.setdefault(one.node, Known(str(one.node), one.name, one.keys))
    return [*mine, *(known for node, known in found.items() if str(node) != own.node)]
