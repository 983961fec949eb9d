"""Public reads of the exchange: peers, the tree of hashes, work lists, quality, field sets."""

from khue.exchange.queries.feed import (
    waiting_after,
)
from khue.exchange.queries.figures import (
    ReceivedFigure,
    figures_after,
)
from khue.exchange.queries.files import (
    Written,
    written_records,
)
from khue.exchange.queries.keeping import (
    handed_over,
    is_kept_elsewhere,
    known_here,
    records_to_hand_over,
)
from khue.exchange.queries.known import (
    known_facts,
)
from khue.exchange.queries.letters import (
    far_school,
    far_schools,
    letters_for,
    letters_to_hand_over,
    letters_to_read,
    parts_waiting,
)
from khue.exchange.queries.listing import (
    changes_for,
    listed_position,
    listing_for,
)
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
from khue.exchange.queries.rules import (
    allowed_fields,
    level_above,
    own_card,
    rules_on,
    this_node,
)
from khue.exchange.queries.schools import (
    has_new_school_record,
    own_schools,
    schools_not_collected_since,
    stale_school,
)
from khue.exchange.queries.tree import (
    Leaf,
    leaves_told,
    records_in,
)
from khue.exchange.queries.vendor import (
    called,
    lines_of,
    meanings_at,
    own_rows,
    schools_at,
    sheet_of,
    takeable,
    visible_names,
    visible_sheets,
)
from khue.exchange.queries.ways import (
    nodes_below,
    ways_from_here,
)
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
    "ReceivedFigure",
    "SchoolScore",
    "WorkLine",
    "Written",
    "actor_of",
    "allowed_fields",
    "batch_numbered",
    "batches_of",
    "called",
    "changes_for",
    "copies_for",
    "declared_facts",
    "far_school",
    "far_schools",
    "figures_after",
    "handed_over",
    "has_new_school_record",
    "is_kept_elsewhere",
    "known_facts",
    "known_here",
    "last_settled",
    "leaves_told",
    "letters_for",
    "letters_to_hand_over",
    "letters_to_read",
    "level_above",
    "lines_for",
    "lines_of",
    "listed_position",
    "listing_for",
    "meanings_at",
    "names_of",
    "nodes_below",
    "own_card",
    "own_rows",
    "own_schools",
    "parts_waiting",
    "peer_above",
    "peer_lines",
    "peer_of",
    "peer_with",
    "quality_of",
    "readable_schools",
    "records_in",
    "records_to_hand_over",
    "recovered_record",
    "rules_on",
    "school_of",
    "schools_at",
    "schools_not_collected_since",
    "sheet_of",
    "stale_school",
    "standing_of",
    "takeable",
    "this_node",
    "unsettled",
    "uuid_in",
    "visible_held",
    "visible_names",
    "visible_passages",
    "visible_peers",
    "visible_recovered",
    "visible_sheets",
    "waiting_after",
    "ways_from_here",
    "work_lines",
    "worst_scores",
    "written_records",
]
