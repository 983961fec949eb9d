"""Writing work lists: what was held back and why, and that it was mended. Used by the actions of this room."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection

from khue.exchange.envelope import Payload, bucket_of
from khue.exchange.events import RecordsHeld
from khue.exchange.models import HeldRecord
from khue.foundation import events
from khue.foundation.ids import uuid7s


@dataclass(frozen=True, slots=True)
class Held:
    """One reason why one version of a record was not taken."""

    organisation_id: int
    kind: str
    key: str
    version: int
    content_hash: bytes
    rule: str
    field: str
    message: str
    duty: str
    payload: Payload | None = None


_HOLD = """
INSERT INTO exchange_heldrecord (public_id, organisation_id, peer_id, kind, key, version, content_hash, bucket, rule,
                                 field, message, duty, payload, held_at)
SELECT h.*, %(at)s FROM unnest(
    %(public_ids)s::uuid[], %(organisations)s::bigint[], %(peers)s::bigint[], %(kinds)s::text[], %(keys)s::text[],
    %(versions)s::int[], %(hashes)s::bytea[], %(buckets)s::smallint[], %(rules)s::text[], %(fields)s::text[],
    %(messages)s::text[], %(duties)s::text[], %(payloads)s::jsonb[]) AS h
ON CONFLICT DO NOTHING
"""


def hold(peer_id: int | None, held: Sequence[Held], at: datetime) -> int:
    """Add lines to the work lists; those that stand there already stay. Returns how many are new. One statement."""
    if not held:
        return 0
    values: dict[str, Any] = {
        "at": at,
        "public_ids": uuid7s(len(held)),
        "organisations": [one.organisation_id for one in held],
        "peers": [peer_id] * len(held),
        "kinds": [one.kind for one in held],
        "keys": [one.key for one in held],
        "versions": [one.version for one in held],
        "hashes": [one.content_hash for one in held],
        "buckets": [bucket_of(one.kind, one.key) for one in held],
        "rules": [one.rule for one in held],
        "fields": [one.field for one in held],
        "messages": [one.message for one in held],
        "duties": [one.duty for one in held],
        "payloads": [json.dumps(one.payload or {}) for one in held],
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, values)
        new = int(cursor.rowcount)
    if new:
        for organisation_id, lines in groupby(sorted(one.organisation_id for one in held)):
            events.publish(RecordsHeld(organisation_id=organisation_id, count=len(list(lines))))
    return new


#: Whoever holds a line, it is over once a later version was taken, or is held in its place: in any order of arrival.
_SUPERSEDED = """
UPDATE exchange_heldrecord h SET mended_at = %(at)s
 WHERE h.mended_at IS NULL AND h.peer_id = %(peer)s
   AND (h.kind, h.key) IN (SELECT * FROM unnest(%(kinds)s::text[], %(keys)s::text[]))
   AND (EXISTS (SELECT 1 FROM exchange_reportedrecord r
                 WHERE r.kind = h.kind AND r.key = h.key AND r.version > h.version AND r.position <= %(position)s)
     OR EXISTS (SELECT 1 FROM exchange_heldrecord n
                 WHERE n.kind = h.kind AND n.key = h.key AND n.peer_id = h.peer_id AND n.version > h.version))
"""


def close_superseded(peer_id: int, keys: Sequence[tuple[str, str]], at: datetime, position: int = 2**62) -> int:
    """Close lines about versions before the ones that now stand for these records. Returns how many. One statement.

    position  only records up to here in the feed count: at a sender, those that were acknowledged
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SUPERSEDED,
            {
                "at": at,
                "peer": peer_id,
                "position": position,
                "kinds": [kind for kind, _key in keys],
                "keys": [key for _kind, key in keys],
            },
        )
        return int(cursor.rowcount)


def close_mended(organisation_id: int, still: Sequence[Held]) -> int:
    """Close our own complaints about a school that are not made any more. Returns how many."""
    kept = {(one.kind, one.key, one.rule, one.field) for one in still}
    open_ones = HeldRecord.objects.filter(organisation_id=organisation_id, peer=None, mended_at=None)
    gone = [
        key
        for key, *what in open_ones.values_list("id", "kind", "key", "rule", "field")
        if (what[0], what[1], what[2], what[3]) not in kept
    ]
    # A complaint that comes back later is a new line.
    return HeldRecord.objects.filter(id__in=gone).delete()[0]
