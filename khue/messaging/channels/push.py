"""Web push: the words are encrypted for the browser (RFC 8291), the node says who it is (VAPID, RFC 8292)."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from joserfc import jwt
from joserfc.jwk import ECKey

from khue.messaging.channels import gateway
from khue.messaging.channels.parcels import Browser, Delayed, Outcome, Parcel, Refused, Taken
from khue.messaging.channels.push_encryption import base64url, encrypted

if TYPE_CHECKING:
    import httpx

#: Seconds a push service keeps what a switched-off telephone cannot take.
KEPT = 24 * 3600
PROOF_LIFE = 12 * 3600
#: The order of the group P-256, less one: private keys are 1 to this (FIPS 186-4, D.1.2.3).
_KEYS = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551 - 1
GONE = frozenset({404, 410})
LONGEST = 300


class _Push:
    code = "push"
    batch = 20
    rings = True

    def is_on(self) -> bool:
        return bool(settings.PUSH_CONTACT)

    def can_send(self) -> bool:
        return self.is_on()

    def per_minute(self) -> int:
        return int(settings.PUSH_PER_MINUTE)

    def send(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        with gateway.client() as client:
            return [_send_one(client, parcel) for parcel in parcels]


PUSH = _Push()


def public_key() -> str:
    """The node's key, as a browser wants it when it subscribes."""
    return base64url(
        _own_key(settings.SECRET_KEY).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )


def is_push_service(endpoint: str) -> bool:
    """Whether the address is one of a push service this node knows: no browser makes us call anybody else."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    known = any(host == name or host.endswith(f".{name}") for name in settings.PUSH_HOSTS if name)
    return known and (parts.scheme == "https" or host == "127.0.0.1")


@lru_cache(maxsize=4)
def _own_key(secret: str) -> ec.EllipticCurvePrivateKey:
    # 48 bytes modulo the order: the bias is below 2^-128 (FIPS 186-4, B.4.1).
    seed = HKDF(SHA256(), 48, salt=None, info=b"khue.messaging.vapid").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(seed) % _KEYS + 1, ec.SECP256R1())


def _send_one(client: httpx.Client, parcel: Parcel) -> Outcome:
    words = {"title": parcel.subject, "body": parcel.body[:LONGEST], "link": parcel.link, "tag": str(parcel.id)}
    text = json.dumps(words, ensure_ascii=False).encode()
    outcomes = [(browser, _to_browser(client, browser, text)) for browser in parcel.browsers]
    gone = [browser.id for browser, outcome in outcomes if outcome is None]
    found = [outcome for _, outcome in outcomes if outcome is not None]
    if any(isinstance(outcome, Taken) for outcome in found):
        return Taken(gone=gone)
    delayed = next((outcome for outcome in found if isinstance(outcome, Delayed)), None)
    refused = next((outcome.reason for outcome in found if isinstance(outcome, Refused)), "no browser listens any more")
    return delayed or Refused(refused, gone=gone)


def _to_browser(client: httpx.Client, browser: Browser, text: bytes) -> Outcome | None:
    """None where the browser is gone for good."""
    import httpx

    if not is_push_service(browser.endpoint):
        return None
    try:
        body = encrypted(text, browser.public_key, browser.shared_secret)
        answer = client.post(browser.endpoint, content=body, headers=_headers(browser.endpoint))
    except ValueError:
        return None  # its key is no point of the curve
    except httpx.HTTPError as error:
        return Delayed(f"{type(error).__name__}: {error}")
    return None if answer.status_code in GONE else gateway.trouble(answer) or Taken()


def _headers(endpoint: str) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + PROOF_LIFE,
        "sub": settings.PUSH_CONTACT,
    }
    key = ECKey.import_key(_own_key(settings.SECRET_KEY))
    proof = jwt.encode({"typ": "JWT", "alg": "ES256"}, claims, key)
    return {
        "Authorization": f"vapid t={proof}, k={public_key()}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEPT),
        "Urgency": "high",
    }
