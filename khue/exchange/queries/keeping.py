"""Who keeps the rows of a school: this node, or the node of a body it belongs to. docs/decisions/0300"""

from collections.abc import Collection

from django.db.models import QuerySet

from khue.exchange.answers import Handed
from khue.exchange.models import Peer, ReportedRecord
from khue.exchange.queries.peers import envelope_of
from khue.registry.models import Organisation

#: Records handed over at once.
AT_ONCE = 500


def own_records(school_ids: Collection[int]) -> QuerySet[ReportedRecord]:
    """What this node reports of some schools from rows of its own."""
    return ReportedRecord.objects.filter(peer=None, organisation_id__in=list(school_ids))


def kept_here(schools: Collection[Organisation]) -> set[int]:
    """Of schools that a node below may report for, those of which this one still reports. One query."""
    ids = [school.id for school in schools]
    return set(own_records(ids).filter(kind="school").exclude(event="CANCEL").values_list("organisation_id", flat=True))


def is_kept_elsewhere(school: Organisation) -> bool:
    """Whether another node reports for the school and this one does not. One query, in the school's own scope."""
    said = ReportedRecord.objects.filter(organisation=school, kind="school").exclude(event="CANCEL")
    keepers = set(said.values_list("peer_id", flat=True))
    return bool(keepers) and None not in keepers


def records_to_hand_over(peer: Peer) -> int:
    """How many records this node still reports of the school that the node below stands for. One query."""
    if peer.direction != Peer.Direction.BELOW or peer.organisation.kind != Organisation.Kind.SCHOOL:
        return 0
    return own_records([peer.organisation_id]).count()


def known_here(keys: Collection[tuple[str, str]]) -> int:
    """How many of these records, by kind and key, this node reports from rows of its own. One query."""
    wanted = set(keys)
    rows = ReportedRecord.objects.filter(peer=None, key__in={key for _kind, key in keys}).exclude(event="CANCEL")
    return sum(one in wanted for one in rows.values_list("kind", "key"))


def handed_over(peer: Peer, after: int) -> list[Handed]:
    """What was handed over to a node below and has not been said anew since, behind a number. One query."""
    if peer.handed_over_at is None:
        return []
    rows = ReportedRecord.objects.filter(peer=peer, recorded_at__lte=peer.handed_over_at, id__gt=after)
    return [Handed(row.id, envelope_of(row)) for row in rows.order_by("id")[:AT_ONCE]]
