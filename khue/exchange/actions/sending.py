"""Making batches out of the feed, and settling what the receiver answered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from khue.exchange import batches
from khue.exchange.access import Permission
from khue.exchange.actions.holding import Held, close_superseded, hold
from khue.exchange.actions.nodes import NodeUnnamed
from khue.exchange.actions.passages import log
from khue.exchange.answers import Answer, HeldLine
from khue.exchange.batches import Place
from khue.exchange.envelope import Envelope, projected, wall_clock
from khue.exchange.models import Batch, Peer, ReportedRecord, ThisNode
from khue.exchange.queries.feed import changed_after, complete_up_to
from khue.exchange.queries.rules import allowed_fields, this_node
from khue.exchange.signatures import Signer, digest_of
from khue.foundation import audit, clock
from khue.foundation.actor import Actor, require
from khue.registry import queries as registry


@transaction.atomic
def make_batch(*, actor: Actor, peer: Peer, at: datetime, limit: int = batches.MOST_RECORDS) -> Batch | None:
    """Sign the next run of the feed for the node above. None when there is nothing to send.

    Only fields that the level of the peer may see on that day are in it; a kind without any is left out.
    source  NĐ 88/2026/NĐ-CP, Điều 12; Luật 91/2025/QH15; domain §1.8
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    peer = Peer.objects.select_for_update().get(id=peer.id)
    this = _this_node()
    end = complete_up_to()
    rows = changed_after(peer.made_position, end, limit)
    if not rows:
        return None
    allowed = allowed_fields(peer.level, at.astimezone(clock.VIETNAM).date())
    records, last = _fitting(rows, allowed, at)
    previous = _digest_before(peer)
    place = Place(peer.epoch, peer.number + 1, previous.hex())
    data = batches.written(Signer(str(this.node), this.key_generation), str(peer.node), peer.level, place, records)
    batch = Batch.objects.create(
        organisation_id=peer.organisation_id, peer=peer, epoch=place.epoch, number=place.number,
        digest=bytes.fromhex(digest_of(data)), previous=previous, first_position=rows[0].position,
        last_position=last, records=len(records), content=data, state=Batch.State.MADE, made_at=at,
    )  # fmt: skip
    peer.number, peer.made_position = place.number, last
    peer.save(update_fields=["number", "made_position"])
    log(actor, "sent", [record.Loai for record in records], at=at, organisation_id=peer.organisation_id, peer=peer,
        batch=f"{place.epoch}/{place.number}")  # fmt: skip
    audit.record(actor, "batch.made", batch, peer=peer.name, records=len(records), digest=batch.digest.hex())
    return batch


@transaction.atomic
def settle_batch(*, actor: Actor, batch: Batch, answer: Answer, at: datetime) -> Batch:
    """Take in what the receiver said: the batch is over, and what it held back goes to the work lists here.

    Settling twice changes nothing.
    """
    require(actor, Permission.RECORD_SEND, within=batch)

    batch = Batch.objects.select_for_update().get(id=batch.id)
    if batch.state != Batch.State.MADE:
        return batch
    peer = Peer.objects.select_for_update().get(id=batch.peer_id)
    batch.state, batch.answer, batch.settled_at, batch.content = Batch.State.SETTLED, answer.counts(), at, None
    batch.save(update_fields=["state", "answer", "settled_at", "content"])
    earlier = Batch.objects.filter(peer=peer, epoch=peer.epoch, state=Batch.State.MADE).order_by("number").first()
    peer.position = earlier.first_position - 1 if earlier else peer.made_position
    peer.contact_at, peer.last_error = at, ""
    peer.save(update_fields=["position", "contact_at", "last_error"])
    _take_lines(peer, answer.held, at)
    told = ReportedRecord.objects.filter(position__range=(batch.first_position, batch.last_position))
    close_superseded(peer.id, list(told.values_list("kind", "key")), at, batch.last_position)
    audit.record(actor, "batch.settled", batch, peer=peer.name, **answer.counts())
    return batch


@transaction.atomic
def take_lines(*, actor: Actor, peer: Peer, lines: Sequence[HeldLine], at: datetime) -> int:
    """Put what the level above holds back on the work lists here. Doing it again adds nothing. Returns how many."""
    require(actor, Permission.RECORD_SEND, within=peer)

    new = _take_lines(peer, lines, at)
    audit.record(actor, "held_records.taken_in", peer, lines=len(lines), new=new)
    return new


def _take_lines(peer: Peer, lines: Sequence[HeldLine], at: datetime) -> int:
    places = {
        (row.kind, row.key): (row.organisation_id, bytes(row.content_hash))
        for row in ReportedRecord.objects.filter(key__in={line.key for line in lines})
    }
    schools = {
        place.code: place.id
        for place in registry.subtree(peer.organisation).filter(code__in={line.school for line in lines})
    }
    held = []
    for line in lines:
        found = places.get((line.kind, line.key))
        place = found[0] if found else schools.get(line.school, peer.organisation_id)
        content = found[1] if found else b""
        held.append(
            Held(
                organisation_id=place,
                kind=line.kind,
                key=line.key,
                version=line.version,
                content_hash=content,
                rule=line.rule,
                field=line.field,
                message=line.message,
                duty=line.duty,
            )
        )
    return hold(peer.id, held, at)


def _fitting(
    rows: Sequence[ReportedRecord], allowed: Mapping[str, Collection[str]], at: datetime
) -> tuple[list[Envelope], int]:
    """The records that fit into one batch, and the position of the last one looked at."""
    records: list[Envelope] = []
    size, last, written_at = 0, rows[0].position, wall_clock(at)
    for row in rows:
        fields = allowed.get(row.kind)
        if fields:
            envelope = Envelope(
                IdBanGhi=row.key,
                Loai=row.kind,
                MaTruong=row.school_code,
                SuKien=row.event,
                PhienBan=row.version,
                ThoiGianCapNhat=wall_clock(row.changed_at),
                NgayCapNhat=written_at,
                DuLieu=projected(row.payload, fields),
                NamHoc=row.period,
            )
            size += sum(len(str(value)) for value in envelope.DuLieu.values()) + 600
            if records and size > batches.MOST_BYTES // 6:
                break
            records.append(envelope)
        last = row.position
    return records, last


def _digest_before(peer: Peer) -> bytes:
    before = Batch.objects.filter(peer=peer, epoch=peer.epoch, number=peer.number).first()
    return bytes(before.digest) if before else b""


def _this_node() -> ThisNode:
    this = this_node()
    if this is None:
        raise NodeUnnamed
    return this
