"""Secrets at rest and in the browser's hands: encryption and keyed hashes under keys derived from the node's secret.

Each purpose has its own key (HKDF, RFC 5869), so that what is sealed for one cannot be opened as another. Changing
KHUE_SECRET makes sealed rows unreadable: people then set up their second factor again (docs/decisions/0052).
"""

import base64
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@lru_cache(maxsize=32)
def _key(purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"khue.identity.{purpose}".encode()).derive(settings.SECRET_KEY.encode())


@lru_cache(maxsize=32)
def _fernet(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(purpose)))


def seal(purpose: str, secret: bytes) -> bytes:
    """The secret as it may stand in a row."""
    return _fernet(purpose).encrypt(secret)


def unseal(purpose: str, sealed: bytes) -> bytes:
    """The secret again. A row sealed under another key is a bug or a changed KHUE_SECRET: the error rises."""
    return _fernet(purpose).decrypt(bytes(sealed))


def seal_state(purpose: str, state: Mapping[str, object], at: datetime) -> str:
    """A state for a cookie: nobody reads or changes it on the way."""
    return _fernet(purpose).encrypt_at_time(json.dumps(state).encode(), int(at.timestamp())).decode()


def unseal_state(purpose: str, sealed: str, at: datetime, life: timedelta) -> dict[str, object] | None:
    """The state again; None when it is missing, forged or older than `life`."""
    try:
        plain = _fernet(purpose).decrypt_at_time(sealed.encode(), int(life.total_seconds()), int(at.timestamp()))
    except InvalidToken:
        return None
    state: dict[str, object] = json.loads(plain)
    return state


def keyed_hash(purpose: str, text: str) -> bytes:
    """What the database keeps instead of a code: without the node's secret it cannot be searched by trial."""
    return hmac.digest(_key(purpose), text.encode(), "sha256")
