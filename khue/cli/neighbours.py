"""As whom a command acts, and the nodes and bodies it names."""

from dataclasses import replace
from typing import TYPE_CHECKING

from khue.cli.failures import Failure

if TYPE_CHECKING:
    from khue.exchange.models import Peer
    from khue.foundation.actor import Actor
    from khue.registry.models import Organisation


def operator(command: str = "khue exchange") -> "Actor":
    """Whoever may give commands on this machine; the trail says which command it was."""
    from khue.foundation.actor import SYSTEM

    return replace(SYSTEM, name=command, door="command")


def above() -> "Peer":
    """The node this one reports to. Raises Failure."""
    from khue.exchange import queries
    from khue.foundation import scope

    with scope.of(operator()):
        found = queries.peer_above()
    if found is None:
        raise Failure("this node reports to nobody; admit the card of the node above first")
    return found


def below(code: str) -> "Peer":
    """The node below that reports for a body. Raises Failure, NotFound."""
    from khue.exchange import queries
    from khue.foundation import scope

    with scope.of(operator()):
        body = body_with(code)
        found = queries.visible_peers(operator()).filter(organisation=body, direction="below", is_active=True).first()
    if found is None:
        raise Failure(f"no node below reports for {body.name}")
    return found


def body_with(code: str) -> "Organisation":
    """The body with an official code. Raises NotFound."""
    from khue.foundation.record import one
    from khue.registry import queries as registry

    return one(registry.visible_organisations(operator()), code=code)
