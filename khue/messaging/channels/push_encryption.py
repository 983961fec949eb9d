"""What only one browser can read: RFC 8291 over the content encoding aes128gcm of RFC 8188."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4096
#: What is left of a push service's 4,096 bytes for the words: header, padding mark and tag taken off.
LONGEST = RECORD_SIZE - 86 - 1 - 16
_LAST_RECORD = b"\x02"


class TooLong(ValueError):
    """More than one record holds."""


def encrypted(
    text: bytes,
    browser_key: bytes,
    shared_secret: bytes,
    *,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push message.

    browser_key    the 65 bytes of its public key; ValueError where they are no point of the curve
    shared_secret  its 16 bytes "auth"
    own, salt      new for every message; given only by the test of the RFC's own vector
    """
    if len(text) > LONGEST:
        raise TooLong(len(text))
    own, salt = own or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser_key)
    own_key = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    secret = _derived(own.exchange(ec.ECDH(), theirs), shared_secret, b"WebPush: info\0" + browser_key + own_key, 32)
    content_key = _derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    header = salt + RECORD_SIZE.to_bytes(4) + bytes([len(own_key)]) + own_key
    return header + AESGCM(content_key).encrypt(nonce, text + _LAST_RECORD, None)


def base64url(raw: bytes) -> str:
    """As the Web writes keys: without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    """The bytes again; ValueError for anything else."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt=salt, info=info).derive(secret)
