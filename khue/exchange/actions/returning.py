"""A school's rows go back from its own node to the node of its department. docs/decisions/0310

There nothing is collected any more, and one signed line names all that was told; here that line is believed only when
all of it has arrived. Until a person takes the rows back nobody writes, and nothing that stands is missing.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from khue.exchange import handings, keepers
from khue.exchange.access import Permission
from khue.exchange.actions.collecting import Collected, collect_school
from khue.exchange.actions.keeping import NothingToHandOver
from khue.exchange.events import NodesChanged, SchoolHandedBack, SchoolTakenBack
from khue.exchange.models import HeldRecord, Peer, ReportedRecord
from khue.exchange.queries.keeping import StillOpen, kept_here, may_hand_back, rows_beside, still_open
from khue.exchange.queries.rules import this_node
from khue.exchange.queries.tree import leaves_told, told_count
from khue.exchange.signatures import BadSignature
from khue.foundation import audit, clock, events
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal


class NotASchoolsOwnNode(Refusal):
    code = "not_a_schools_own_node"
    message = _("Chỉ hệ thống riêng của một trường đang tự giữ dữ liệu mới giao lại được cho cấp trên.")


class MattersOpen(Refusal):
    code = "matters_open"
    message = _(
        "Chưa giao lại được. Còn %(held)s bản ghi bị giữ lại cần sửa, %(recovered)s bản ghi lấy lại sau khi khôi phục"
        " cần xem, %(letters)s lá thư chưa giao hoặc chưa đọc, %(under_way)s hồ sơ đang trao đổi dở với trường khác."
        " Hãy làm xong những việc này trước."
    )


class NotTakenUp(Refusal):
    code = "not_taken_up"
    message = _("Cấp trên đã giao dữ liệu của trường nhưng hệ thống này chưa nhận. Hãy nhận trước khi giao lại.")


class HandingBackNotGenuine(Refusal):
    code = "handing_back_not_genuine"
    message = _("Giấy giao lại không phải do hệ thống %(name)s ký gửi cho hệ thống này, hoặc đã bị thay đổi.")


class HandingBackOutdated(Refusal):
    code = "handing_back_outdated"
    message = _("Giấy giao lại của %(name)s thuộc một lần giữ dữ liệu trước đây, không còn giá trị.")


class RecordsDiffer(Refusal):
    code = "records_differ"
    message = _(
        "Trường giao lại %(told)s bản ghi, còn ở đây có %(here)s bản ghi hoặc bản ghi khác. Hãy nhập trước các tệp mà"
        " trường đã gửi, rồi nhập lại tệp này."
    )


class NotHandedBack(Refusal):
    code = "not_handed_back"
    message = _("%(name)s chưa giao lại dữ liệu, hoặc dữ liệu giao lại chưa tới đủ.")


class NoRowsHere(Refusal):
    code = "no_rows_here"
    message = _(
        "Hệ thống này chưa có lớp và học sinh năm học này của %(name)s. Hãy nhập hồ sơ của trường trước khi nhận lại."
    )


@dataclass(frozen=True, slots=True)
class TakenBack:
    """records: copies that are this node's own now; collected: what the rows here say."""

    records: int
    collected: Collected


@transaction.atomic
def hand_back_school(*, actor: Actor, peer: Peer, at: datetime) -> Collected:
    """At a school's own node: keep its rows no longer. What they say now is collected once more and sent, then no more.

    refuses  NotASchoolsOwnNode, NothingToHandOver; MattersOpen and NotTakenUp while something waits for people here
    source   NĐ 88/2026/NĐ-CP, Điều 22: who keeps the rows answers for them
    """
    require(actor, Permission.KEEPER_RETURN, within=peer)

    keepers.change(peer.organisation_id)
    peer = Peer.objects.select_for_update(of=("self",)).select_related("organisation").get(id=peer.id)
    if not may_hand_back(peer):
        raise NotASchoolsOwnNode
    if not kept_here([peer.organisation]):
        raise NothingToHandOver(name=peer.organisation.name)
    collected = collect_school(actor=actor, school=peer.organisation, at=at)
    _refuse_open(still_open(peer, at.astimezone(clock.VIETNAM).date()))
    peer.handed_back_at, peer.back_settled_at = at, None
    peer.save(update_fields=["handed_back_at", "back_settled_at"])
    audit.record(actor, "school.handed_back", peer, school=peer.organisation.name, records=collected.records)
    events.publish(SchoolHandedBack(peer.organisation_id, peer_id=peer.id))
    return collected


@transaction.atomic
def note_back_settled(*, actor: Actor, peer: Peer, at: datetime) -> None:
    """At the school: keep that the node above has everything that was handed back."""
    require(actor, Permission.RECORD_SEND, within=peer)

    Peer.objects.filter(id=peer.id, handed_back_at__isnull=False, back_settled_at=None).update(back_settled_at=at)


@transaction.atomic
def note_handed_back(*, actor: Actor, peer: Peer, line: bytes) -> bool:
    """Believe that a school's node keeps its rows no longer, once all it has told is here. Again changes nothing.

    line     signed, as handings.HandingBack
    returns  whether it is new
    refuses  HandingBackNotGenuine, HandingBackOutdated, RecordsDiffer; NotHandedBack while this node keeps the school
    """
    require(actor, Permission.RECORD_ACCEPT, within=peer)

    keepers.change(peer.organisation_id)
    this = this_node()
    peer = Peer.objects.select_for_update(of=("self",)).select_related("organisation").get(id=peer.id)
    try:
        claims = handings.back(line, peer.keys, str(peer.node), str(this.node) if this else "")
    except BadSignature as error:
        raise HandingBackNotGenuine(name=peer.name) from error
    if peer.direction != Peer.Direction.BELOW or peer.level != "school" or kept_here([peer.organisation]):
        raise NotHandedBack(name=peer.organisation.name)
    since = peer.handed_over_at.isoformat() if peer.handed_over_at else ""
    if claims.since != since:
        raise HandingBackOutdated(name=peer.name)
    moment = handings.moment_of(claims.at)
    if peer.handed_back_at == moment:
        return False
    if handings.root_of(leaves_told(peer)) != claims.root:
        raise RecordsDiffer(told=claims.records, here=told_count(peer))
    peer.handed_back_at = moment
    peer.save(update_fields=["handed_back_at"])
    audit.record(actor, "school.hand_back_noted", peer, school=peer.organisation.name, records=claims.records)
    events.publish(SchoolHandedBack(peer.organisation_id, peer_id=peer.id))
    return True


@transaction.atomic
def take_back_school(*, actor: Actor, peer: Peer, at: datetime) -> TakenBack:
    """Keep a school's rows here again: what its node told becomes this node's own, and goes on above its versions.

    Years that are over stay as they stand. What the rows here do not say in the year under way is cancelled, since
    they are right from now on. The school's node is heard no more.
    refuses  NotHandedBack; NoRowsHere where the school told of classes or pupils and the rows here know of none
    """
    require(actor, Permission.KEEPER_CHANGE, within=peer)

    keepers.change(peer.organisation_id)
    peer = Peer.objects.select_for_update(of=("self",)).select_related("organisation").get(id=peer.id)
    school = peer.organisation
    waits = peer.handed_back_at is not None and peer.back_settled_at is None
    if peer.direction != Peer.Direction.BELOW or not peer.is_active or not waits:
        raise NotHandedBack(name=school.name)
    beside = rows_beside(peer, at.astimezone(clock.VIETNAM).date())
    if any(one.told and not one.here for one in beside if one.kind != "staff"):
        raise NoRowsHere(name=school.name)
    records = ReportedRecord.objects.filter(peer=peer).update(peer=None, errors=0, recovered_hash=None)
    HeldRecord.objects.filter(peer=peer, mended_at=None).update(mended_at=at)
    peer.is_active, peer.back_settled_at = False, at
    peer.save(update_fields=["is_active", "back_settled_at"])
    collected = collect_school(actor=actor, school=school, at=at)
    audit.record(actor, "school.taken_back", peer, school=school.name, records=records, cancelled=collected.cancelled)
    events.publish(SchoolTakenBack(school.id, peer_id=peer.id, records=records))
    events.publish(NodesChanged(None))
    return TakenBack(records, collected)


def _refuse_open(found: StillOpen) -> None:
    if not found.taken_up:
        raise NotTakenUp
    if not found.is_nothing:
        raise MattersOpen(
            held=found.held, recovered=found.recovered, letters=found.letters, under_way=found.under_way
        )  # fmt: skip
