"""The chain that makes the audit trail trustworthy: sealing rows into blocks, and finding what was changed since.

A row's canonical form is a JSON array of its columns as PostgreSQL writes jsonb. The sealer, a function of the owner
(migration 0003), keeps SHA-256 of each and makes

    hash of a block = SHA-256(hash of the block before ‖ number, 8 bytes ‖ instant of sealing ‖ hashes of the rows)

The check here computes the same from the rows as they are now, in Python, and trusts no function of the database.
"""

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from khue.foundation import scope
from khue.foundation.models import AuditBlock

MOST_ROWS = 5000
BLOCKS_AT_ONCE = 200

#: The file of deposited hashes, in the node's folder.
DEPOSIT = "audit.deposit"
LINE = """jsonb_build_array(
    id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), organisation_id, account_id,
    person_id, actor_name, roles, door, verb, subject_kind, subject_id, details)::text"""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the trail that is not as it was sealed.

    code  "row_changed", "row_missing", "row_added", "block_changed", "block_missing", "deposit_differs"
    text  in plain words, for the operator
    """

    code: str
    block: int
    row: int | None
    text: str


def seal() -> int:
    """Seal every row committed so far. Returns how many. Writers are not waited for and do not wait."""
    sealed = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT row_total FROM khue_audit_seal(%s)", [MOST_ROWS])
            row = cursor.fetchone()
            if row is None:
                return sealed
            sealed += int(row[0])
            if row[0] < MOST_ROWS:
                return sealed


def prepare_months(ahead: int = 3) -> int:
    """Make the partitions of this month and the next ones. Returns how many were new."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT khue_audit_partitions(%s)", [ahead])
        made: int = cursor.fetchone()[0]
    return made


def deposit(file: Path) -> None:
    """Add the newest block's number and hash to a file outside the database, where a rewritten chain shows."""
    newest = AuditBlock.objects.order_by("-id").first()
    if newest is None:
        return
    line = f"{newest.id} {bytes(newest.hash).hex()}\n"
    if file.exists() and file.read_text().endswith(line):
        return
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as deposited:
        deposited.write(line)


def verify(deposited: Path | None = None) -> list[Finding]:
    """Everything in the sealed trail that was changed, added or removed since. Empty is good.

    deposited  the file that deposit() has written, if there is one
    cost       reads the whole trail, in batches
    """
    findings: list[Finding] = []
    hashes: dict[int, str] = {}
    with scope.of_organisation(None):
        previous: AuditBlock | None = None
        while blocks := list(
            AuditBlock.objects.filter(id__gt=previous.id if previous else 0).order_by("id")[:BLOCKS_AT_ONCE]
        ):
            rows = _rows_of(blocks[0].id, blocks[-1].id)
            for block in blocks:
                findings += _broken_link(previous, block)
                findings += _changed_rows(block, rows.get(block.id, {}))
                hashes[block.id] = bytes(block.hash).hex()
                previous = block
        findings += _orphans()
    if deposited is not None and deposited.exists():
        findings += _not_as_deposited(deposited.read_text(), hashes)
    return findings


def _rows_of(first: int, last: int) -> dict[int, dict[int, bytes]]:
    """Block to row to the hash of the row as it is now."""
    found: dict[int, dict[int, bytes]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT block_id, id, {LINE} FROM foundation_auditrow WHERE block_id BETWEEN %s AND %s",  # noqa: S608  a constant
            [first, last],
        )
        while rows := cursor.fetchmany(2000):
            for block, row, line in rows:
                found[block][row] = hashlib.sha256(line.encode()).digest()
    return found


def _broken_link(previous: AuditBlock | None, block: AuditBlock) -> Iterator[Finding]:
    expected = previous.id + 1 if previous else 1
    for missing in range(expected, block.id):
        yield Finding("block_missing", missing, None, _("Mất khối %(block)s của nhật ký.") % {"block": missing})
    linked = previous is None or block.id != expected or bytes(block.previous_hash) == bytes(previous.hash)
    computed = hashlib.sha256(
        bytes(block.previous_hash)
        + block.id.to_bytes(8, "big")
        + _instant(block.sealed_at).encode()
        + bytes(block.row_hashes)
    ).digest()
    if not linked or computed != bytes(block.hash) or block.row_count != len(block.row_ids):
        yield Finding("block_changed", block.id, None, _("Khối %(block)s đã bị sửa.") % {"block": block.id})


def _changed_rows(block: AuditBlock, rows: dict[int, bytes]) -> Iterator[Finding]:
    hashes = bytes(block.row_hashes)
    sealed = {row: hashes[i * 32 : i * 32 + 32] for i, row in enumerate(block.row_ids)}
    for row in sorted(sealed.keys() | rows.keys()):
        place = {"row": row, "block": block.id}
        if row not in rows:
            yield Finding("row_missing", block.id, row, _("Mất dòng %(row)s, thuộc khối %(block)s.") % place)
        elif row not in sealed:
            yield Finding(
                "row_added", block.id, row, _("Dòng %(row)s bị thêm vào khối %(block)s sau khi niêm phong.") % place
            )
        elif rows[row] != sealed[row]:
            yield Finding("row_changed", block.id, row, _("Dòng %(row)s, khối %(block)s, đã bị sửa.") % place)


def _orphans() -> Iterator[Finding]:
    """Rows sealed in a block that is not there: how a chain cut off at its end shows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.block_id, count(*) FROM foundation_auditrow r WHERE r.block_id IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM foundation_auditblock b WHERE b.id = r.block_id) GROUP BY 1 ORDER BY 1"
        )
        newest = AuditBlock.objects.order_by("-id").values_list("id", flat=True).first() or 0
        for block, count in cursor.fetchall():
            text = _("Mất khối %(block)s của nhật ký, có %(count)s dòng.") % {"block": block, "count": count}
            if block > newest:
                yield Finding("block_missing", block, None, text)


def _not_as_deposited(text: str, hashes: dict[int, str]) -> Iterator[Finding]:
    for line in text.splitlines():
        number, hash_then = line.split()
        if hashes.get(int(number)) != hash_then:
            words = _("Khối %(block)s không còn như bản đã lưu ngoài cơ sở dữ liệu.") % {"block": number}
            yield Finding("deposit_differs", int(number), None, words)


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
