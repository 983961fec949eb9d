"""Letters with the node above: hand over ours, fetch what is kept for us. No transaction is open around a request.

Each letter is handed over or fetched by itself, so that the line may be cut anywhere; the next turn goes on from there.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from khue.exchange import actions, queries
from khue.exchange.actions import reporting
from khue.exchange.client import Caller
from khue.exchange.letter_answers import Known, School
from khue.exchange.models import KnownNode, Peer
from khue.foundation import clock, scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Refusal

FAILURES = reporting.FAILURES
#: How long the list of schools is good for.
LISTED_FOR = timedelta(hours=12)


@dataclass
class Mailed:
    """What one turn came to."""

    handed_over: int = 0
    fetched: int = 0
    read: int = 0


def mail_with(actor: Actor, peer: Peer, caller: Caller) -> Mailed:
    """One turn: hand over, fetch, read, hand over what was answered.

    Raises what the client raises; what was handed over or fetched by then stays so.
    """
    told = Mailed()
    with scope.of(actor):
        is_old = _is_old(peer)
    if is_old:
        list_schools(actor, peer, caller)
    told.handed_over = _hand_over(actor, peer, caller)
    told.fetched = _fetch(actor, peer, caller)
    told.read = read_arrived(actor)
    if told.read:
        told.handed_over += _hand_over(actor, peer, caller)
    return told


def list_schools(actor: Actor, peer: Peer, caller: Caller) -> int:
    """Ask the node above which schools other nodes have, and by which keys those are known. Returns how many."""
    nodes: dict[str, Known] = {}
    schools: list[School] = []
    after, more = "", True
    while more:
        found = caller.listing(after)
        nodes |= {one.node: one for one in found.nodes}
        schools += found.schools
        more = found.more and bool(found.schools)
        after = found.schools[-1].code if found.schools else ""
    with scope.of(actor):
        return actions.list_far_schools(
            actor=actor, peer=peer, nodes=list(nodes.values()), schools=schools, at=clock.now()
        )


def read_arrived(actor: Actor) -> int:
    """Read what arrived, each letter in a transaction of its own. Returns how many were read."""
    with scope.of(actor):
        this = queries.this_node()
        waiting = queries.letters_to_read(this) if this else []
    count = 0
    for letter in waiting:
        try:
            with scope.of(actor):
                actions.read_letter(actor=actor, letter=letter, at=clock.now())
            count += 1
        except Refusal as refusal:
            with scope.of(actor):
                actions.note_unreadable(actor=actor, letter=letter, problem=str(refusal))
        except Exception as mistake:
            # Of ours: it rises, and the letter comes after all others the next time, so that it holds up none.
            with scope.of(actor):
                actions.note_unreadable(actor=actor, letter=letter, problem=type(mistake).__name__)
            raise
    return count


def _is_old(peer: Peer) -> bool:
    heard = KnownNode.objects.filter(node=peer.node).values_list("heard_at", flat=True).first()
    return heard is None or heard < clock.now() - LISTED_FOR


def _hand_over(actor: Actor, peer: Peer, caller: Caller) -> int:
    count = 0
    while True:
        with scope.of(actor):
            this = queries.this_node()
            waiting = queries.letters_to_hand_over(this) if this else []
        for letter in waiting:
            caller.hand_over(bytes(letter.content))
            with scope.of(actor):
                count += actions.drop_letters(actor=actor, peer=peer, passed=[(letter.id, letter.digest)])
        if not waiting:
            return count


def _fetch(actor: Actor, peer: Peer, caller: Caller) -> int:
    """What is not genuine is dropped there too: nobody could read it, and its writer sends what was not heard again."""
    count, after, has_listed = 0, 0, False
    while found := caller.letters(after):
        for one in found:
            writer = UUID(one.writer)
            with scope.of(actor):
                is_known = KnownNode.objects.filter(node=writer).exists()
            if not is_known and not has_listed:
                list_schools(actor, peer, caller)
                has_listed = True
            with scope.of(actor):
                count += actions.keep_fetched(
                    actor=actor, peer=peer, from_node=writer, data=one.content, at=clock.now()
                )
            caller.drop([(one.id, one.content)])
            after = max(after, one.id)
    return count
