"""Work lists: what was held back and why, and what came back after a restore; with the names people know."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from khue.exchange.access import Permission
from khue.exchange.models import HeldRecord, Peer, ReportedRecord
from khue.foundation.actor import Actor
from khue.foundation.record import one

#: The fields of a record by which people know it, the first that is filled in.
_NAMES = ("hovaten", "tenlop", "tentruong", "tendiemtruong", "mamonhoc", "malop", "mahocsinh")


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One line of a work list. name: of the pupil, class or school; is_here: the row can be mended on this node."""

    held: HeldRecord
    name: str
    is_here: bool


def visible_held(actor: Actor) -> QuerySet[HeldRecord]:
    """Open lines of the schools where the actor reads what is exchanged. Newest first; page before use."""
    places = actor.organisations(Permission.RECORD_READ)
    rows = HeldRecord.objects.filter(mended_at=None).select_related("peer", "organisation").order_by("-id")
    return rows if places is None else rows.filter(organisation_id__in=places)


def work_lines(rows: Sequence[HeldRecord]) -> list[WorkLine]:
    """A page of lines with names. One query."""
    names = names_of({row.key for row in rows})
    return [
        WorkLine(
            held=row,
            name=names.get(row.key) or name_in(row.payload) or row.key,
            is_here=row.peer is None or row.peer.direction == Peer.Direction.ABOVE,
        )
        for row in rows
    ]


def visible_recovered(actor: Actor) -> QuerySet[ReportedRecord]:
    """Records taken back from above after a restore whose rows still say what they said before. Page before use."""
    places = actor.organisations(Permission.RECORD_READ)
    rows = ReportedRecord.objects.exclude(recovered_hash=None).select_related("organisation").order_by("-position")
    return rows if places is None else rows.filter(organisation_id__in=places)


def recovered_record(actor: Actor, record_id: int) -> ReportedRecord:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_recovered(actor), id=record_id)


def names_of(keys: Collection[str]) -> dict[str, str]:
    """What people call these records. A pupil's record has no name: its identity beside it has. One query."""
    twins = {key: _twin(key) for key in keys}
    rows = ReportedRecord.objects.filter(key__in={*keys, *twins.values()}).values_list("key", "payload")
    said = {key: name_in(payload) for key, payload in rows}
    return {key: said.get(twin) or said.get(key, "") for key, twin in twins.items()}


def name_in(payload: dict[str, object]) -> str:
    """The first field by which people know a record."""
    return next((str(payload[name]) for name in _NAMES if payload.get(name)), "")


def uuid_in(key: str, place: int) -> UUID | None:
    """A part of a key of ours that is a public id; None where it is not."""
    parts = key.split(".")
    try:
        return UUID(parts[place])
    except (IndexError, ValueError):
        return None


def _twin(key: str) -> str:
    kind, _dot, rest = key.partition(".")
    return ".".join(["pupil_identity", *rest.split(".")[:2]]) if kind in ("pupil", "result") else key
