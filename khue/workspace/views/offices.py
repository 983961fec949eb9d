"""The office in whose name somebody works."""

from khue.foundation.actor import require
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.registry.models import Organisation


def office_of(request: Request, permission: str) -> Organisation:
    """Where the actor does this; the first office of several. Raises Forbidden."""
    places = registry.working_places(request.actor, permission)
    if not places:
        require(request.actor, permission, within=-1)
    return places[0]
