"""The bytes of a batch: a signed line that says what follows, then the records, compressed.

    <compact JWS of BatchClaims>\\n<gzip of a JSON list of envelopes>

The same bytes travel by HTTP and on a stick. The records are read only after the signature holds, and never inflate
beyond what the signed line says, nor beyond MOST_BYTES.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from khue.exchange.envelope import MOST_VERSION, Envelope
from khue.exchange.signatures import BadSignature, BatchClaims, Signer, digest_of

BATCH = "khue-batch"
MOST_RECORDS = 5_000
#: Of a batch when it is not compressed; a batch is cut earlier when its records are large.
MOST_BYTES = 24 * 1024 * 1024
#: Of a batch as it travels: what the API's door takes.
MOST_COMPRESSED = 5 * 1024 * 1024
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Envelope]).decode


class BrokenBatch(Exception):
    """The bytes are no batch: cut off, changed, inflating too far, or not the records they should be."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a batch stands among those of one sender. previous: the digest of the one before it, "" for the first."""

    epoch: int
    number: int
    previous: str


def written(
    signer: Signer, receiver: str, level: str, place: Place, records: Sequence[Envelope], *, typ: str = BATCH
) -> bytes:
    """The bytes of a batch. level: for whose eyes the records were projected; typ: what it is signed as."""
    plain = _encode(list(records))
    content = _compressed(plain)
    claims = BatchClaims(
        typ=typ, iss=signer.node, aud=receiver, epoch=place.epoch, number=place.number, previous=place.previous,
        content=digest_of(content), size=len(plain), records=len(records), level=level,
    )  # fmt: skip
    return signer.sign(claims).encode() + b"\n" + content


def split(data: bytes) -> tuple[str, bytes]:
    """The signed line and the compressed records. Raises BrokenBatch."""
    line, found, content = data.partition(b"\n")
    if not found or len(data) > MOST_COMPRESSED:
        raise BrokenBatch("no signed line, or too large")
    try:
        return line.decode("ascii"), content
    except UnicodeDecodeError as error:
        raise BrokenBatch("the signed line is no text") from error


def records_of(claims: BatchClaims, content: bytes) -> list[Envelope]:
    """The records of a batch whose signed line holds. Raises BrokenBatch; BadSignature if they are others."""
    if digest_of(content) != claims.content:
        raise BadSignature("the records are not those that were signed")
    in_range = 1 <= claims.epoch <= MOST_VERSION and 1 <= claims.number <= MOST_VERSION
    if not 0 <= claims.records <= MOST_RECORDS or not in_range:
        raise BrokenBatch("impossible numbers")
    plain = _inflated(content, claims.size)
    if b"\\u0000" in plain:
        raise BrokenBatch("a zero character, which no database keeps")
    try:
        records = _decode(plain)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BrokenBatch(str(error)) from error
    if len(records) != claims.records:
        raise BrokenBatch("another number of records than signed")
    return records


def _compressed(plain: bytes) -> bytes:
    made = zlib.compressobj(6, zlib.DEFLATED, 31)
    return made.compress(plain) + made.flush()


def _inflated(content: bytes, size: int) -> bytes:
    if not 0 <= size <= MOST_BYTES:
        raise BrokenBatch("too large")
    inflating = zlib.decompressobj(31)
    try:
        plain = inflating.decompress(content, size + 1)
    except zlib.error as error:
        raise BrokenBatch("not compressed as it should be") from error
    if len(plain) != size or not inflating.eof or inflating.unused_data:
        raise BrokenBatch("another size than signed")
    return plain
