"""Exchanging by file where there is no line: out at a school, in at the department, and the answer back."""

from collections.abc import Sequence

import msgspec

from khue.exchange import actions, keys, parcels, queries, signatures
from khue.exchange.answers import Answer
from khue.exchange.models import Batch, Peer, ThisNode
from khue.exchange.parcels import UnusableParcel as UnusableParcel
from khue.exchange.signatures import BadSignature, Signed, Signer, digest_of
from khue.foundation import clock, scope
from khue.foundation.actor import Actor

ANSWERS = "khue-parcel-answer"


class AnswerParcel(Signed, frozen=True, kw_only=True):
    """The signed line of an answer file. body: SHA-256 of the lines below it."""

    body: str


def packed(actor: Actor, peer: Peer) -> tuple[bytes, int]:
    """Everything that was not acknowledged yet, as a file for the node above; and how many records are in it.

    A batch that is in a file may also be sent by line later: it arrives once.
    """
    with scope.of(actor):
        this = _this_node()
        while actions.make_batch(actor=actor, peer=peer, at=clock.now()) is not None:
            continue
        batches: Sequence[Batch] = queries.unsettled(peer)
    key = keys.sealing(peer.keys)
    if key is None:
        raise UnusableParcel("the node above has named no key to encrypt with; ask for its card again")
    data = parcels.packed(str(this.node), key, [bytes(batch.content or b"") for batch in batches])
    return data, sum(batch.records for batch in batches)


def unpacked(actor: Actor, data: bytes) -> tuple[bytes, str]:
    """Take over a file of a node below. The answer for the way back, and a sentence. Raises UnusableParcel.

    Every batch is a transaction of its own; what came before is not taken twice.
    """
    with scope.of(actor):
        this = _this_node()
    peer = queries.peer_with(parcels.sender_of(data))
    if peer is None:
        raise UnusableParcel("it is from a node that we do not know")
    batches = parcels.opened(data, keys.opening_key(this.key_generation))
    reporter, answers = queries.actor_of(peer), []
    for batch in batches:
        with scope.of(reporter):
            answers.append(actions.accept_batch(actor=reporter, peer=peer, data=batch, at=clock.now()))
    body = msgspec.json.encode(answers)
    claims = AnswerParcel(typ=ANSWERS, iss=str(this.node), aud=str(peer.node), body=digest_of(body))
    new = [one for one in answers if not one.repeated]
    told = (
        f"{len(new)} of {len(answers)} batches are new: {sum(one.taken for one in new)} records taken over,"
        f" {sum(len(one.held) for one in new)} held back"
    )
    return Signer(str(this.node), this.key_generation).sign(claims).encode() + b"\n" + body, told


def settled(actor: Actor, peer: Peer, data: bytes) -> int:
    """Take in the answer of the node above. Returns how many batches it settles. Raises UnusableParcel."""
    with scope.of(actor):
        this = _this_node()
    line, _found, body = data.partition(b"\n")
    try:
        claims = signatures.verified(
            line.decode("ascii", "replace"), AnswerParcel, typ=ANSWERS, peer_keys=peer.keys, iss=str(peer.node),
            aud=str(this.node),
        )  # fmt: skip
        if claims.body != digest_of(body):
            raise BadSignature("changed")
        answers = msgspec.json.decode(body, type=list[Answer])
    except (BadSignature, msgspec.DecodeError, ValueError) as error:
        raise UnusableParcel("this is no answer of the node above, or it was changed") from error
    done = 0
    with scope.of(actor):
        waiting = {(batch.epoch, batch.number): batch for batch in queries.unsettled(peer)}
        for answer in answers:
            batch = waiting.get((answer.epoch, answer.number))
            if batch is not None:
                actions.settle_batch(actor=actor, batch=batch, answer=answer, at=clock.now())
                done += 1
    return done


def _this_node() -> ThisNode:
    this = queries.this_node()
    if this is None:
        raise actions.NodeUnnamed
    return this
