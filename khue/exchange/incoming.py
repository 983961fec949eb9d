"""Records on their way into the table, thousands at once: COPY into a temporary table of the connection.

What this node collected from its own rows and what a node below sent takes the same way; who may overwrite what is
decided by the statements of the two actions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import msgspec
import psycopg
from django.db import connection
from psycopg.types.json import Jsonb, set_json_dumps

from khue.exchange.envelope import Payload

#: Writers of the feed hold it together; who reads how far the feed is complete waits for them (queries.feed).
FEED_LOCK = 7265020
_CREATE = """
CREATE TEMPORARY TABLE IF NOT EXISTS exchange_incoming (
    kind varchar(20), key varchar(150), school_code varchar(35), organisation_id bigint, version integer,
    event varchar(6), payload jsonb, content_hash bytea, sent_hash bytea, bucket smallint, warnings smallint,
    errors smallint, changed_at timestamptz, period varchar(9), verdict text NOT NULL DEFAULT 'new'
) ON COMMIT DELETE ROWS
"""
_COPY = """
COPY exchange_incoming (kind, key, school_code, organisation_id, version, event, payload, content_hash, sent_hash,
                        bucket, warnings, errors, changed_at, period) FROM STDIN (FORMAT BINARY)
"""
_TYPES = (
    "varchar", "varchar", "varchar", "int8", "int4", "varchar", "jsonb", "bytea", "bytea", "int2", "int2", "int2",
    "timestamptz", "varchar",
)  # fmt: skip


@dataclass(slots=True)
class Incoming:
    """One record about to be written. `errors` is how many rules of severity error complain."""

    kind: str
    key: str
    school_code: str
    organisation_id: int
    version: int
    event: str
    payload: Payload
    content_hash: bytes
    sent_hash: bytes
    bucket: int
    changed_at: datetime
    warnings: int = 0
    errors: int = 0
    period: str = ""


def copy_in(rows: Iterable[Incoming]) -> None:
    """Put the rows into the temporary table of this transaction, which is empty before."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
        cursor.execute("DELETE FROM exchange_incoming")
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [FEED_LOCK])
    raw = cast("psycopg.Connection[tuple[object, ...]]", connection.connection)
    with raw.cursor() as plain:
        set_json_dumps(msgspec.json.encode, plain)
        with plain.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for row in rows:
                copy.write_row(
                    (
                        row.kind, row.key, row.school_code, row.organisation_id, row.version, row.event,
                        Jsonb(row.payload), row.content_hash, row.sent_hash, row.bucket, row.warnings, row.errors,
                        row.changed_at, row.period,
                    )
                )  # fmt: skip
