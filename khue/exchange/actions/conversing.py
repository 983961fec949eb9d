"""One conversation with the node above: agree on where we stand, compare if we do not, hand over what is new.

Each step is a transaction of its own, so that the line may be cut anywhere; the next conversation goes on from there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from khue.exchange import actions, merkle, queries
from khue.exchange.answers import Handed, Listed, Standing
from khue.exchange.client import Caller, PeerRefused
from khue.exchange.comparing import differences
from khue.exchange.envelope import Envelope
from khue.exchange.models import Batch, Peer
from khue.exchange.queries import Leaf
from khue.foundation import clock, scope
from khue.foundation.actor import Actor

T = TypeVar("T")
#: What the node above asks at once, at most.
PLACES, LEAVES, COPIES = 256, 64, 500
#: The refusals that mean: one of us was restored.
DISAGREEMENTS = frozenset({"epoch_over", "number_taken", "records_differ"})


@dataclass
class Told:
    """What a conversation came to."""

    batches: int = 0
    records: int = 0
    held: int = 0
    compared: int = 0
    again: int = 0
    fetched: int = 0
    adopted: int = 0
    reasons: list[str] = field(default_factory=list)


def send_everything(actor: Actor, peer: Peer, caller: Caller) -> Told:
    """Hand over everything that is new. Raises what the client raises; what was acknowledged by then stays so."""
    told = Told()
    peer = _agree(actor, peer, caller, told)
    for _attempt in range(3):
        try:
            _hand_over(actor, peer, caller, told)
            _say_handed_back(actor, peer, caller)
        except PeerRefused as refused:
            if refused.code not in DISAGREEMENTS:
                raise
            peer = compare(actor, peer, caller, told, reason=refused.code)
        else:
            return told
    raise PeerRefused(409, "disagree", "the two nodes do not agree after three comparisons")


def compare(actor: Actor, peer: Peer, caller: Caller, told: Told, *, reason: str = "asked") -> Peer:
    """Find what differs by the tree of hashes; put what the peer lacks into the feed, take back what we lost.

    A new epoch begins before, so that what was under way on either side cannot be mistaken for what comes now.
    """
    told.reasons.append(reason)
    standing = caller.standing()
    with scope.of(actor):
        peer = actions.begin_epoch(actor=actor, peer=peer, above=standing.epoch, at=clock.now())
        leaves = queries.leaves_told(peer)
    places = merkle.differing(lambda asked: _in_parts(caller.digests, asked, PLACES), leaves)
    for some in _parts(places, LEAVES):
        theirs = caller.listed(some)
        _mend(actor, peer, caller, some, theirs, told)
    return peer


def take_lines(actor: Actor, peer: Peer, caller: Caller) -> int:
    """Fetch what is held back of ours above, and put it on the work lists. Returns how many lines are new."""
    new, after = 0, 0
    while True:
        found = caller.lines(after)
        if not found.lines:
            return new
        with scope.of(actor):
            new += actions.take_lines(actor=actor, peer=peer, lines=found.lines, at=clock.now())
        after = found.last


def handed_over(caller: Caller) -> tuple[datetime | None, list[Envelope]]:
    """When the node above handed our school over to us, and the records that stand there since; None: it has not."""
    moment, found = _moment(caller.standing()), list[Handed]()
    while moment is not None:
        part = caller.handed(found[-1].id if found else 0)
        if not part:
            break
        found += part
    return moment, [one.record for one in found]


def _agree(actor: Actor, peer: Peer, caller: Caller, told: Told) -> Peer:
    standing = caller.standing()
    with scope.of(actor):
        agrees = _agrees(peer, standing)
        handed = _moment(standing)
        if handed is not None and handed != peer.handed_over_at:
            actions.note_handed_over(actor=actor, peer=peer, at=handed)
    return peer if agrees else compare(actor, peer, caller, told, reason="standing")


def _agrees(peer: Peer, standing: Standing) -> bool:
    """Whether what the peer says fits what we remember: neither of us was restored since."""
    settled = queries.last_settled(peer)
    if standing.epoch != peer.epoch:  # it hears of a new epoch with its first batch
        return standing.epoch < peer.epoch and settled is None
    if max([standing.number, *standing.beyond]) > peer.number:
        return False
    if settled and settled.number > standing.number and settled.number not in standing.beyond:
        return False
    last = queries.batch_numbered(peer, standing.number)
    return standing.number == 0 or (last is not None and bytes(last.digest).hex() == standing.digest)


def _hand_over(actor: Actor, peer: Peer, caller: Caller, told: Told) -> None:
    """First what was made and not acknowledged, in the same bytes; then what is new."""
    for batch in _batches(actor, peer):
        answer = caller.send(bytes(batch.content or b""))
        with scope.of(actor):
            actions.settle_batch(actor=actor, batch=batch, answer=answer, at=clock.now())
        told.batches += 1
        told.records += batch.records
        told.held += len(answer.held)


def _say_handed_back(actor: Actor, peer: Peer, caller: Caller) -> None:
    """Once everything has gone out: that nothing will come any more."""
    with scope.of(actor):
        line = queries.line_back(peer)
    if line is not None:
        caller.hand_back(line)
        with scope.of(actor):
            actions.note_back_settled(actor=actor, peer=peer, at=clock.now())


def _batches(actor: Actor, peer: Peer) -> Iterator[Batch]:
    with scope.of(actor):
        waiting = queries.unsettled(peer)
    yield from waiting
    while True:
        with scope.of(actor):
            made = actions.make_batch(actor=actor, peer=peer, at=clock.now())
        if made is None:
            return
        yield made


def _mend(
    actor: Actor, peer: Peer, caller: Caller, leaves: Sequence[str], theirs: Sequence[Listed], told: Told
) -> None:
    with scope.of(actor):
        ours: list[Leaf] = queries.records_in(peer, [int(leaf, 16) for leaf in leaves])
    again, wanted = differences(ours, theirs)
    for keys in _parts([(one.kind, one.key) for one in wanted], COPIES):
        copies = caller.copies(keys)
        told.fetched += len(copies)
        with scope.of(actor):
            told.adopted += actions.adopt_from_above(actor=actor, peer=peer, records=copies, at=clock.now())
    with scope.of(actor):
        told.again += actions.send_again(actor=actor, peer=peer, differing=again, at=clock.now())
    told.compared += len(ours)


def _moment(standing: Standing) -> datetime | None:
    try:
        return datetime.fromisoformat(standing.handed_over)
    except ValueError:
        return None


def _in_parts(ask: Callable[[Sequence[str]], list[list[str]]], places: Sequence[str], most: int) -> list[list[str]]:
    return [digests for some in _parts(places, most) for digests in ask(some)]


def _parts(values: Sequence[T], most: int) -> list[Sequence[T]]:
    return [values[first : first + most] for first in range(0, len(values), most)]
