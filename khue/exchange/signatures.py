"""What nodes sign: requests, answers and batches. Whose signature it is, and for whom, stands in what is signed.

Freshness is judged by the receiver's clock alone, through a nonce that it gave: a node whose clock is wrong by a day
is heard like any other. docs/decisions/0201
source   RFC 7515 (JWS), RFC 8037 and 9864 (Ed25519), RFC 9449 §8 (nonces given by the server)
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from khue.exchange import keys

T = TypeVar("T", bound="Signed")
#: Characters: what we sign is small; content is named by its digest.
LONGEST = 4096


class BadSignature(Exception):
    """Not signed by whom it says, not for us, or not what it should be. The text is for the log."""


class Signed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every signed thing says: what it is, by whom and for whom (nodes)."""

    typ: str
    iss: str
    aud: str


class RequestClaims(Signed, frozen=True, kw_only=True):
    """A request. body: SHA-256 of what is sent with it; nonce: the receiver's."""

    path: str
    nonce: str
    body: str


class AnswerClaims(Signed, frozen=True, kw_only=True):
    """An answer to the request with that nonce and body. seconds: the answering node's clock, as Unix time."""

    nonce: str
    request: str
    body: str
    status: int
    seconds: int


class BatchClaims(Signed, frozen=True, kw_only=True):
    """A batch. content: SHA-256 of the compressed records; size: their bytes when they are not compressed."""

    epoch: int
    number: int
    previous: str
    content: str
    size: int
    records: int
    level: str


@dataclass(frozen=True, slots=True)
class Signer:
    """This node as it signs."""

    node: str
    generation: int

    def sign(self, claims: Signed) -> str:
        """The claims as a compact JWS."""
        key = keys.signing_key(self.generation)
        header = {"alg": keys.ALGORITHM, "kid": key.thumbprint()}
        return jws.serialize_compact(header, msgspec.json.encode(claims), key, algorithms=[keys.ALGORITHM])


def digest_of(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def unverified_issuer(token: str) -> str:
    """Who says to have signed it: to find the keys, and for nothing else. Raises BadSignature."""
    _refuse_long(token)
    try:
        return msgspec.json.decode(jws.extract_compact(token.encode()).payload, type=_OnlyIssuer).iss
    except (JoseError, msgspec.DecodeError, ValueError) as error:
        raise BadSignature("not a signed object") from error


def verified(token: str, kind: type[T], *, typ: str, peer_keys: Sequence[Mapping[str, str]], iss: str, aud: str) -> T:
    """The claims, once the signature holds and they are of this type, by this node, for that one.

    raises  BadSignature
    """
    _refuse_long(token)
    try:
        found = jws.deserialize_compact(token, keys.verifying(peer_keys), algorithms=[keys.ALGORITHM])
        claims = msgspec.json.decode(found.payload, type=kind)
    except (JoseError, msgspec.DecodeError, ValueError, TypeError) as error:
        raise BadSignature(f"{type(error).__name__}: {error}") from error
    if (claims.typ, claims.iss, claims.aud) != (typ, iss, aud):
        raise BadSignature("signed for another purpose, by another node or for another node")
    return claims


def unverified_reader(token: str) -> str:
    """For whom it says to be: to find the way, and for nothing else. Raises BadSignature."""
    _refuse_long(token)
    try:
        return msgspec.json.decode(jws.extract_compact(token.encode()).payload, type=_OnlyReader).aud
    except (JoseError, msgspec.DecodeError, ValueError) as error:
        raise BadSignature("not a signed object") from error


class _OnlyIssuer(msgspec.Struct):
    iss: str


class _OnlyReader(msgspec.Struct):
    aud: str


def _refuse_long(token: str) -> None:
    if len(token) > LONGEST or not token.isascii():
        raise BadSignature("too long, or not ASCII")
