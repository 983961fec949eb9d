"""This node's keys, derived from its secret, and the public keys of others. docs/decisions/0200

Two pairs: Ed25519 signs, X25519 opens what was encrypted for us (files on a stick). A new generation gives new ones.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"  # RFC 9864
CURVES = {"sig": "Ed25519", "enc": "X25519"}
#: A node names a handful of keys; more is a mistake or an attack.
MOST_KEYS = 8


class UnusableKeys(Exception):
    """What should be public keys of a node is not."""


def signing_key(generation: int) -> OKPKey:
    """The key this node signs with."""
    return _derived("sig", generation, settings.SECRET_KEY)


def opening_key(generation: int) -> OKPKey:
    """The key that opens what was encrypted for this node."""
    return _derived("enc", generation, settings.SECRET_KEY)


def public_keys(generation: int) -> list[dict[str, str]]:
    """Both public keys as others keep them."""
    return [_public(signing_key(generation), "sig"), _public(opening_key(generation), "enc")]


def usable(keys: object) -> list[dict[str, str]]:
    """Public keys of another node, checked. Raises UnusableKeys unless one is for signing."""
    if not isinstance(keys, list) or not 1 <= len(keys) <= MOST_KEYS:
        raise UnusableKeys
    made = [_checked(key) for key in keys]
    if not any(key["use"] == "sig" for key in made):
        raise UnusableKeys
    return made


def verifying(keys: Sequence[Mapping[str, str]]) -> KeySet:
    """The keys a peer may have signed with."""
    return KeySet([OKPKey.import_key(dict(key)) for key in keys if key["use"] == "sig"])


def sealing(keys: Sequence[Mapping[str, str]]) -> OKPKey | None:
    """The key to encrypt for a peer with; None where it has named none."""
    found = next((key for key in keys if key["use"] == "enc"), None)
    return OKPKey.import_key(dict(found)) if found else None


def _checked(key: object) -> dict[str, str]:
    if not isinstance(key, dict) or key.get("use") not in CURVES or "d" in key:
        raise UnusableKeys
    bare = {name: key.get(name) for name in ("kty", "crv", "x", "use")}
    if bare["kty"] != "OKP" or bare["crv"] != CURVES[key["use"]] or not isinstance(bare["x"], str):
        raise UnusableKeys
    try:
        made = OKPKey.import_key({name: str(value) for name, value in bare.items()})
        made.public_key  # noqa: B018  building it is what tells whether it is a point of the curve
        return _public(made, key["use"])
    except (JoseError, ValueError, TypeError) as error:
        raise UnusableKeys from error


def _public(key: OKPKey, use: str) -> dict[str, str]:
    plain = key.as_dict(private=False)
    return {"kty": "OKP", "crv": CURVES[use], "x": str(plain["x"]), "use": use, "kid": key.thumbprint()}


@lru_cache(maxsize=8)
def _derived(use: str, generation: int, secret: str) -> OKPKey:
    info = f"khue.exchange.{use}.{generation}".encode()
    seed = HKDF(SHA256(), 32, salt=None, info=info).derive(secret.encode())
    made = Ed25519PrivateKey.from_private_bytes(seed) if use == "sig" else X25519PrivateKey.from_private_bytes(seed)
    return OKPKey.import_key(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
