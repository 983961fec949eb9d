"""What the exchange does by the clock, and when something happened in a room below."""

from khue.exchange import actions, conversing, queries
from khue.exchange.client import Caller, PeerRefused, PeerUnreachable, PeerUntrusted
from khue.exchange.conversing import Told
from khue.exchange.models import Peer
from khue.exchange.signatures import Signer
from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM, Actor
from khue.foundation.events import Event

FAILURES = (PeerUnreachable, PeerUntrusted, PeerRefused)


def note_change(event: Event) -> None:
    """Something happened at a school: its records are collected again."""
    if event.organisation_id is not None:
        actions.mark_stale(actor=SYSTEM, organisation_id=event.organisation_id, at=clock.now())


def collect_stale_schools() -> int:
    """Collect every school where something happened, each in a transaction of its own. Returns how many."""
    collected = 0
    while True:
        with scope.of(SYSTEM):
            school = queries.stale_school()
            if school is None:
                return collected
            with scope.of_organisation(school.id):
                actions.collect_school(actor=SYSTEM, school=school, at=clock.now())
        collected += 1


def mark_every_school() -> int:
    """Have every school of this node collected: not every change is told by an event. Returns how many."""
    with scope.of(SYSTEM):
        schools = queries.own_schools(SYSTEM)
        for school in schools:
            actions.mark_stale(actor=SYSTEM, organisation_id=school.id, at=clock.now())
    return len(schools)


def report_above() -> Told | None:
    """Send what is new to the node above, if there is one with an address. What fails is kept, and tried again."""
    with scope.of(SYSTEM):
        peer = queries.peer_above()
    if peer is None or not peer.address:
        return None
    try:
        return report_to(SYSTEM, peer)
    except FAILURES:
        return None


def report_to(actor: Actor, peer: Peer, *, compares: bool = False) -> Told:
    """One conversation with the node above. Raises PeerUnreachable, PeerUntrusted, PeerRefused, and keeps which.

    compares  compare everything first, also where both nodes agree
    """
    caller = _caller(actor, peer)
    error = ""
    try:
        with caller:
            if compares:
                peer = conversing.compare(actor, peer, caller, Told())
            told = conversing.send_everything(actor, peer, caller)
            conversing.take_lines(actor, peer, caller)
            return told
    except FAILURES as failure:
        error = f"{type(failure).__name__}: {failure}"
        raise
    finally:
        with scope.of(actor):
            actions.note_contact(
                actor=actor, peer=peer, error=error, clock_seconds=caller.clock_seconds, at=clock.now()
            )


def _caller(actor: Actor, peer: Peer) -> Caller:
    with scope.of(actor):
        this = queries.this_node()
    if this is None:
        raise actions.NodeUnnamed
    return Caller(Signer(str(this.node), this.key_generation), str(peer.node), peer.address, peer.keys)
