"""What two nodes sign when a school changes its keeper, by line or on a stick. Pure. docs/decisions/0300 and 0310

Over: the records in signed pieces in the form of batches, then a line that closes them; no piece is taken without it.
Back: one line that names everything the school has told by one digest; the records themselves came in batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from khue.exchange import batches, merkle, signatures
from khue.exchange.batches import BrokenBatch, Place
from khue.exchange.envelope import Envelope
from khue.exchange.signatures import BadSignature, BatchClaims, Signed, Signer, digest_of

PIECE, OVER, BACK = "khue-handed", "khue-handing-over", "khue-handing-back"
#: Records of one piece.
AT_ONCE = 2_000


class HandingOver(Signed, frozen=True, kw_only=True):
    """That a school's records were handed over to its node. at: when; pieces: how many; last: digest of the last."""

    at: str
    pieces: int
    last: str


class HandingBack(Signed, frozen=True, kw_only=True):
    """That a school's node keeps its rows no longer.

    at       when it ended; since: which handing over it had taken up, "" where it began by itself
    root     of the tree of hashes over all it has told; records: how many those are
    """

    at: str
    since: str
    root: str
    records: int


def root_of(leaves: Mapping[int, bytes]) -> str:
    """One digest for everything in a tree of hashes."""
    return digest_of("".join(merkle.digests_under("", leaves)).encode())


def over(signer: Signer, receiver: str, level: str, at: datetime, records: Sequence[Envelope]) -> list[bytes]:
    """The pieces with all these records, and the line that closes them."""
    made: list[bytes] = []
    for first in range(0, len(records), AT_ONCE):
        place = Place(1, len(made) + 1, digest_of(made[-1]) if made else "")
        some = records[first : first + AT_ONCE]
        made.append(batches.written(signer, receiver, level, place, some, typ=PIECE))
    last = digest_of(made[-1]) if made else ""
    claims = HandingOver(
        typ=OVER, iss=signer.node, aud=receiver, at=at.isoformat(), pieces=len(made), last=last
    )  # fmt: skip
    return [*made, signer.sign(claims).encode()]


def records_over(
    frames: Sequence[bytes], keys: Sequence[Mapping[str, str]], sender: str, receiver: str
) -> tuple[datetime, list[Envelope]]:
    """When a school was handed over, and all its records. Raises BadSignature, BrokenBatch."""
    *pieces, line = frames or [b""]
    claims = signatures.verified(
        line.decode("ascii", "replace"), HandingOver, typ=OVER, peer_keys=keys, iss=sender, aud=receiver
    )
    if claims.pieces != len(pieces) or claims.last != (digest_of(pieces[-1]) if pieces else ""):
        raise BadSignature("other pieces than were signed")
    return moment_of(claims.at), [record for piece in _in_order(pieces, keys, sender, receiver) for record in piece]


def is_back(frame: bytes) -> bool:
    """Whether a frame of a parcel is the line of a handing back, and no batch."""
    return b"\n" not in frame


def back(line: bytes, keys: Sequence[Mapping[str, str]], sender: str, receiver: str) -> HandingBack:
    """What such a line says. Raises BadSignature."""
    claims = signatures.verified(
        line.decode("ascii", "replace"), HandingBack, typ=BACK, peer_keys=keys, iss=sender, aud=receiver
    )
    moment_of(claims.at)
    return claims


def moment_of(text: str) -> datetime:
    """The moment in a signed line. Raises BadSignature."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSignature("no moment") from error
    if moment.tzinfo is None:
        raise BadSignature("no moment")
    return moment


def _in_order(
    pieces: Sequence[bytes], keys: Sequence[Mapping[str, str]], sender: str, receiver: str
) -> Iterator[list[Envelope]]:
    before = ""
    for number, piece in enumerate(pieces, 1):
        token, content = batches.split(piece)
        claims = signatures.verified(token, BatchClaims, typ=PIECE, peer_keys=keys, iss=sender, aud=receiver)
        if (claims.number, claims.previous) != (number, before):
            raise BrokenBatch("pieces in another order than signed")
        before = digest_of(piece)
        yield batches.records_of(claims, content)
