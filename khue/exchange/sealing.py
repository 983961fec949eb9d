"""Bytes that only the holder of one key opens: JWE (RFC 7516) with ECDH-ES and A256GCM. For letters and for sticks."""

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey


class NotForUs(Exception):
    """Sealed for another key, changed on its way, or no such thing at all. The text is for the log."""


class _Large(jwe.JWERegistry):
    """Of itself the library opens nothing beyond 64 kB; whoever calls has looked how long it is."""

    max_ciphertext_length = 700 * 1024 * 1024


_REGISTRY = _Large(algorithms=["ECDH-ES", "A256GCM"])


def sealed(plain: bytes, key: OKPKey) -> bytes:
    """The bytes as a compact JWE for the holder of the key."""
    return jwe.encrypt_compact({"alg": "ECDH-ES", "enc": "A256GCM"}, plain, key, registry=_REGISTRY).encode()


def unsealed(data: bytes, key: OKPKey) -> bytes:
    """What was sealed. Raises NotForUs."""
    try:
        return jwe.decrypt_compact(data, key, registry=_REGISTRY).plaintext or b""
    except (JoseError, ValueError, TypeError) as error:
        raise NotForUs(str(error)) from error
