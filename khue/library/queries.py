"""Finding and opening resources."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet

from khue.curriculum import queries as curriculum
from khue.curriculum.models import Outcome
from khue.curriculum.queries import OutcomeLine
from khue.foundation import files, scope
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.record import one
from khue.library import packages
from khue.library.access import Permission, resources
from khue.library.models import Resource, ResourceOutcome
from khue.library.packages import PackageFile
from khue.registry import queries as registry
from khue.registry.models import Organisation

_TICKETS = signing.Signer(sep="~", salt="khue.library.package")


def visible_resources(actor: Actor) -> QuerySet[Resource]:
    """Resources this actor may open, with subject, owner and file, newest first. One query; page it before use."""
    rows = Resource.objects.filter(resources(actor)).select_related("subject", "organisation", "file")
    return rows.defer("folded_text").order_by("-id")


def last_published(actor: Actor) -> Resource | None:
    """What the actor published last, with its subject: the next is likely of the same. One query."""
    if actor.account_id is None:
        return None
    own = Resource.objects.filter(published_by_id=actor.account_id).select_related("subject")
    return own.defer("folded_text").order_by("-id").first()


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


def package_address(resource: Resource, on: date) -> str:
    """Where in its package a resource from `resource_of` begins: a ticket of this day, then the path.

    A package runs in a sandbox, where the browser says of nobody who they are: its scripts, styles and pictures are
    asked for without a session. The ticket stands before their path, so that relative addresses keep it.
    """
    return f"{_TICKETS.sign(f'{resource.public_id}.{resource.organisation_id}.{on:%Y%m%d}')}/{resource.entry}"


def package_file(actor: Actor, public_id: UUID, address: str, on: date) -> PackageFile:
    """One file of a package, for whoever holds a ticket of this day or of the day before.

    Raises NotFound, also where the resource has left the shelves. One query.
    """
    ticket, _slash, path = address.partition("/")
    place = _place_of(ticket, public_id, (on, on - timedelta(days=1)))
    with scope.widened(actor, [place]):
        found = one(Resource.objects.filter(withdrawn_at=None).select_related("file"), public_id=public_id)
        if found.kind != Resource.Kind.PACKAGE:
            raise NotFound
        with files.open_file(found.file) as stream:
            served = packages.read_file(stream, path)
    if served is None:
        raise NotFound
    return served


def _place_of(ticket: str, public_id: UUID, days: Collection[date]) -> int:
    """The organisation that a ticket was written for."""
    try:
        named, place, day = _TICKETS.unsign(ticket).split(".")
    except (signing.BadSignature, ValueError):
        raise NotFound from None
    if named != str(public_id) or day not in {f"{each:%Y%m%d}" for each in days}:
        raise NotFound
    return int(place)


def publishing_places(actor: Actor) -> list[Organisation]:
    """The organisations in whose name the actor publishes. One query."""
    return registry.working_places(actor, Permission.RESOURCE_PUBLISH)


def count_approved(organisation_id: int) -> int:
    """Approved resources that a school shares. One query."""
    return Resource.objects.filter(
        organisation_id=organisation_id, approved_at__isnull=False, withdrawn_at=None
    ).count()
