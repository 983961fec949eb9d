"""What who runs the node wants to see first: is it well, and where is mended what is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import khue
from khue.exchange import queries as exchange
from khue.exchange.queries import PeerLine
from khue.foundation import health, scope
from khue.foundation.actor import Actor
from khue.foundation.health import Health
from khue.messaging import queries as messaging
from khue.messaging.queries import Outgoing

MOST_PEERS = 10


@dataclass(frozen=True, slots=True)
class OperatorHome:
    """Hôm nay: processes, backup, jobs, mail, disk, version, other nodes. Counts alone: nothing of anybody."""

    health: Health
    outgoing: Outgoing
    peers: Sequence[PeerLine]
    version: str


def operator_home(actor: Actor, at: datetime) -> OperatorHome:
    """Six statements, whatever the size of the node."""
    # How many jobs failed anywhere is what the operator is for; who asked for them is not shown.
    with scope.widened(actor):
        known, outgoing = health.node_health(at), messaging.outgoing(at)
    peers = list(exchange.visible_peers(actor).filter(is_active=True)[:MOST_PEERS])
    return OperatorHome(known, outgoing, exchange.peer_lines(peers) if peers else [], khue.__version__)
