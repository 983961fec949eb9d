"""Exchanging by file where there is no line: out at a school, in at the department, and the answer back.

A school's keeper changes by file too: what the department hands over, and the line with which a school hands back.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from joserfc.jwk import OKPKey

from khue.exchange import actions, handings, keys, parcels, queries, signatures
from khue.exchange.access import Permission
from khue.exchange.answers import Answer, Handed
from khue.exchange.batches import BrokenBatch
from khue.exchange.envelope import Envelope
from khue.exchange.models import Batch, Peer, ThisNode
from khue.exchange.parcels import UnusableParcel as UnusableParcel
from khue.exchange.signatures import BadSignature, Signed, Signer, digest_of
from khue.foundation import clock, scope
from khue.foundation.actor import Actor, require

ANSWERS = "khue-parcel-answer"
#: When a school was handed over, and its records.
Handing = tuple[datetime, list[Envelope]]


class AnswerParcel(Signed, frozen=True, kw_only=True):
    """The signed line of an answer file. body: SHA-256 of the lines below it.

    handed_back  the moment of a handing back that is believed now, ISO 8601
    """

    body: str
    handed_back: str = ""


def packed(actor: Actor, peer: Peer) -> tuple[bytes, int]:
    """Everything that was not acknowledged yet, as a file for the node above; and how many records are in it.

    A batch that is in a file may also be sent by line later: it arrives once.
    """
    with scope.of(actor):
        this = _this_node()
        while actions.make_batch(actor=actor, peer=peer, at=clock.now()) is not None:
            continue
        batches: Sequence[Batch] = queries.unsettled(peer)
        line = queries.line_back(peer)
    key = _sealing(peer)
    frames = [bytes(batch.content or b"") for batch in batches]
    data = parcels.packed(str(this.node), key, [*frames, line] if line else frames)
    return data, sum(batch.records for batch in batches)


def packed_handing(actor: Actor, peer: Peer) -> tuple[bytes, int]:
    """What was handed over to a school's node, as a file that it alone can open; and how many records are in it."""
    with scope.of(actor):
        require(actor, Permission.KEEPER_CHANGE, within=peer)
        this, handed = _this_node(), list[Handed]()
        while part := queries.handed_over(peer, handed[-1].id if handed else 0):
            handed += part
        if peer.handed_over_at is None:
            raise actions.NothingToHandOver(name=peer.organisation.name)
        actions.log_reading(
            actor=actor, deed="exported", kinds=[one.record.Loai for one in handed],
            organisation_id=peer.organisation_id, peer=peer, at=clock.now(),
        )  # fmt: skip
    signer = Signer(str(this.node), this.key_generation)
    records = [one.record for one in handed]
    frames = handings.over(signer, str(peer.node), peer.level, peer.handed_over_at, records)
    return parcels.packed(str(this.node), _sealing(peer), frames), len(handed)


def opened_handing(actor: Actor, peer: Peer, data: bytes) -> Handing:
    """When the node above handed our school over, and the records, from its file. Raises UnusableParcel."""
    with scope.of(actor):
        this = _this_node()
    if parcels.sender_of(data) != str(peer.node):
        raise UnusableParcel("it is not from the node above")
    frames = parcels.opened(data, keys.opening_key(this.key_generation))
    try:
        return handings.records_over(frames, peer.keys, str(peer.node), str(this.node))
    except (BadSignature, BrokenBatch) as error:
        raise UnusableParcel("this is no file of a handing over, or it was changed") from error


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
            if handings.is_back(batch):
                actions.note_handed_back(actor=reporter, peer=peer, line=batch)
            else:
                answers.append(actions.accept_batch(actor=reporter, peer=peer, data=batch, at=clock.now()))
    body = msgspec.json.encode(answers)
    with scope.of(actor):
        ended = queries.peer_with(str(peer.node))
    back = ended.handed_back_at.isoformat() if ended and ended.handed_back_at else ""
    claims = AnswerParcel(typ=ANSWERS, iss=str(this.node), aud=str(peer.node), body=digest_of(body), handed_back=back)
    new = [one for one in answers if not one.repeated]
    told = (
        f"{len(new)} of {len(answers)} batches are new: {sum(one.taken for one in new)} records taken over,"
        f" {sum(len(one.held) for one in new)} held back"
        + ("; the school keeps its rows no longer, take them back when its files are loaded here" if back else "")
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
        ended = queries.peer_above()
        if ended and ended.handed_back_at and claims.handed_back == ended.handed_back_at.isoformat():
            actions.note_back_settled(actor=actor, peer=peer, at=clock.now())
    return done


def _sealing(peer: Peer) -> OKPKey:
    key = keys.sealing(peer.keys)
    if key is None:
        raise UnusableParcel("the other node has named no key to encrypt with; ask for its card again")
    return key


def _this_node() -> ThisNode:
    this = queries.this_node()
    if this is None:
        raise actions.NodeUnnamed
    return this
