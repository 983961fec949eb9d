"""Key files and PINs at rest: AES-256-GCM under a key of the node, bound to their place. docs/decisions/0181

The node's key is derived from its secret, or stands in the file that KHUE_KEY_FILE names (as messaging keeps it, 0156):
the first line encrypts, the others and the derived one only open.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from khue.records.refusals import KeyFileUnreadable

KEY_BYTES = 32
NONCE_BYTES = 12


def seal(secret: bytes, place: str) -> bytes:
    """A secret as it may stand in a row; only the same place opens it again."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _keys()[0].encrypt(nonce, secret, place.encode())


def unseal(sealed: bytes, place: str) -> bytes:
    """The secret again. Raises KeyFileUnreadable where it was changed, moved or sealed with another key."""
    sealed = bytes(sealed)
    for key in _keys():
        try:
            return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):
            continue
    raise KeyFileUnreadable


def _keys() -> list[AESGCM]:
    info = b"khue.records.keys"
    derived = AESGCM(HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(settings.SECRET_KEY.encode()))
    if not settings.KEY_FILE:
        return [derived]
    try:
        own = [HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(bytes.fromhex(line))
               for line in Path(settings.KEY_FILE).read_text().split()]  # fmt: skip
    except (OSError, ValueError) as error:
        raise KeyFileUnreadable from error
    return [*map(AESGCM, own), derived]
