"""Accepting a batch of a node below: the signature once, the records together, one statement that writes.

A record stands only when its version is greater than the one that stands. So it does not matter in which order batches
come, how often, or what any clock says.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection, transaction

from khue.exchange import incoming
from khue.exchange.access import Permission
from khue.exchange.actions.holding import Held, close_superseded, hold
from khue.exchange.actions.nodes import NodeUnnamed
from khue.exchange.actions.opening import answer_before, genuine_claims, read_records
from khue.exchange.actions.passages import log
from khue.exchange.answers import Answer, HeldLine
from khue.exchange.envelope import Envelope, bucket_of, hash_of, instant_of, projected
from khue.exchange.events import RecordsReceived
from khue.exchange.incoming import Incoming
from khue.exchange.judging import Judgement, judge
from khue.exchange.models import Batch, Peer, ThisNode
from khue.exchange.queries.rules import allowed_fields, level_above, rules_on, this_node
from khue.exchange.signatures import BatchClaims
from khue.foundation import audit, clock, events, scope
from khue.foundation.actor import Actor, require
from khue.registry import queries as registry

#: What stands already decides about each record that came. Runs in the scope of the whole node, so that a key which
#: another body's record holds is seen and told, and not met as an error.
_COMPARE = """
UPDATE exchange_incoming i
   SET verdict = CASE WHEN r.peer_id IS DISTINCT FROM %(peer)s THEN 'foreign'
                      WHEN r.version > i.version THEN 'older'
                      WHEN r.version < i.version THEN 'newer'
                      WHEN r.content_hash = i.content_hash THEN 'same' ELSE 'conflict' END
  FROM exchange_reportedrecord r WHERE r.kind = i.kind AND r.key = i.key
"""
_WRITE = """
INSERT INTO exchange_reportedrecord AS r
    (organisation_id, peer_id, kind, key, school_code, version, event, payload, content_hash, sent_hash, position,
     bucket, warnings, errors, changed_at, recorded_at, period)
SELECT organisation_id, %(peer)s, kind, key, school_code, version, event, payload, content_hash, sent_hash,
       nextval('exchange_position'), bucket, warnings, 0, changed_at, %(at)s, period
  FROM exchange_incoming WHERE errors = 0 AND verdict IN ('new', 'newer') ORDER BY kind, key
ON CONFLICT (kind, key) DO UPDATE
   SET organisation_id = excluded.organisation_id, school_code = excluded.school_code, version = excluded.version,
       event = excluded.event, payload = excluded.payload, content_hash = excluded.content_hash,
       sent_hash = excluded.sent_hash, position = excluded.position, warnings = excluded.warnings,
       errors = 0, changed_at = excluded.changed_at, recorded_at = excluded.recorded_at,
       period = CASE WHEN excluded.period = '' THEN r.period ELSE excluded.period END
 WHERE r.peer_id = excluded.peer_id AND r.version < excluded.version
"""
_VERDICTS = "SELECT kind, key, verdict FROM exchange_incoming WHERE verdict <> 'new'"


@transaction.atomic
def accept_batch(*, actor: Actor, peer: Peer, data: bytes, at: datetime) -> Answer:
    """Take over what a node below reports. The same batch again gets the same answer and changes nothing.

    What cannot be taken is held back by itself, with its reasons; the rest of the batch stands.
    refuses  NodeUnnamed; BatchNotGenuine; BatchBroken; EpochOver; NumberTaken
    source   domain §1.8; NĐ 88/2026/NĐ-CP, Điều 10 and 22
    cost     a dozen statements, whatever the number of records
    """
    require(actor, Permission.RECORD_ACCEPT, within=peer)

    this = this_node()
    if this is None:
        raise NodeUnnamed
    peer = Peer.objects.select_for_update().get(id=peer.id)
    claims, content = genuine_claims(this, peer, data)
    digest = hashlib.sha256(data).digest()
    before = answer_before(peer, claims, digest)
    if before is not None:
        return before
    records = read_records(peer, claims, content)
    answer = _take(actor, this, peer, claims, records, at)
    batch = _settled(peer, claims, digest, len(records), answer, at)
    _advance(peer, claims, at, has_news=answer.taken > 0)
    kinds = [record.Loai for record in records]
    log(actor, "received", kinds, at=at, organisation_id=peer.organisation_id, peer=peer,
        batch=f"{claims.epoch}/{claims.number}")  # fmt: skip
    audit.record(actor, "batch.accepted", batch, peer=peer.name, digest=digest.hex(), **answer.counts())
    if answer.taken:
        told = {"taken": answer.taken, "schools": kinds.count("school"), "figures": kinds.count("figure")}
        events.publish(RecordsReceived(peer.organisation_id, peer_id=peer.id, **told))
    return answer


def _settled(peer: Peer, claims: BatchClaims, digest: bytes, count: int, answer: Answer, at: datetime) -> Batch:
    """The batch as it is kept: with the answer it gets whenever it comes again."""
    return Batch.objects.create(
        organisation_id=peer.organisation_id,
        peer=peer,
        epoch=claims.epoch,
        number=claims.number,
        digest=digest,
        previous=bytes.fromhex(claims.previous),
        records=count,
        state=Batch.State.SETTLED,
        answer=msgspec.to_builtins(answer),
        made_at=at,
        settled_at=at,
    )


def _take(
    actor: Actor, this: ThisNode, peer: Peer, claims: BatchClaims, records: list[Envelope], at: datetime
) -> Answer:
    day = at.astimezone(clock.VIETNAM).date()
    allowed = allowed_fields(this.level, day)
    records = _newest(records)
    judged = judge(records, rules_on(day), allowed, day)
    places = _schools(actor, peer, records, judged)
    seen_above = allowed_fields(level_above(this), day) if level_above(this) else {}
    rows = [_row(record, place, judged, places, seen_above, at) for place, record in enumerate(records)]
    incoming.copy_in(rows)
    verdicts, taken = _write(actor, peer, at)
    held = _held(records, rows, judged, verdicts, allowed)
    hold(peer.id, held, at)
    close_superseded(peer.id, [(record.Loai, record.IdBanGhi) for record in records], at)
    known = list(verdicts.values())
    codes = {(row.kind, row.key): row.school_code for row in rows}
    lines = [
        HeldLine(
            kind=one.kind, key=one.key, school=codes[one.kind, one.key], version=one.version, rule=one.rule,
            field=one.field, message=one.message, duty=one.duty,
        )
        for one in held
    ]  # fmt: skip
    return Answer(
        epoch=claims.epoch, number=claims.number, taken=taken, older=known.count("older"), same=known.count("same"),
        held=lines,
    )  # fmt: skip


def _newest(records: Sequence[Envelope]) -> list[Envelope]:
    """One version a record, the newest: a batch says everything once, but nobody has to believe that."""
    newest: dict[tuple[str, str], Envelope] = {}
    for record in records:
        key = (record.Loai, record.IdBanGhi)
        if key not in newest or newest[key].PhienBan < record.PhienBan:
            newest[key] = record
    return list(newest.values())


def _schools(actor: Actor, peer: Peer, records: Sequence[Envelope], judged: Judgement) -> Mapping[str, int]:
    """The organisation of each school code. A school that is not the sender's is refused.

    A node that reports for many schools may name one we have not founded: such a record is kept at the sender's body.
    """
    codes = {record.MaTruong for record in records}
    with scope.raised(actor):
        known = registry.bodies_with_codes(codes)
    below = peer.organisation.lineage
    places, refused = {}, set()
    for code in codes:
        place = known.get(code)
        if place is not None and place.lineage.startswith(below):
            places[code] = place.id
        elif place is None and peer.level != "school":
            places[code] = peer.organisation_id
        else:
            places[code] = peer.organisation_id
            refused.add(code)
    for at, record in enumerate(records):
        if record.MaTruong in refused:
            judged.refuse(at, "school_not_yours")
    return places


def _row(
    record: Envelope,
    place: int,
    judged: Judgement,
    places: Mapping[str, int],
    seen_above: Mapping[str, frozenset[str]],
    at: datetime,
) -> Incoming:
    kind, key, payload = record.Loai, record.IdBanGhi, record.DuLieu
    onward = projected(payload, seen_above.get(kind, frozenset()))
    errors = len(judged.errors.get(place, ()))
    return Incoming(
        kind=kind,
        key=key,
        school_code=record.MaTruong,
        organisation_id=places[record.MaTruong],
        version=record.PhienBan,
        event=record.SuKien,
        payload={} if errors else payload,
        content_hash=hash_of(kind, key, record.SuKien, payload),
        sent_hash=hash_of(kind, key, record.SuKien, onward),
        bucket=bucket_of(kind, key),
        changed_at=_instant(record.ThoiGianCapNhat, at),
        warnings=judged.warnings.get(place, 0),
        errors=errors,
        period=record.NamHoc,
    )


def _instant(text: str, at: datetime) -> datetime:
    """What the sender's clock said; a day that does not exist is the receiver's moment: it decides nothing."""
    try:
        return instant_of(text)
    except ValueError:
        return at


def _write(actor: Actor, peer: Peer, at: datetime) -> tuple[dict[tuple[str, str], str], int]:
    """What stood already, by kind and key, and how many records were written."""
    values: dict[str, Any] = {"peer": peer.id, "at": at}
    with connection.cursor() as cursor:
        with scope.raised(actor):
            cursor.execute(_COMPARE, values)
        cursor.execute(_VERDICTS)
        verdicts = {(kind, key): verdict for kind, key, verdict in cursor.fetchall()}
        cursor.execute(_WRITE, values)
        return verdicts, cursor.rowcount


def _held(
    records: Sequence[Envelope],
    rows: Sequence[Incoming],
    judged: Judgement,
    verdicts: Mapping[tuple[str, str], str],
    allowed: Mapping[str, frozenset[str]],
) -> list[Held]:
    """The reasons why records are not taken; what is older or known needs none."""
    held = []
    for place, (record, row) in enumerate(zip(records, rows, strict=True)):
        verdict = verdicts.get((row.kind, row.key), "new")
        if verdict in ("foreign", "conflict") and place not in judged.errors:
            judged.refuse(place, "kept_by_another" if verdict == "foreign" else "version_conflict")
        if place not in judged.errors or verdict in ("older", "same"):
            continue
        payload = projected(record.DuLieu, allowed.get(row.kind, frozenset()))
        held += [
            Held(
                organisation_id=row.organisation_id,
                kind=row.kind,
                key=row.key,
                version=row.version,
                content_hash=row.content_hash,
                rule=wrong.rule,
                field=wrong.field,
                message=wrong.message,
                duty=wrong.duty,
                payload=payload,
            )
            for wrong in judged.errors[place]
        ]
    return held


def _advance(peer: Peer, claims: BatchClaims, at: datetime, *, has_news: bool) -> None:
    """How far the batches go without a gap. A new epoch begins with the first batch that has it.

    Who says something new keeps its rows: what it handed back before it said so, it has not.
    """
    if claims.epoch > peer.epoch:
        peer.epoch, peer.number = claims.epoch, 0
    later = Batch.objects.filter(peer=peer, epoch=peer.epoch, number__gt=peer.number).order_by("number")
    for number in later.values_list("number", flat=True):
        if number != peer.number + 1:
            break
        peer.number = number
    if has_news:
        peer.handed_back_at = None
    peer.contact_at, peer.last_error = at, ""
    peer.save(update_fields=["epoch", "number", "handed_back_at", "contact_at", "last_error"])
