"""Public reads of the exchange: peers, the tree of hashes, work lists, quality, field sets."""

from khue.exchange.queries.feed import waiting_after
from khue.exchange.queries.files import Written, written_records
from khue.exchange.queries.known import known_facts
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
from khue.exchange.queries.quality import (
    KindQuality,
    SchoolScore,
    declared_facts,
    quality_of,
    readable_schools,
    school_of,
    worst_scores,
)
from khue.exchange.queries.rules import allowed_fields, level_above, own_card, rules_on, this_node
from khue.exchange.queries.schools import own_schools, stale_school
from khue.exchange.queries.tree import Leaf, leaves_told, records_in
from khue.exchange.queries.work import (
    WorkLine,
    names_of,
    recovered_record,
    uuid_in,
    visible_held,
    visible_recovered,
    work_lines,
)

__all__ = [
    "KindQuality",
    "Leaf",
    "PeerLine",
    "SchoolScore",
    "WorkLine",
    "Written",
    "actor_of",
    "allowed_fields",
    "batch_numbered",
    "batches_of",
    "copies_for",
    "declared_facts",
    "known_facts",
    "last_settled",
    "leaves_told",
    "level_above",
    "lines_for",
    "names_of",
    "own_card",
    "own_schools",
    "peer_above",
    "peer_lines",
    "peer_of",
    "peer_with",
    "quality_of",
    "readable_schools",
    "records_in",
    "recovered_record",
    "rules_on",
    "school_of",
    "stale_school",
    "standing_of",
    "this_node",
    "unsettled",
    "uuid_in",
    "visible_held",
    "visible_passages",
    "visible_peers",
    "visible_recovered",
    "waiting_after",
    "work_lines",
    "worst_scores",
    "written_records",
]
