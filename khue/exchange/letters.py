"""The bytes of a letter from one node to another: a signed line, then what only the reader can open. Pure.

    <compact JWS of LetterClaims>\\n<JWE compact of the words>

Whoever carries it reads from whom and for whom it is and how large, and nothing of a child. docs/decisions/0250
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from joserfc.jwk import OKPKey

from khue.exchange import keys, sealing, signatures
from khue.exchange.signatures import BadSignature, Signed, Signer, digest_of

LETTER = "khue-letter"
#: Bytes of a letter as it travels; pieces of files are cut so that they stay far below.
MOST_BYTES = 4 * 1024 * 1024
#: Pieces of one file, at most: 40 of a megabyte are twice what a school may keep of one record.
MOST_PARTS = 40


class UnusableLetter(Exception):
    """Not a letter of this node for that one, changed, or sealed for somebody else. The text is for the log."""


class LetterClaims(Signed, frozen=True, kw_only=True):
    """A letter. thread: what it is about; part: 0 the word, above it a piece of a file; content: SHA-256 as sealed."""

    thread: str
    part: int
    content: str


def written(
    signer: Signer, reader: str, reader_keys: Sequence[Mapping[str, str]], thread: UUID, part: int, plain: bytes
) -> bytes:
    """A letter that only the reader's node can open. Raises UnusableLetter where that node has named no key for it."""
    key = keys.sealing(reader_keys)
    if key is None:
        raise UnusableLetter("the reader has no key to seal for")
    sealed = sealing.sealed(plain, key)
    claims = LetterClaims(
        typ=LETTER, iss=signer.node, aud=reader, thread=str(thread), part=part, content=digest_of(sealed)
    )
    return signer.sign(claims).encode() + b"\n" + sealed


def parties(data: bytes) -> tuple[UUID, UUID]:
    """By and for which node a letter says it is: to find keys and way, and for nothing else. Or UnusableLetter."""
    token, _sealed = _split(data)
    try:
        return UUID(signatures.unverified_issuer(token)), UUID(signatures.unverified_reader(token))
    except (BadSignature, ValueError) as error:
        raise UnusableLetter(str(error)) from error


def genuine(data: bytes, *, writer: str, reader: str, writer_keys: Sequence[Mapping[str, str]]) -> LetterClaims:
    """The signed line, once it holds, is by this node for that one, and covers what is sealed. Or UnusableLetter."""
    token, sealed = _split(data)
    try:
        claims = signatures.verified(token, LetterClaims, typ=LETTER, peer_keys=writer_keys, iss=writer, aud=reader)
        UUID(claims.thread)
    except (BadSignature, ValueError) as error:
        raise UnusableLetter(str(error)) from error
    if claims.content != digest_of(sealed) or not 0 <= claims.part <= MOST_PARTS:
        raise UnusableLetter("not what was signed")
    return claims


def opened(data: bytes, key: OKPKey) -> bytes:
    """What a letter says, to whom it was sealed for. Raises UnusableLetter."""
    _token, sealed = _split(data)
    try:
        return sealing.unsealed(sealed, key)
    except sealing.NotForUs as error:
        raise UnusableLetter("sealed for another node, or changed") from error


def _split(data: bytes) -> tuple[str, bytes]:
    line, found, sealed = data.partition(b"\n")
    if not found or len(data) > MOST_BYTES:
        raise UnusableLetter("no signed line, or too large")
    try:
        return line.decode("ascii"), sealed
    except UnicodeDecodeError as error:
        raise UnusableLetter("the signed line is no text") from error
