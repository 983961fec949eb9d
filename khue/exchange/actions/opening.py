"""Opening what a peer sent: is it genuine, did it come before, can it be read. Used by the actions of this room."""

import msgspec
from django.utils.translation import gettext_lazy as _

from khue.exchange import batches, signatures
from khue.exchange.answers import Answer
from khue.exchange.envelope import Envelope
from khue.exchange.models import Batch, Peer, ThisNode
from khue.exchange.signatures import BadSignature, BatchClaims
from khue.foundation.errors import Refusal


class BatchNotGenuine(Refusal):
    code = "batch_not_genuine"
    message = _("Gói dữ liệu không phải do hệ thống %(name)s ký gửi cho hệ thống này, hoặc đã bị thay đổi.")


class BatchBroken(Refusal):
    code = "batch_broken"
    message = _("Gói dữ liệu bị hỏng: %(why)s. Hãy gửi lại.")


class EpochOver(Refusal):
    code = "epoch_over"
    message = _("Gói dữ liệu thuộc đợt đánh số %(epoch)s đã kết thúc. Hệ thống gửi cần đối chiếu rồi gửi lại.")


class NumberTaken(Refusal):
    code = "number_taken"
    message = _("Gói số %(number)s đã nhận với nội dung khác. Hệ thống gửi cần đối chiếu rồi gửi lại.")


def genuine_claims(this: ThisNode, peer: Peer, data: bytes) -> tuple[BatchClaims, bytes]:
    """The signed line, once it holds and is from this peer for this node, and the compressed records."""
    try:
        token, content = batches.split(data)
        claims = signatures.verified(
            token, BatchClaims, typ=batches.BATCH, peer_keys=peer.keys, iss=str(peer.node), aud=str(this.node)
        )
        bytes.fromhex(claims.previous)
    except (BadSignature, batches.BrokenBatch, ValueError) as error:
        raise BatchNotGenuine(name=peer.name) from error
    if not peer.is_active or claims.level != this.level:
        raise BatchNotGenuine(name=peer.name)
    return claims, content


def answer_before(peer: Peer, claims: BatchClaims, digest: bytes) -> Answer | None:
    """The answer to this very batch, if it came before."""
    if claims.epoch < peer.epoch:
        raise EpochOver(epoch=claims.epoch)
    known = Batch.objects.filter(peer=peer, epoch=claims.epoch, number=claims.number).first()
    if known is not None:
        if bytes(known.digest) != digest:
            raise NumberTaken(number=claims.number)
        return msgspec.structs.replace(msgspec.convert(known.answer, Answer), repeated=True)
    beside = Batch.objects.filter(peer=peer, epoch=claims.epoch, number__in=(claims.number - 1, claims.number + 1))
    for one in beside:
        is_before = one.number == claims.number - 1
        if bytes(one.digest).hex() != claims.previous if is_before else bytes(one.previous) != digest:
            raise NumberTaken(number=claims.number)
    return None


def read_records(peer: Peer, claims: BatchClaims, content: bytes) -> list[Envelope]:
    """The records behind a signed line that holds."""
    try:
        return batches.records_of(claims, content)
    except BadSignature as error:
        raise BatchNotGenuine(name=peer.name) from error
    except batches.BrokenBatch as error:
        raise BatchBroken(why=str(error)) from error
