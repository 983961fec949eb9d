"""The tree of hashes over what this node reports, or over what a peer has reported to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from khue.exchange.models import Peer
from khue.exchange.queries.rules import allowed_fields
from khue.foundation.clock import today

#: As merkle.leaf_of computes it. "C" is the order of code points, which Python sorts by too.
_LEAVES = """
SELECT bucket, sha256(string_agg(
         convert_to(kind, 'UTF8') || '\\x00'::bytea || convert_to(key, 'UTF8') || '\\x00'::bytea
         || convert_to(version::text, 'UTF8') || '\\x00'::bytea || hash, ''::bytea
         ORDER BY kind COLLATE "C", key COLLATE "C"))
  FROM ({records}) AS told GROUP BY bucket
"""
_LISTED = """
SELECT kind, key, version, hash FROM ({records}) AS told WHERE bucket = ANY (%(buckets)s)
 ORDER BY kind COLLATE "C", key COLLATE "C"
"""
_COUNTED = "SELECT count(*) FROM ({records}) AS told"
#: What we tell the level above: everything that our own rules do not hold back, of kinds it may see.
_OURS = """
SELECT kind, key, version, sent_hash AS hash, bucket FROM exchange_reportedrecord
 WHERE errors = 0 AND kind = ANY (%(kinds)s)
"""
#: What a peer told us: the newest version that came, also where it is held back.
_THEIRS = """
SELECT DISTINCT ON (kind, key) kind, key, version, hash, bucket FROM (
    SELECT kind, key, version, content_hash AS hash, bucket, 0 AS held FROM exchange_reportedrecord
     WHERE peer_id = %(peer)s
    UNION ALL
    SELECT kind, key, version, content_hash, bucket, 1 FROM exchange_heldrecord
     WHERE peer_id = %(peer)s AND mended_at IS NULL
) AS came ORDER BY kind, key, version DESC, held
"""


@dataclass(frozen=True, slots=True)
class Leaf:
    """What stands for one record in the tree."""

    kind: str
    key: str
    version: int
    hash: bytes


def leaves_told(peer: Peer) -> Mapping[int, bytes]:
    """The digests of the buckets that are not empty: of what we report, or of what this peer below reported.

    One query over all records, and one for what the peer may see.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES.format(records=_source(peer)), {"peer": peer.id, "kinds": _kinds(peer)})
        return {bucket: bytes(digest) for bucket, digest in cursor.fetchall()}


def records_in(peer: Peer, buckets: Sequence[int]) -> list[Leaf]:
    """The records of some buckets as the tree counts them, in the order of kind and key. One query."""
    with connection.cursor() as cursor:
        statement = _LISTED.format(records=_source(peer))
        cursor.execute(statement, {"peer": peer.id, "kinds": _kinds(peer), "buckets": list(buckets)})
        return [Leaf(kind, key, version, bytes(content)) for kind, key, version, content in cursor.fetchall()]


def told_count(peer: Peer) -> int:
    """How many records the tree counts. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(records=_source(peer)), {"peer": peer.id, "kinds": _kinds(peer)})
        return int(cursor.fetchone()[0])


def _kinds(peer: Peer) -> list[str]:
    return sorted(allowed_fields(peer.level, today()))


def _source(peer: Peer) -> str:
    return _OURS if peer.direction == Peer.Direction.ABOVE else _THEIRS
