"""Who works in the office."""

from uuid import UUID

from khue.foundation.actor import Actor
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.registry.queries import Colleague
from khue.workspace.access import Permission
from khue.workspace.refusals import NotOfTheStaff


def offices(actor: Actor) -> list[Organisation]:
    """Where the actor works. One query."""
    return registry.working_places(actor, Permission.WORK)


def colleague(organisation_id: int, public_id: UUID) -> Colleague:
    """One of the staff of today. Refuses NotOfTheStaff."""
    for each in registry.colleagues(organisation_id):
        if each.public_id == public_id:
            return each
    raise NotOfTheStaff
