"""Reporting what a school's indicators come to: told by the room that counts them, whenever one has changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from khue.exchange import incoming, keepers
from khue.exchange.access import Permission
from khue.exchange.actions.collecting import WRITE_NEWER
from khue.exchange.catalogue import Kind
from khue.exchange.envelope import Payload, bucket_of, hash_of, projected
from khue.exchange.incoming import Incoming
from khue.exchange.queries.keeping import is_kept_elsewhere
from khue.exchange.queries.rules import allowed_fields, level_above, this_node
from khue.foundation import audit, clock
from khue.foundation.actor import Actor, require
from khue.registry.models import Organisation


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator of a school in a school year: counts, never a percentage. definition: by which version counted."""

    code: str
    year: str
    definition: int
    numerator: int
    denominator: int
    unknown: int


@transaction.atomic
def report_figures(*, actor: Actor, school: Organisation, figures: Sequence[Figure], at: datetime) -> int:
    """Give a new version to each figure that differs from what was last reported. Returns how many did.

    A node that has no name yet reports nothing, nor of a school whose rows another node keeps.
    cost  seven statements, whatever the school's size
    """
    require(actor, Permission.RECORD_SEND, within=school)

    this = this_node()
    if this is None:
        return 0
    keepers.hold_still(school.id)
    if is_kept_elsewhere(school):
        return 0
    allowed = allowed_fields(level_above(this), at.astimezone(clock.VIETNAM).date()).get(Kind.FIGURE, frozenset())
    incoming.copy_in(_row(school, figure, allowed, at) for figure in figures)
    with connection.cursor() as cursor:
        cursor.execute(WRITE_NEWER)
        changed = int(cursor.rowcount)
    if changed:
        audit.record(actor, "figures.reported", school, changed=changed)
    return changed


def _row(school: Organisation, figure: Figure, allowed: frozenset[str], at: datetime) -> Incoming:
    key = f"figure.{school.public_id}.{figure.year}.{figure.code}"
    payload: Payload = {
        "matruong": school.code, "tentruong": school.name, "namhoc": figure.year, "machiso": figure.code,
        "phienban": figure.definition, "tuso": figure.numerator, "mauso": figure.denominator,
        "chuaro": figure.unknown,
    }  # fmt: skip
    return Incoming(
        kind=Kind.FIGURE, key=key, school_code=school.code or "", organisation_id=school.id, version=1, event="NEW",
        payload=payload, content_hash=hash_of(Kind.FIGURE, key, "NEW", payload),
        sent_hash=hash_of(Kind.FIGURE, key, "NEW", projected(payload, allowed)),
        bucket=bucket_of(Kind.FIGURE, key), changed_at=at, period=figure.year,
    )  # fmt: skip
