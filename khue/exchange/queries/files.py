"""The records of a school as a reader may have them in a file: projected for the level the reader belongs to."""

from dataclasses import dataclass
from datetime import date

from khue.exchange.catalogue import Kind, by_name
from khue.exchange.envelope import Envelope, projected, wall_clock
from khue.exchange.models import ReportedRecord
from khue.exchange.queries.rules import allowed_fields
from khue.foundation.actor import Actor
from khue.registry.models import Organisation

MOST = 50_000


@dataclass(frozen=True, slots=True)
class Written:
    """Records of one kind for a file. allowed: the fields of the kind that this reader may see."""

    records: list[Envelope]
    allowed: frozenset[str]


def seen_fields(actor: Actor, place: Organisation, kind: Kind, on: date) -> frozenset[str]:
    """The fields of a kind that this reader may see of the schools at a place. At most one query."""
    if place.kind == Organisation.Kind.SCHOOL and any(held.organisation == place.id for held in actor.held):
        return frozenset(by_name(kind))
    level = "ministry" if "ministry_officer" in actor.roles else "department"
    return allowed_fields(level, on).get(kind, frozenset())


def written_records(actor: Actor, school: Organisation, kind: Kind, on: date) -> Written:
    """A school's records of one kind, those that are not cancelled. Two queries; the caller has found the school.

    Who works at the school reads all its fields; an officer what the law lets that level see.
    """
    allowed = seen_fields(actor, school, kind, on)
    rows = ReportedRecord.objects.filter(organisation=school, kind=kind).exclude(event="CANCEL").order_by("key")
    return Written(
        [
            Envelope(
                IdBanGhi=row.key,
                Loai=row.kind,
                MaTruong=row.school_code,
                SuKien=row.event,
                PhienBan=row.version,
                ThoiGianCapNhat=wall_clock(row.changed_at),
                NgayCapNhat=wall_clock(row.recorded_at),
                DuLieu=projected(row.payload, allowed),
            )
            for row in rows[:MOST]
        ],
        allowed,
    )
