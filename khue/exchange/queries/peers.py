"""Other nodes: who they are, how far they have come, and what they may ask for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, TextField, Value

from khue.exchange.access import PEER_ROLE, Permission
from khue.exchange.answers import HeldLine, Standing
from khue.exchange.envelope import Envelope, wall_clock
from khue.exchange.models import Batch, HeldRecord, Passage, Peer, ReportedRecord
from khue.exchange.queries.feed import waiting_after
from khue.foundation import scope
from khue.foundation.actor import SYSTEM, Actor, Held
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.registry import queries as registry


def peer_with(node: str) -> Peer | None:
    """The active peer of that name, looked up beyond any scope: who it is decides which scope it gets. One query."""
    try:
        wanted = UUID(node)
    except ValueError:
        return None
    with scope.raised(SYSTEM):
        return Peer.objects.select_related("organisation").filter(node=wanted, is_active=True).first()


def actor_of(peer: Peer) -> Actor:
    """The peer as an actor: it may report for its body and all below, and nothing else."""
    held = Held(role=PEER_ROLE, organisation=peer.organisation_id, covers=registry.covered_by(peer.organisation_id))
    return Actor(name=peer.name, held=(held,), place=peer.organisation.name, door="api")


def peer_above() -> Peer | None:
    """The node this one reports to. One query."""
    return Peer.objects.select_related("organisation").filter(direction=Peer.Direction.ABOVE, is_active=True).first()


def standing_of(peer: Peer) -> Standing:
    """How far the batches of a peer below have come. Two queries."""
    last = Batch.objects.filter(peer=peer, epoch=peer.epoch, number=peer.number).first()
    beyond = Batch.objects.filter(peer=peer, epoch=peer.epoch, number__gt=peer.number).order_by("number")
    return Standing(
        epoch=peer.epoch,
        number=peer.number,
        digest=bytes(last.digest).hex() if last else "",
        beyond=list(beyond.values_list("number", flat=True)[:1000]),
        handed_over=peer.handed_over_at.isoformat() if peer.handed_over_at else "",
    )


def unsettled(peer: Peer) -> list[Batch]:
    """Batches that were made and not acknowledged, in order. One query."""
    return list(Batch.objects.filter(peer=peer, state=Batch.State.MADE).order_by("epoch", "number"))


def last_settled(peer: Peer) -> Batch | None:
    """The last batch of this epoch that was acknowledged. One query."""
    rows = Batch.objects.filter(peer=peer, epoch=peer.epoch, state=Batch.State.SETTLED)
    return rows.order_by("-number").first()


def batch_numbered(peer: Peer, number: int) -> Batch | None:
    """A batch of the current epoch. One query."""
    return Batch.objects.filter(peer=peer, epoch=peer.epoch, number=number).first()


def copies_for(peer: Peer, keys: Collection[tuple[str, str]]) -> list[Envelope]:
    """What a peer below reported itself, for it to take back after a restore. One query."""
    rows = ReportedRecord.objects.filter(peer=peer, key__in={key for _kind, key in keys}).order_by("kind", "key")
    wanted = set(keys)
    return [envelope_of(row) for row in rows if (row.kind, row.key) in wanted]


def envelope_of(row: ReportedRecord) -> Envelope:
    """A record as it stands here, as it travels to the node that keeps it."""
    return Envelope(
        IdBanGhi=row.key,
        Loai=row.kind,
        MaTruong=row.school_code,
        SuKien=row.event,
        PhienBan=row.version,
        ThoiGianCapNhat=wall_clock(row.changed_at),
        NgayCapNhat=wall_clock(row.recorded_at),
        DuLieu=row.payload,
        NamHoc=row.period,
    )


def lines_for(peer: Peer, after: int, limit: int = 1000) -> tuple[list[HeldLine], int]:
    """What is held back of a peer's schools, here or above us, after a line; and the last line. One query.

    A school's line of the Ministry reaches it so by way of the department.
    """
    rows = HeldRecord.objects.filter(
        organisation__lineage__startswith=peer.organisation.lineage, mended_at=None, id__gt=after
    ).exclude(peer=None)
    found = list(rows.select_related("organisation").order_by("id")[:limit])
    lines = [
        HeldLine(
            kind=row.kind,
            key=row.key,
            school=row.organisation.code or "",
            version=row.version,
            rule=row.rule,
            field=row.field,
            message=row.message,
            duty=row.duty,
        )
        for row in found
    ]
    return lines, found[-1].id if found else after


@dataclass(frozen=True, slots=True)
class PeerLine:
    """A peer as the page of peers shows it.

    records   below: copies we have of it; above: records that still wait for it
    waiting   above: batches without an acknowledgement
    held      lines of work lists that are open with it
    quiet     since when nothing was heard of it
    """

    peer: Peer
    records: int
    waiting: int
    held: int
    quiet_since: datetime | None


def visible_peers(actor: Actor) -> QuerySet[Peer]:
    """Peers whose body lies where the actor reads what is exchanged, by direction and name."""
    places = actor.organisations(Permission.RECORD_READ)
    rows = Peer.objects.select_related("organisation").order_by("direction", "name", "id")
    return rows if places is None else rows.filter(organisation_id__in=places)


def handed_back_here(actor: Actor) -> QuerySet[Peer]:
    """Of them, schools' nodes whose rows wait to be taken back here. Page it before use."""
    back = {"direction": Peer.Direction.BELOW, "handed_back_at__isnull": False, "back_settled_at": None}
    return visible_peers(actor).filter(is_active=True, **back)


def peer_of(actor: Actor, public_id: UUID) -> Peer:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_peers(actor), public_id=public_id)


def peer_lines(peers: Sequence[Peer]) -> list[PeerLine]:
    """A page of peers with how they stand. Two queries, whatever their number."""
    ids = [peer.id for peer in peers]
    counts = {(what, peer_id): count for what, peer_id, count in _counts(ids)}
    above = next((peer for peer in peers if peer.direction == Peer.Direction.ABOVE), None)
    left = waiting_after(above.position) if above else 0
    return [
        PeerLine(
            peer=peer,
            records=left if peer is above else peer.copies,
            waiting=counts.get(("waiting", peer.id), 0),
            held=counts.get(("held", peer.id), 0),
            quiet_since=peer.contact_at,
        )
        for peer in peers
    ]


@compiled
def _counts(peer_ids: Sequence[int]) -> QuerySet[Any, tuple[str, int, int]]:
    """What there is of each peer, its id, and how many."""
    counted = {
        "held": HeldRecord.objects.filter(peer_id__in=peer_ids, mended_at=None),
        "waiting": Batch.objects.filter(peer_id__in=peer_ids, state=Batch.State.MADE.value),
    }
    first, *others = (
        rows.order_by().annotate(what=Value(what, TextField())).values_list("what", "peer_id").annotate(n=Count("id"))
        for what, rows in counted.items()
    )
    found: QuerySet[Any, tuple[str, int, int]] = first.union(*others, all=True)
    return found


def batches_of(peer: Peer, limit: int = 30) -> list[Batch]:
    """The latest batches of a peer, without their bytes. One query."""
    return list(Batch.objects.filter(peer=peer).defer("content").order_by("-id")[:limit])


def visible_passages(actor: Actor) -> QuerySet[Passage]:
    """The log of what went out, came in and was read, where the actor reads it. Newest first; page before use."""
    places = actor.organisations(Permission.RECORD_READ)
    rows = Passage.objects.select_related("peer", "organisation").order_by("-id")
    return rows if places is None else rows.filter(organisation_id__in=places)
