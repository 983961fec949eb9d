"""Published data sets, and figures that offices typed."""

from uuid import UUID

from django.db.models import QuerySet

from khue.foundation.actor import Actor
from khue.foundation.compiled import compiled
from khue.foundation.record import one
from khue.indicators.access import Permission
from khue.indicators.models import OpenDataSet, ReportedCount
from khue.registry import queries as registry
from khue.registry.models import Organisation


def published_sets() -> list[OpenDataSet]:
    """The last hundred data sets without their content, the newest first. One query."""
    rows = OpenDataSet.objects.defer("content").select_related("organisation")
    return list(rows.order_by("-month", "organisation__name", "id")[:100])


def published_set(public_id: UUID) -> OpenDataSet:
    """A data set with its content. Raises NotFound."""
    return one(OpenDataSet.objects.all(), public_id=public_id)


def publishing_places(actor: Actor) -> list[Organisation]:
    """Where the actor publishes open data. At most one query."""
    return registry.working_places(actor, Permission.OPEN_DATA_PUBLISH) if actor.is_signed_in else []


def reported_at(organisation: Organisation) -> dict[str, ReportedCount]:
    """The latest typed figure of every indicator at a body, by code. One query."""
    return {row.code: row for row in _reported(organisation.id)}


@compiled
def _reported(organisation_id: int) -> QuerySet[ReportedCount]:
    return ReportedCount.objects.filter(organisation_id=organisation_id).order_by("code", "about_on")
