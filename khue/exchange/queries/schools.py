"""The schools whose rows are on this node, as against those that report to it from their own."""

from datetime import datetime

from django.db.models import Q

from khue.exchange.models import Peer, ReportedRecord, SchoolQuality, StaleSchool
from khue.exchange.queries.keeping import handed_back, kept_here
from khue.foundation.actor import Actor
from khue.registry import queries as registry
from khue.registry.models import Organisation


def own_schools(actor: Actor) -> list[Organisation]:
    """Schools in operation whose rows are here and which the actor may see, by lineage. Three queries.

    One that has a node of its own by now is among them until its rows are handed over; its own node has none once
    they are handed back.
    """
    below = Q(direction=Peer.Direction.BELOW, is_active=True)
    keepers = Peer.objects.filter(below | handed_back()).select_related("organisation")
    elsewhere = tuple(peer.organisation.lineage for peer in keepers)
    rows = registry.visible_organisations(actor).filter(kind=Organisation.Kind.SCHOOL, valid_to=None)
    if not elsewhere:
        return list(rows)
    schools = list(rows)
    if any(peer.direction == Peer.Direction.ABOVE for peer in keepers):
        return []
    kept = kept_here([school for school in schools if school.lineage.startswith(elsewhere)])
    return [school for school in schools if school.id in kept or not school.lineage.startswith(elsewhere)]


def schools_not_collected_since(actor: Actor, moment: datetime) -> list[Organisation]:
    """Those of `own_schools` of which no record was counted after a moment. Three queries."""
    seen = set(SchoolQuality.objects.filter(counted_at__gt=moment).values_list("organisation_id", flat=True))
    return [school for school in own_schools(actor) if school.id not in seen]


def stale_school() -> Organisation | None:
    """A school that waits to be collected and that no other worker is at, locked until the transaction ends."""
    rows = StaleSchool.objects.select_for_update(skip_locked=True).order_by("since", "organisation_id")
    stale = rows.first()
    return registry.organisation_with(stale.organisation_id) if stale else None


def has_new_school_record(school: Organisation, at: datetime) -> bool:
    """Whether what a school says of itself was found changed at that moment. One query."""
    rows = ReportedRecord.objects.filter(organisation=school, kind="school", peer=None)
    return rows.filter(recorded_at=at).exists()
