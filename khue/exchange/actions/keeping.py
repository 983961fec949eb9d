"""A school's rows go over from the node of its department to a node of its own. docs/decisions/0300

Here the records stay, as copies of what the school's node says from now on; there its versions go on above theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from khue.exchange import incoming, keepers
from khue.exchange.access import Permission
from khue.exchange.actions.collecting import Collected, collect_school
from khue.exchange.actions.holding import close_mended
from khue.exchange.catalogue import Kind
from khue.exchange.envelope import CANCEL, Envelope, bucket_of, hash_of, instant_of, projected
from khue.exchange.events import NodesChanged, SchoolHandedOver
from khue.exchange.incoming import Incoming
from khue.exchange.models import HeldRecord, Peer, ReportedRecord, SchoolQuality, StaleSchool
from khue.exchange.queries.keeping import kept_here, own_records
from khue.exchange.queries.rules import allowed_fields, level_above, this_node
from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.registry.models import Organisation
from khue.schools import queries as schools

#: Ours stand above theirs from now on; what came back from above by itself is overruled by our rows.
_RAISE = """
UPDATE exchange_reportedrecord r
   SET version = greatest(r.version, i.version + 1), position = nextval('exchange_position'), recorded_at = %(at)s,
       period = CASE WHEN r.period = '' THEN i.period ELSE r.period END,
       recovered_hash = CASE WHEN r.recovered_hash IS NULL THEN NULL ELSE '-'::bytea END
  FROM exchange_incoming i WHERE r.kind = i.kind AND r.key = i.key AND r.peer_id IS NULL AND r.version <= i.version
   AND NOT (r.version = i.version AND r.sent_hash = i.content_hash)
"""
_KEEP = """
INSERT INTO exchange_reportedrecord
    (organisation_id, kind, key, school_code, version, event, payload, content_hash, sent_hash, position, bucket,
     warnings, errors, changed_at, recorded_at, period)
SELECT organisation_id, kind, key, school_code, version, event, payload, content_hash, sent_hash,
       nextval('exchange_position'), bucket, 0, 0, changed_at, %(at)s, period
  FROM exchange_incoming ORDER BY kind, key
ON CONFLICT (kind, key) DO NOTHING
"""


class NotASchoolsNode(Refusal):
    code = "not_a_schools_node"
    message = _("%(name)s không phải hệ thống của một trường đang nối từ cấp dưới, nên không giao dữ liệu được.")


class NothingToHandOver(Refusal):
    code = "nothing_to_hand_over"
    message = _("Hệ thống này không còn giữ dữ liệu nào của %(name)s để giao.")


class NothingCollected(Refusal):
    code = "nothing_collected"
    message = _("Hệ thống này chưa tập hợp dữ liệu nào của trường. Hãy nhập hồ sơ của trường trước khi nhận.")


class HandingOverOutdated(Refusal):
    code = "handing_over_outdated"
    message = _("Lần giao này của %(name)s đã cũ: trường đã nhận một lần sau đó, hoặc đã giao lại từ đó.")


@dataclass(frozen=True, slots=True)
class TakenUp:
    """raised: ours that now stand above theirs; kept: theirs of which we had nothing; collected: what our rows say."""

    raised: int
    kept: int
    collected: Collected


@transaction.atomic
def hand_over_school(*, actor: Actor, peer: Peer, at: datetime) -> int:
    """Let a school's own node keep its rows from now on. Returns how many records went over.

    What stands stays until the school's node says it anew, so that nothing is missing meanwhile. Nothing is collected
    here any more. Copies hold what this level may see of another node's school, and no field more.
    refuses  NotASchoolsNode, NothingToHandOver
    source   NĐ 88/2026/NĐ-CP, Điều 22: who keeps the rows answers for them
    cost     a dozen statements, and one for 500 records
    """
    require(actor, Permission.KEEPER_CHANGE, within=peer)

    keepers.change(peer.organisation_id)
    peer = Peer.objects.select_for_update(of=("self",)).select_related("organisation").get(id=peer.id)
    school, this = peer.organisation, this_node()
    is_schools = peer.direction == Peer.Direction.BELOW and school.kind == Organisation.Kind.SCHOOL
    if not is_schools or not peer.is_active or this is None:
        raise NotASchoolsNode(name=peer.name)
    StaleSchool.objects.filter(organisation=school).delete()
    rows = list(own_records([school.id]).select_for_update().order_by("id"))
    if not rows:
        raise NothingToHandOver(name=school.name)
    _make_copies(rows, peer, this.level, at)
    close_mended(school.id, [])
    _close_foreign(peer, at)
    SchoolQuality.objects.filter(organisation=school).delete()
    peer.handed_over_at, peer.handed_back_at, peer.back_settled_at = at, None, None
    peer.save(update_fields=["handed_over_at", "handed_back_at", "back_settled_at"])
    audit.record(actor, "school.handed_over", peer, school=school.name, records=len(rows))
    events.publish(SchoolHandedOver(school.id, peer_id=peer.id, records=len(rows)))
    events.publish(NodesChanged(None))
    return len(rows)


@transaction.atomic
def note_handed_over(*, actor: Actor, peer: Peer, at: datetime) -> None:
    """Keep that the node above has handed our school over, so that people here see it. at: the moment it names."""
    require(actor, Permission.RECORD_SEND, within=peer)

    Peer.objects.filter(id=peer.id).update(handed_over_at=at)


@transaction.atomic
def take_up_school(
    *, actor: Actor, peer: Peer, handed: Sequence[Envelope], handed_over_at: datetime, at: datetime
) -> TakenUp:
    """Go on where the node above ended: our versions above its own, its years that are over kept as they are.

    What our rows do not know in the year under way is cancelled, since they are right from now on. Doing it again
    changes nothing.
    refuses  NothingCollected while we have reported nothing ourselves; HandingOverOutdated where a later one was taken
             up, or the rows went back since
    """
    require(actor, Permission.RECORD_SEND, within=peer)

    school = peer.organisation
    keepers.change(school.id)
    peer = Peer.objects.select_for_update(of=("self",)).get(id=peer.id)
    if any(later and handed_over_at < later for later in (peer.taken_up_at, peer.handed_back_at)):
        raise HandingOverOutdated(name=peer.name)
    if not kept_here([school]):
        raise NothingCollected
    year = schools.school_year_on(school.id, at.astimezone(clock.VIETNAM).date())
    allowed = allowed_fields(level_above(this_node()), at.astimezone(clock.VIETNAM).date())
    incoming.copy_in(_row(one, school, allowed, year.code if year else "") for one in handed)
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, {"at": at})
        raised = cursor.rowcount
        cursor.execute(_KEEP, {"at": at})
        kept = cursor.rowcount
    kept_again = {"handed_back_at": None, "back_settled_at": None}
    Peer.objects.filter(id=peer.id).update(handed_over_at=handed_over_at, taken_up_at=handed_over_at, **kept_again)
    _close_foreign(peer, at)
    collected = collect_school(actor=actor, school=school, at=at)
    audit.record(actor, "school.taken_up", peer, records=raised + kept, cancelled=collected.cancelled)
    return TakenUp(raised, kept, collected)


def _close_foreign(peer: Peer, at: datetime) -> None:
    """That a record is kept by another is no complaint any more."""
    HeldRecord.objects.filter(peer=peer, rule="kept_by_another", mended_at=None).update(mended_at=at)


def _make_copies(rows: Sequence[ReportedRecord], peer: Peer, level: str, at: datetime) -> None:
    allowed = allowed_fields(level, at.astimezone(clock.VIETNAM).date())
    for row in rows:
        row.peer, row.recovered_hash = peer, None
        row.payload = projected(row.payload, allowed.get(row.kind, ()))
        row.content_hash = hash_of(row.kind, row.key, row.event, row.payload)
    ReportedRecord.objects.bulk_update(rows, ["peer", "recovered_hash", "payload", "content_hash"], batch_size=500)


def _row(record: Envelope, school: Organisation, allowed: Mapping[str, frozenset[str]], year: str) -> Incoming:
    kind, key, payload, event, version = record.Loai, record.IdBanGhi, record.DuLieu, record.SuKien, record.PhienBan
    period = record.NamHoc
    # Figures are told by who counts them, so that no collection would find ours missing.
    if kind == Kind.FIGURE and event != CANCEL and year and period >= year:
        payload, event, version = {}, CANCEL, version + 1
    return Incoming(
        kind=kind, key=key, school_code=record.MaTruong, organisation_id=school.id, version=version, event=event,
        payload=payload, content_hash=hash_of(kind, key, event, payload),
        sent_hash=hash_of(kind, key, event, projected(payload, allowed.get(kind, frozenset()))),
        bucket=bucket_of(kind, key), changed_at=instant_of(record.ThoiGianCapNhat), period=period,
    )  # fmt: skip
