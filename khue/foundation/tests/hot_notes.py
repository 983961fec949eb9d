"""A kind of hot write that exists in tests only: one line of text on each page of a notebook."""

from collections.abc import Sequence
from typing import Any

import msgspec
import psycopg
from psycopg import AsyncConnection

from khue.foundation.hot.registry import Ack, HotKind, Write
from khue.foundation.rls import protect

TABLE = """
DROP TABLE IF EXISTS hot_note;
CREATE TABLE hot_note (
    organisation_id bigint NOT NULL,
    notebook bigint NOT NULL,
    page int NOT NULL,
    line text NOT NULL CHECK (length(line) < 100),
    written_at timestamptz NOT NULL,
    PRIMARY KEY (notebook, page)
);
"""
UPSERT = """
INSERT INTO hot_note (organisation_id, notebook, page, line, written_at)
SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::text[], %s::timestamptz[])
ON CONFLICT (notebook, page) DO UPDATE SET line = excluded.line, written_at = excluded.written_at
"""


class Note(msgspec.Struct):
    page: int
    line: str
    organisation: int | None = None


def create_table(owner: psycopg.Connection[Any]) -> None:
    """The table with its policies, made by the owner as a migration would."""
    owner.execute(TABLE)
    owner.execute(protect("hot_note").sql)  # type: ignore[arg-type]


async def flush(connection: AsyncConnection[Any], writes: Sequence[Write[Note]]) -> list[Ack]:
    """Pages below zero are refused; the rest is written as the last write on each page says."""
    latest = {(int(w.subject["notebook"]), w.body.page): w for w in writes if w.body.page >= 0}
    rows = [
        (w.body.organisation or w.organisation_id, *key, w.body.line, w.received_at)
        for key, w in sorted(latest.items())
    ]
    if rows:
        await connection.execute(UPSERT, [list(column) for column in zip(*rows, strict=True)])
    return [
        Ack(values={"page": w.body.page}) if w.body.page >= 0 else Ack("no_such_page", "Không có trang này.")
        for w in writes
    ]


KIND = HotKind("notes", Note, flush)
