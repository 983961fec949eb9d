"""Words and files at rest: a key per school (AES-256-GCM), itself encrypted with the node's key. docs/decisions/0156

The node's keys are derived from its secret (0052), or stand in the file that KHUE_KEY_FILE names: one a line, 64
hexadecimal digits; the first one encrypts, the others only open what they encrypted before. What is sealed is bound to
its place: a row copied to another school, conversation or line does not open.
"""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal

KEY_BYTES = 32
#: Random, 96 bits: a key may encrypt 2^32 messages (NIST SP 800-38D, 8.3), more than a school writes in its life.
NONCE_BYTES = 12


class KeyUnreadable(Refusal):
    code = "key_unreadable"
    message = _(
        "Không mở được khoá bảo vệ tin nhắn của trường. Tin nhắn vẫn còn nguyên; hãy báo người quản trị hệ thống kiểm"
        " tra tệp khoá (KHUE_KEY_FILE) và bí mật của hệ thống (KHUE_SECRET)."
    )


def new_key() -> bytes:
    """A key for a school."""
    return AESGCM.generate_key(KEY_BYTES * 8)


def wrap(key: bytes, organisation_id: int, version: int) -> bytes:
    """A school's key as it may stand in a row."""
    return _encrypted(
        _node_keys(settings.SECRET_KEY, settings.KEY_FILE)[0], key, _place_of_key(organisation_id, version)
    )


def unwrap(wrapped: bytes, organisation_id: int, version: int) -> AESGCM:
    """The key behind a row of DataKey, ready to use. Raises KeyUnreadable. The process remembers what it has opened."""
    return _opened(wrapped, organisation_id, version, settings.SECRET_KEY, settings.KEY_FILE)


def seal(key: AESGCM, words: str, place: bytes) -> bytes:
    """Words as they may stand in a row. place: as place_of_line gives it."""
    return _encrypted(key, words.encode(), place)


def unseal(key: AESGCM, sealed: bytes, place: bytes) -> str:
    """The words again. Raises KeyUnreadable where the row was changed, moved or sealed with another key."""
    return _decrypted(key, sealed, place).decode()


def seal_key(key: AESGCM, secret: bytes, place: bytes) -> bytes:
    """The key of a file as it may stand in a row. place: as place_of_file gives it."""
    return _encrypted(key, secret, place)


def unseal_key(key: AESGCM, sealed: bytes, place: bytes) -> bytes:
    """The key of a file again. Raises KeyUnreadable."""
    return _decrypted(key, sealed, place)


def place_of_file(organisation_id: int, public_id: object) -> bytes:
    """What the key of a file is bound to."""
    return f"khue.file|{organisation_id}|{public_id}".encode()


def place_of_line(organisation_id: int, conversation_id: int, public_id: object) -> bytes:
    """What a line's words are bound to."""
    return f"khue.line|{organisation_id}|{conversation_id}|{public_id}".encode()


def _place_of_key(organisation_id: int, version: int) -> bytes:
    return f"khue.data_key|{organisation_id}|{version}".encode()


@lru_cache(maxsize=1024)
def _opened(wrapped: bytes, organisation_id: int, version: int, secret: str, file: str) -> AESGCM:
    place = _place_of_key(organisation_id, version)
    for key in _node_keys(secret, file):
        try:
            return AESGCM(_decrypted(key, wrapped, place))
        except KeyUnreadable:
            continue
    raise KeyUnreadable


@lru_cache(maxsize=8)
def _node_keys(secret: str, file: str) -> tuple[AESGCM, ...]:
    """The first encrypts. The key derived from the secret always opens, so that a key file may be introduced later."""
    info = b"khue.messaging.conversations"
    derived = AESGCM(HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(secret.encode()))
    if not file:
        return (derived,)
    try:
        keys = [bytes.fromhex(line) for line in Path(file).read_text().split()]
    except (OSError, ValueError) as error:
        raise KeyUnreadable from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise KeyUnreadable
    return (*map(AESGCM, keys), derived)


def _encrypted(key: AESGCM, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plain, place)


def _decrypted(key: AESGCM, sealed: bytes, place: bytes) -> bytes:
    try:
        return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place)
    except (InvalidTag, ValueError):
        raise KeyUnreadable from None
