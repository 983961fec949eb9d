"""Values that a browser carries for us and cannot change: sealed with the node's secret, for one purpose.

Used by the hot and the live door, whose process knows no session. A seal hides nothing; it only proves who wrote it.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache
from typing import TypeVar

import msgspec
from django.conf import settings

T = TypeVar("T")
#: Bytes of the seal: 128 bits.
SEAL_BYTES = 16
_encode = msgspec.msgpack.Encoder().encode


class BrokenSeal(Exception):
    """Not written by this node, or for another purpose, or changed on the way."""


def seal(purpose: str, value: object) -> str:
    """The value as text that fits into an address, and its seal.

    value   anything msgspec writes
    """
    payload = _encode(value)
    return urlsafe_b64encode(_seal_of(purpose, payload) + payload).decode().rstrip("=")


def unseal(purpose: str, text: str, decoder: "msgspec.msgpack.Decoder[T]") -> T:
    """The value that was sealed for this purpose. Raises BrokenSeal."""
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        payload = raw[SEAL_BYTES:]
        if not hmac.compare_digest(raw[:SEAL_BYTES], _seal_of(purpose, payload)):
            raise BrokenSeal
        return decoder.decode(payload)
    except (ValueError, msgspec.DecodeError):
        raise BrokenSeal from None


def _seal_of(purpose: str, payload: bytes) -> bytes:
    # Keyed BLAKE2b is a MAC by itself (RFC 7693) and twenty times cheaper than HMAC through OpenSSL 3.
    return hashlib.blake2b(payload, key=_key(purpose, settings.SECRET_KEY), digest_size=SEAL_BYTES).digest()


@cache
def _key(purpose: str, secret: str) -> bytes:
    return hashlib.sha256(f"khue.{purpose}\0{secret}".encode()).digest()
