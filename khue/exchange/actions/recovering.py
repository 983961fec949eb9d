"""After a restore: a new epoch, what is to be sent again, and what comes back from above. docs/decisions/0202

Two nodes disagree about the batches between them when one of them was restored from an older backup. Then the tree of
hashes finds what differs, and only that moves. Nothing goes back to an older version.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from khue.exchange import incoming
from khue.exchange.access import Permission
from khue.exchange.actions.passages import log
from khue.exchange.envelope import Envelope, bucket_of, hash_of, instant_of
from khue.exchange.incoming import Incoming
from khue.exchange.models import Batch, Peer, ReportedRecord, StaleSchool
from khue.exchange.queries.feed import complete_up_to
from khue.exchange.queries.tree import Leaf
from khue.foundation import audit, clock
from khue.foundation.actor import Actor, require
from khue.registry import queries as registry
from khue.schools import queries as schools

#: Records that differ go to the end of the feed. One of our own whose version the receiver has with another content
#: becomes a new version: the two would never agree otherwise.
_AGAIN = """
UPDATE exchange_reportedrecord r
   SET position = nextval('exchange_position'), recorded_at = %(at)s,
       version = CASE WHEN r.peer_id IS NULL AND t.version >= r.version THEN t.version + 1 ELSE r.version END
  FROM unnest(%(kinds)s::text[], %(keys)s::text[], %(versions)s::int[]) AS t (kind, key, version)
 WHERE r.kind = t.kind AND r.key = t.key AND r.errors = 0
"""
#: A copy from above is taken where it is newer, and remembers what our own rows said when it came.
_ADOPT = """
INSERT INTO exchange_reportedrecord AS r
    (organisation_id, kind, key, school_code, version, event, payload, content_hash, sent_hash, position, bucket,
     warnings, errors, changed_at, recorded_at, period, recovered_hash)
SELECT organisation_id, kind, key, school_code, version, event, payload, content_hash, sent_hash,
       nextval('exchange_position'), bucket, 0, 0, changed_at, %(at)s, period, ''::bytea
  FROM exchange_incoming ORDER BY kind, key
ON CONFLICT (kind, key) DO UPDATE
   SET version = excluded.version, event = excluded.event, payload = excluded.payload,
       recovered_hash = coalesce(r.recovered_hash, r.content_hash),
       content_hash = excluded.content_hash, sent_hash = excluded.sent_hash, position = excluded.position,
       errors = 0, changed_at = excluded.changed_at, recorded_at = excluded.recorded_at
 WHERE r.peer_id IS NULL AND r.version < excluded.version
"""


@transaction.atomic
def begin_epoch(*, actor: Actor, peer: Peer, above: int, at: datetime) -> Peer:
    """Number the batches for a peer from one again, in an epoch after every one that either side knows.

    above  the epoch the receiver knows
    What was made and not acknowledged is abandoned: the comparison finds what it held.
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    peer = Peer.objects.select_for_update().get(id=peer.id)
    before = peer.epoch
    open_batches = Batch.objects.filter(peer=peer, state=Batch.State.MADE)
    abandoned = open_batches.update(state=Batch.State.ABANDONED, settled_at=at, content=None)
    peer.epoch, peer.number = max(peer.epoch, above) + 1, 0
    peer.position = peer.made_position = complete_up_to()
    peer.save(update_fields=["epoch", "number", "position", "made_position"])
    audit.record(actor, "epoch.begun", peer, before=before, epoch=peer.epoch, above=above, abandoned=abandoned)
    return peer


@transaction.atomic
def send_again(*, actor: Actor, peer: Peer, differing: Sequence[tuple[Leaf, int]], at: datetime) -> int:
    """Put records at the end of the feed because the receiver has not what we have. Returns how many.

    differing  each of ours with the version the receiver has of it, 0 for none
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [incoming.FEED_LOCK])
        cursor.execute(
            _AGAIN,
            {
                "at": at,
                "kinds": [leaf.kind for leaf, _version in differing],
                "keys": [leaf.key for leaf, _version in differing],
                "versions": [version for _leaf, version in differing],
            },
        )
        again = cursor.rowcount
    audit.record(actor, "records.sent_again", peer, records=again)
    return int(again)


@transaction.atomic
def adopt_from_above(*, actor: Actor, peer: Peer, records: Sequence[Envelope], at: datetime) -> int:
    """Take back our own records that the level above has in a newer version: they were lost here by a restore.

    Our rows still say what they said before; such a record is not sent until a row says something new, and stands on
    the school's list of what came back. Of a year that is over no row will say anything: it stands as it came.
    Returns how many were taken.
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    places = {place.code: place for place in registry.subtree(peer.organisation).exclude(code=None)}
    reported = Peer.objects.filter(direction=Peer.Direction.BELOW, is_active=True).select_related("organisation")
    below = tuple(one.organisation.lineage for one in reported)
    rows = [
        _own_again(record, place.id)
        for record in records
        # What nodes below report they will send us again themselves.
        if (place := places.get(record.MaTruong)) is not None and not place.lineage.startswith(below or ("-",))
    ]
    incoming.copy_in(rows)
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT, {"at": at})
        adopted = cursor.rowcount
    for school_id in {row.organisation_id for row in rows}:
        _keep_years_over(school_id, at)
    log(actor, "fetched", [row.kind for row in rows], at=at, organisation_id=peer.organisation_id, peer=peer)
    audit.record(actor, "records.adopted", peer, records=adopted)
    return int(adopted)


def _own_again(record: Envelope, school_id: int) -> Incoming:
    content_hash = hash_of(record.Loai, record.IdBanGhi, record.SuKien, record.DuLieu)
    return Incoming(
        kind=record.Loai,
        key=record.IdBanGhi,
        school_code=record.MaTruong,
        organisation_id=school_id,
        version=record.PhienBan,
        event=record.SuKien,
        payload=record.DuLieu,
        content_hash=content_hash,
        sent_hash=content_hash,
        bucket=bucket_of(record.Loai, record.IdBanGhi),
        changed_at=instant_of(record.ThoiGianCapNhat),
        period=record.NamHoc,
    )


def _keep_years_over(school_id: int, at: datetime) -> None:
    year = schools.school_year_on(school_id, at.astimezone(clock.VIETNAM).date())
    if year is not None:
        came = ReportedRecord.objects.filter(organisation_id=school_id, peer=None).exclude(recovered_hash=None)
        came.filter(period__gt="", period__lt=year.code).update(recovered_hash=None)


@transaction.atomic
def keep_own_row(*, actor: Actor, record: ReportedRecord, at: datetime) -> None:
    """Say that after a restore our own row is right, not the copy that came back: it is sent as a new version."""
    require(actor, Permission.RECORD_SEND, within=record)

    # A hash that no content has: the next collection finds that the row says something else, and reports it.
    ReportedRecord.objects.filter(id=record.id).exclude(recovered_hash=None).update(recovered_hash=b"-")
    StaleSchool.objects.bulk_create(
        [StaleSchool(organisation_id=record.organisation_id, since=at)], ignore_conflicts=True
    )
    audit.record(actor, "recovered_record.overruled", record, kind=record.kind, key=record.key, version=record.version)
