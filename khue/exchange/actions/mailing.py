"""Letters with the node above: hand over what goes up, fetch what comes down. No transaction is open around a request.

Each letter is handed over or fetched by itself, so that the line may be cut anywhere; the next turn goes on from there.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import msgspec

from khue.exchange import actions, queries
from khue.exchange.actions import reporting
from khue.exchange.client import Caller, PeerRefused
from khue.exchange.letter_answers import Known, School, Sealed
from khue.exchange.models import Peer
from khue.exchange.signatures import digest_of
from khue.foundation import clock, scope
from khue.foundation.actor import Actor
from khue.foundation.errors import Refusal

FAILURES = reporting.FAILURES
#: How long the list of schools is good for as a whole; what changes in it is asked for when it changes.
LISTED_FOR = timedelta(hours=12)
#: The node above is told of the nodes below us when something changed, and so often in any case: it may be restored.
TOLD_FOR = timedelta(minutes=10)
#: Refusals of a letter after which the node above is told at once of the nodes below us.
UNKNOWN = frozenset({"letter_not_genuine", "no_way_there"})


@dataclass
class Mailed:
    """What one turn came to."""

    handed_over: int = 0
    not_taken: int = 0
    fetched: int = 0
    read: int = 0
    has_told: bool = False
    followed: int = 0


def mail_with(actor: Actor, peer: Peer, caller: Caller) -> Mailed:
    """One turn: hand over, fetch, read, hand over what was answered.

    Raises what the client raises; what was handed over or fetched by then stays so.
    """
    told = Mailed()
    with scope.of(actor):
        is_old = _is_old(peer)
    if is_old:
        list_schools(actor, peer, caller)
    tell_nodes(actor, peer, caller)
    _hand_over(actor, peer, caller, told)
    told.fetched = _fetch(actor, peer, caller)
    told.followed = follow_schools(actor, peer, caller)
    told.read = read_arrived(actor)
    if told.read:
        _hand_over(actor, peer, caller, told)
    return told


def list_schools(actor: Actor, peer: Peer, caller: Caller) -> int:
    """Ask the node above which schools other nodes have, and by which keys those are known. Returns how many."""
    nodes: dict[str, Known] = {}
    schools: list[School] = []
    after, more, position = "", True, 0
    while more:
        found = caller.listing(after)
        position = position if after else found.position  # what changed while we read is told as a change
        nodes |= {one.node: one for one in found.nodes}
        schools += found.schools
        more = found.more and bool(found.schools)
        after = found.schools[-1].code if found.schools else ""
    with scope.of(actor):
        return actions.list_far_schools(
            actor=actor, peer=peer, nodes=list(nodes.values()), schools=schools, position=position, at=clock.now()
        )


def follow_schools(actor: Actor, peer: Peer, caller: Caller) -> int:
    """Ask the node above what changed in its list of schools, where its answers say that something did.

    One request a change, whatever the length of the list. Returns how many schools came or changed.
    """
    with scope.of(actor):
        after = Peer.objects.values_list("listed", flat=True).get(id=peer.id)
    count, more = 0, caller.listed_up_to not in (0, after)
    while more:
        found = caller.changes(after)
        with scope.of(actor):
            count += actions.follow_far_schools(actor=actor, peer=peer, changes=found, at=clock.now())
        more, after = found.more and found.position > after, found.position
    return count


def tell_nodes(actor: Actor, peer: Peer, caller: Caller, *, at_once: bool = False) -> bool:
    """Tell the node above which nodes lie below us, unless it has heard so a while ago. Whether it was told."""
    with scope.of(actor):
        nodes = queries.nodes_below()
        before = Peer.objects.filter(id=peer.id).values_list("nodes_told", "nodes_told_at").get()
    digest, now = digest_of(msgspec.json.encode(nodes)), clock.now()
    is_news = digest != before[0] if nodes else bool(before[0])
    is_due = bool(nodes) and (at_once or before[1] is None or before[1] < now - TOLD_FOR)
    if not is_news and not is_due:
        return False
    caller.tell(nodes)
    with scope.of(actor):
        actions.note_nodes_told(actor=actor, peer=peer, digest=digest if nodes else "", at=now)
    return True


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
    listed_at = Peer.objects.values_list("listed_at", flat=True).get(id=peer.id)
    return listed_at is None or listed_at < clock.now() - LISTED_FOR


def _hand_over(actor: Actor, peer: Peer, caller: Caller, told: Mailed) -> None:
    """One letter after the other. What is not taken holds up no other: it is tried again, a few times."""
    tried: set[int] = set()
    while True:
        with scope.of(actor):
            ways = queries.ways_from_here()
            waiting = queries.letters_to_hand_over(ways, tried) if ways else []
        for letter in waiting:
            tried.add(letter.id)
            if problem := _not_taken(actor, peer, caller, bytes(letter.content), told):
                told.not_taken += 1
                with scope.of(actor):
                    actions.note_not_taken(actor=actor, letter=letter, problem=problem)
                continue
            with scope.of(actor):
                told.handed_over += actions.drop_letters(actor=actor, peer=peer, passed=[(letter.id, letter.digest)])
        if not waiting:
            return


def _not_taken(actor: Actor, peer: Peer, caller: Caller, letter: bytes, told: Mailed) -> str:
    """Why the node above does not take it; "" where it does. Once a turn it is told again who lies below us."""
    for is_again in (False, True):
        try:
            caller.hand_over(letter)
        except PeerRefused as refused:
            if refused.status != 422:  # it takes nothing at all
                raise
            if is_again or told.has_told or refused.code not in UNKNOWN:
                return str(refused)
            told.has_told = True
            tell_nodes(actor, peer, caller, at_once=True)
        else:
            return ""
    return ""


def _fetch(actor: Actor, peer: Peer, caller: Caller) -> int:
    """What is not genuine is dropped there too: nobody could read it, and its writer sends what was not heard again.

    Before that we ask once whether the writer is new to us or has new keys.
    """
    count, after, has_listed = 0, 0, False
    while found := caller.letters(after):
        for one in found:
            is_kept = _kept(actor, peer, one)
            if not is_kept and not has_listed:
                list_schools(actor, peer, caller)
                is_kept, has_listed = _kept(actor, peer, one), True
            count += is_kept
            caller.drop([(one.id, one.content)])
            after = max(after, one.id)
    return count


def _kept(actor: Actor, peer: Peer, one: Sealed) -> bool:
    with scope.of(actor):
        return actions.keep_fetched(
            actor=actor, peer=peer, from_node=UUID(one.writer), data=one.content, at=clock.now()
        )
