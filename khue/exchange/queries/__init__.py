"""Public reads of the exchange: peers, the tree of hashes, work lists, quality, field sets."""

from khue.exchange.queries.feed import waiting_after
from khue.exchange.queries.peers import (
    PeerLine,
    actor_of,
    batch_numbered,
    batches_of,
    copies_for,
    last_settled,
    lines_for,
    peer_above,
    peer_lines,
    peer_of,
    peer_with,
    standing_of,
    unsettled,
    visible_passages,
    visible_peers,
)
from khue.exchange.queries.rules import allowed_fields, level_above, rules_on, this_node
from khue.exchange.queries.schools import own_schools, stale_school
from khue.exchange.queries.tree import Leaf, leaves_told, records_in

__all__ = [
    "Leaf",
    "PeerLine",
    "actor_of",
    "allowed_fields",
    "batch_numbered",
    "batches_of",
    "copies_for",
    "last_settled",
    "leaves_told",
    "level_above",
    "lines_for",
    "own_schools",
    "peer_above",
    "peer_lines",
    "peer_of",
    "peer_with",
    "records_in",
    "rules_on",
    "stale_school",
    "standing_of",
    "this_node",
    "unsettled",
    "visible_passages",
    "visible_peers",
    "waiting_after",
]
