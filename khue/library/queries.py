"""Finding and opening resources."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from khue.curriculum import queries as curriculum
from khue.curriculum.models import Outcome
from khue.curriculum.queries import OutcomeLine
from khue.foundation import files
from khue.foundation.actor import Actor
from khue.foundation.record import one
from khue.library import packages
from khue.library.access import Permission, resources
from khue.library.models import Resource, ResourceOutcome
from khue.library.packages import PackageFile
from khue.registry import queries as registry
from khue.registry.models import Organisation


def visible_resources(actor: Actor) -> QuerySet[Resource]:
    """Resources this actor may open, with subject, owner and file, newest first. One query; page it before use."""
    rows = Resource.objects.filter(resources(actor)).select_related("subject", "organisation", "file")
    return rows.defer("folded_text").order_by("-id")


def resource_of(actor: Actor, public_id: UUID) -> Resource:
    """Raises NotFound, also when it exists but is not the actor's to see."""
    return one(visible_resources(actor), public_id=public_id)


def outcomes_of(resource: Resource) -> list[Outcome]:
    """The required outcomes a resource teaches, in the order of the programme. One query."""
    rows = ResourceOutcome.objects.filter(resource=resource).select_related("outcome")
    return [row.outcome for row in rows.order_by("outcome__sequence", "outcome_id")]


def teaches(outcome: UUID) -> Q:
    """That a resource teaches this required outcome."""
    return Q(Exists(ResourceOutcome.objects.filter(resource=OuterRef("pk"), outcome__public_id=outcome)))


def outcome_named(text: str) -> list[OutcomeLine]:
    """The outcome whose public id was typed into an address; nothing where there is none. One query at most."""
    try:
        return curriculum.outcomes_named([UUID(text)]) if text else []
    except ValueError:
        return []


def covered_outcomes(outcome_ids: Collection[int]) -> set[int]:
    """Which of these outcomes have at least one approved resource (indicator A3). One query."""
    rows = ResourceOutcome.objects.filter(
        outcome_id__in=outcome_ids, resource__approved_at__isnull=False, resource__withdrawn_at=None
    )
    return set(rows.values_list("outcome_id", flat=True))


def may_publish(actor: Actor) -> bool:
    """Whether the actor publishes resources somewhere."""
    return actor.may(Permission.RESOURCE_PUBLISH)


def may_approve(actor: Actor, resource: Resource) -> bool:
    """Whether the actor may approve this resource."""
    return actor.may(Permission.RESOURCE_APPROVE, resource) and not resource.is_approved


def may_withdraw(actor: Actor, resource: Resource) -> bool:
    """Whether the actor may take this resource off the shelves."""
    return actor.may(Permission.RESOURCE_PUBLISH, resource)


def package_file(resource: Resource, path: str) -> PackageFile | None:
    """One file of a package from `resource_of`; None where the package has no such file."""
    with files.open_file(resource.file) as stream:
        return packages.read_file(stream, path)


def publishing_places(actor: Actor) -> list[Organisation]:
    """The organisations in whose name the actor publishes. One query."""
    return registry.working_places(actor, Permission.RESOURCE_PUBLISH)


def count_approved(organisation_id: int) -> int:
    """Approved resources that a school shares. One query."""
    return Resource.objects.filter(
        organisation_id=organisation_id, approved_at__isnull=False, withdrawn_at=None
    ).count()
