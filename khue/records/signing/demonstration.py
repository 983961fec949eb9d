"""An authority that a demonstration makes for itself, so that signing can be tried. docs/decisions/0301

It answers inside the process, under an address that is none: its lists of revoked certificates and its time stamps are
as real as everything else, and nobody outside trusts it. Every certificate says in its subject what it is.
"""

from datetime import UTC, datetime, timedelta

import httpx
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from khue.records.trial import NAME

#: No such host exists, and none can (RFC 2606).
HOST = "trinh-dien.invalid"
STAMPS = f"http://{HOST}/tsa"
LIST = f"http://{HOST}/root.crl"
DAY = timedelta(days=1)
BEFORE, AFTER = 400 * DAY, 3650 * DAY
_DER = Encoding.DER
_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class DemonstrationAuthority:
    """Root and time stamps. `written` gives what `read` makes the same one of."""

    def __init__(self, key: rsa.RSAPrivateKey, root: x509.Certificate) -> None:
        self._key, self._root = key, root
        self._stamper: DummyTimeStamper | None = None

    @classmethod
    def made(cls, at: datetime) -> "DemonstrationAuthority":
        """A new one, that nobody has seen before."""
        key = rsa.generate_private_key(65537, 2048)
        return cls(key, _certificate(NAME, key, key, None, at, is_root=True))

    @classmethod
    def read(cls, content: bytes) -> "DemonstrationAuthority":
        key, root, _others = pkcs12.load_key_and_certificates(content, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        assert root is not None
        return cls(key, root)

    def written(self) -> bytes:
        """PKCS#12 without a password: to be sealed where it is kept."""
        return pkcs12.serialize_key_and_certificates(None, self._key, self._root, None, NoEncryption())

    @property
    def root(self) -> bytes:
        return self._root.public_bytes(_DER)

    def key_file(self, name: str, password: str, at: datetime) -> bytes:
        """A new key in a PKCS#12 file. Its certificate names the holder, and says that it is a demonstration's."""
        key = ec.generate_private_key(ec.SECP256R1())
        own = _certificate(f"{name} (Trình diễn)", key, self._key, self._root, at)
        closing = BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(name.encode(), key, own, [self._root], closing)

    def revocations(self) -> bytes:
        """The list of revoked certificates: nobody is on it."""
        now = datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder().issuer_name(self._root.subject)
            .last_update(now - timedelta(minutes=1)).next_update(now + DAY)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False)
        )  # fmt: skip
        return builder.sign(self._key, hashes.SHA256()).public_bytes(_DER)

    def stamp(self, question: bytes) -> bytes:
        """The answer of RFC 3161 to a question."""
        if self._stamper is None:
            self._stamper = self._stamping()
        return bytes(self._stamper.request_tsa_response(tsp.TimeStampReq.load(question)).dump())

    def _stamping(self) -> DummyTimeStamper:
        key = rsa.generate_private_key(65537, 2048)
        usage = ExtendedKeyUsageOID.TIME_STAMPING
        own = _certificate("Dấu thời gian (Trình diễn)", key, self._key, self._root, datetime.now(UTC), usage=usage)
        private = asn1_keys.PrivateKeyInfo.load(key.private_bytes(_DER, PrivateFormat.PKCS8, NoEncryption()))
        above = SimpleCertificateStore.from_certs([asn1_x509.Certificate.load(self.root)])
        return DummyTimeStamper(asn1_x509.Certificate.load(own.public_bytes(_DER)), private, certs_to_embed=above)


class DemonstrationLine(httpx.BaseTransport):
    """The line to such an authority: it ends in this process."""

    def __init__(self, authority: DemonstrationAuthority) -> None:
        self._authority = authority

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/tsa":
            return httpx.Response(200, content=self._authority.stamp(request.read()))
        return httpx.Response(200, content=self._authority.revocations())


def lines_to(authority: DemonstrationAuthority) -> dict[str, httpx.BaseTransport]:
    """For a client of httpx: whatever goes to the authority's host stays here."""
    return {f"all://{HOST}": DemonstrationLine(authority)}


def _certificate(
    name: str, key: _Key, by: rsa.RSAPrivateKey, above: x509.Certificate | None, at: datetime, *,
    is_root: bool = False, usage: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:  # fmt: skip
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signs = not is_root
    builder = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(above.subject if above else subject)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(at - BEFORE).not_valid_after(at + AFTER)
        .add_extension(x509.BasicConstraints(is_root, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(signs, signs and usage is None, False, False, False, is_root, is_root, False, False),
            critical=True,
        )
    )  # fmt: skip
    if usage is not None:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    if not is_root:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(LIST)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(by, hashes.SHA256())
