"""Where private keys are. One interface, three kinds: a PKCS#12 file, a token behind PKCS#11, signing at a distance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12


class SigningTrouble(Exception):
    """Signing did not work, for a reason a person can do something about."""


class WrongSecret(SigningTrouble):
    """The PIN or password is not the key's."""


class KeyMissing(SigningTrouble):
    """No such key where it should be: another token, another file, another service."""


class ProviderFailed(SigningTrouble):
    """The token, service or authority did not answer as it should. Trying later may help."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """The signer's certificate and those above it, DER, the root last."""

    own: bytes
    chain: tuple[bytes, ...] = ()

    @property
    def is_ec(self) -> bool:
        return isinstance(x509.load_der_x509_certificate(self.own).public_key(), ec.EllipticCurvePublicKey)


class Signer(Protocol):
    """A key that signs with SHA-256: RSA PKCS#1 v1.5, or ECDSA whose signature is DER. Close it after use."""

    @property
    def certificate(self) -> Certificate: ...

    def sign(self, messages: Sequence[bytes]) -> list[bytes]:
        """One signature a message, in their order. Raises SigningTrouble."""
        ...

    def close(self) -> None: ...


class Pkcs12Signer:
    """A key in a file, opened with its password for as long as the signer lives."""

    def __init__(self, file: bytes, password: str) -> None:
        try:
            key, own, others = pkcs12.load_key_and_certificates(file, password.encode())
        except ValueError as error:
            raise WrongSecret from error
        if own is None or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise KeyMissing
        self._key = key
        self._certificate = Certificate(own.public_bytes(Encoding.DER), in_order(own, others))

    @property
    def certificate(self) -> Certificate:
        return self._certificate

    def sign(self, messages: Sequence[bytes]) -> list[bytes]:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return [self._key.sign(message, padding.PKCS1v15(), hashes.SHA256()) for message in messages]
        return [self._key.sign(message, ec.ECDSA(hashes.SHA256())) for message in messages]

    def close(self) -> None:
        del self._key


class Pkcs11Signer:
    """A key that never leaves its token. The session stays open from the first PIN to close()."""

    def __init__(self, module: str, token: str, key: str, pin: str, certificate: Certificate) -> None:
        import pkcs11
        from pkcs11 import exceptions

        self._certificate = certificate
        try:
            found = pkcs11.lib(module).get_token(token_label=token)
            self._session: Any = found.open(user_pin=pin)
            self._key = self._found(key)
        except (exceptions.PinIncorrect, exceptions.PinLenRange, exceptions.PinInvalid, exceptions.PinLocked) as error:
            raise WrongSecret from error
        except (exceptions.NoSuchToken, exceptions.NoSuchKey, exceptions.MultipleObjectsReturned) as error:
            raise KeyMissing from error
        except (exceptions.PKCS11Error, RuntimeError) as error:
            raise ProviderFailed from error
        self._is_ec = certificate.is_ec

    def _found(self, key: str) -> Any:
        from pkcs11 import ObjectClass, exceptions

        try:
            return self._session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=key)
        except exceptions.PKCS11Error:
            self._session.close()  # the token is logged in for the whole process until then
            raise

    @property
    def certificate(self) -> Certificate:
        return self._certificate

    def sign(self, messages: Sequence[bytes]) -> list[bytes]:
        return [self._signed(message) for message in messages]

    def _signed(self, message: bytes) -> bytes:
        import hashlib

        from pkcs11 import Mechanism
        from pkcs11.exceptions import PKCS11Error
        from pkcs11.util.ec import encode_ecdsa_signature

        try:
            if not self._is_ec:
                return bytes(self._key.sign(message, mechanism=Mechanism.SHA256_RSA_PKCS))
            raw = self._key.sign(hashlib.sha256(message).digest(), mechanism=Mechanism.ECDSA)
            return bytes(encode_ecdsa_signature(raw))
        except PKCS11Error as error:
            raise ProviderFailed from error

    def close(self) -> None:
        self._session.close()


def in_order(own: x509.Certificate, others: Sequence[x509.Certificate]) -> tuple[bytes, ...]:
    """The certificates above one, each issuer after what it issued; those that issue none of them are left out."""
    above: list[x509.Certificate] = []
    current = own
    while current.issuer != current.subject:
        issuer = next((one for one in others if one.subject == current.issuer and one not in above), None)
        if issuer is None:
            break
        above.append(issuer)
        current = issuer
    return tuple(one.public_bytes(Encoding.DER) for one in above)


def path_to(certificate: Certificate, anchors: Sequence[bytes]) -> tuple[bytes, ...]:
    """The certificates above one, up to a trusted root. Raises ProviderFailed where no trusted root stands above."""
    roots = [x509.load_der_x509_certificate(one) for one in anchors]
    others = [x509.load_der_x509_certificate(one) for one in certificate.chain] + roots
    path = [x509.load_der_x509_certificate(certificate.own)]
    while path[-1] not in roots:
        issuer = next((one for one in others if one not in path and issued(one, path[-1])), None)
        if issuer is None:
            raise ProviderFailed(f"no trusted root above {path[-1].issuer.rfc4514_string()}")
        path.append(issuer)
    return tuple(one.public_bytes(Encoding.DER) for one in path[1:])


def issued(issuer: x509.Certificate, subject: x509.Certificate) -> bool:
    """Whether one certificate was signed by the key of another."""
    try:
        subject.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def holds(certificate: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature over the message is that of the certificate's key."""
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True
