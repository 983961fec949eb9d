"""Reporting to the node above, as a worker or an operator asks for it. No transaction is open around a conversation."""

from khue.exchange import actions, queries
from khue.exchange.actions import conversing
from khue.exchange.actions.conversing import Told
from khue.exchange.client import Caller, PeerRefused, PeerUnreachable, PeerUntrusted
from khue.exchange.models import Peer
from khue.exchange.signatures import Signer
from khue.foundation import clock, scope
from khue.foundation.actor import Actor

FAILURES = (PeerUnreachable, PeerUntrusted, PeerRefused)


def report_to(actor: Actor, peer: Peer, *, compares: bool = False) -> Told:
    """One conversation with the node above. Raises PeerUnreachable, PeerUntrusted, PeerRefused, and keeps which.

    compares  compare everything first, also where both nodes agree
    """
    caller = caller_of(actor, peer)
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


def fetch_lines(actor: Actor, peer: Peer) -> int:
    """Fetch what the node above holds back of ours. Returns how many lines are new. Raises as report_to."""
    with caller_of(actor, peer) as caller:
        return conversing.take_lines(actor, peer, caller)


def caller_of(actor: Actor, peer: Peer) -> Caller:
    """Who speaks to this peer, to be used in a with block. Raises NodeUnnamed."""
    with scope.of(actor):
        this = queries.this_node()
    if this is None:
        raise actions.NodeUnnamed
    return Caller(Signer(str(this.node), this.key_generation), str(peer.node), peer.address, peer.keys)
