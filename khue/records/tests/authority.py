"""A certification authority of the tests' own: root, issuing authority, OCSP, lists, and an RFC 3161 server."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle

from asn1crypto import cms, core, tsp
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.general import as_signing_certificate, simple_cms_attribute
from pyhanko.sign.timestamps import DummyTimeStamper

DER = Encoding.DER
PASSWORD = "mat-khau-cua-khoa"
DAY = timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _key(curve: bool = False):
    return ec.generate_private_key(ec.SECP256R1()) if curve else rsa.generate_private_key(65537, 2048)


@cache
def _keys_of_people() -> Iterator[rsa.RSAPrivateKey]:
    """Twelve keys for everybody of this process, in turn: no test has so many people, and to find a key takes long."""
    return cycle([_key() for _ in range(12)])


@dataclass
class Issued:
    """A certificate with its key."""

    key: object
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(DER)

    @property
    def pkcs8(self) -> bytes:
        return self.key.private_bytes(DER, PrivateFormat.PKCS8, NoEncryption())


class Stamps(DummyTimeStamper):
    """The library's stamper with its key read once: reading it takes longer than all that is measured with it."""

    def __init__(self, own: Issued, above: Issued) -> None:
        super().__init__(
            asn1_x509.Certificate.load(own.der), asn1_keys.PrivateKeyInfo.load(own.pkcs8),
            certs_to_embed=[asn1_x509.Certificate.load(above.der)],
        )  # fmt: skip
        self._own = own.key

    def _sign_tst_info(self, tst_info_data: bytes, md_algorithm: str, dt: datetime):
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        signed = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt)})),
                simple_cms_attribute("signing_certificate", as_signing_certificate(self.tsa_cert)),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        return self._own.sign(signed.dump(), padding.PKCS1v15(), hashes.SHA256()), signed


@dataclass
class Authority:
    """A root above an issuing authority that answers at `address`.

    revoked  serial numbers with the instant, for lists and answers from now on
    """

    address: str = ""
    uses_ocsp: bool = True
    revoked: dict[int, datetime] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = self._made("Gốc thử nghiệm", None, ca=True)
        self.issuing = self._made("CA thử nghiệm", self.root, ca=True)
        self.tsa = self._made("Dấu thời gian thử nghiệm", self.issuing, eku=ExtendedKeyUsageOID.TIME_STAMPING)
        self._stamps = Stamps(self.tsa, self.issuing)

    @property
    def anchors(self) -> tuple[bytes, ...]:
        return (self.root.der,)

    def person(self, name: str, *, curve: bool = False) -> Issued:
        return self._made(name, self.issuing, key=_key(curve) if curve else next(_keys_of_people()))

    def pkcs12(self, one: Issued) -> bytes:
        chain = [self.issuing.certificate, self.root.certificate]
        return pkcs12.serialize_key_and_certificates(
            b"khoa", one.key, one.certificate, chain, BestAvailableEncryption(PASSWORD.encode())
        )

    def revoke(self, one: Issued, at: datetime) -> None:
        self.revoked[one.certificate.serial_number] = at

    def _made(self, name, by, *, ca=False, eku=None, key=None) -> Issued:
        key, now = key or _key(), datetime.now(UTC)
        issuer = by or Issued(key, None)
        builder = (
            x509.CertificateBuilder().subject_name(_name(name))
            .issuer_name(by.certificate.subject if by else _name(name))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(now - 400 * DAY).not_valid_after(now + 800 * DAY)
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
            .add_extension(
                x509.KeyUsage(not ca, not ca and eku is None, False, False, False, ca, ca, False, False), critical=True
            )
        )  # fmt: skip
        if eku:
            builder = builder.add_extension(x509.ExtendedKeyUsage([eku]), critical=True)
        if by and self.address:
            which = "root" if ca else "issuing"
            uri = x509.UniformResourceIdentifier(f"{self.address}/{which}.crl")
            builder = builder.add_extension(
                x509.CRLDistributionPoints([x509.DistributionPoint([uri], None, None, None)]), critical=False
            )
            if self.uses_ocsp and not ca and eku is None:
                access = x509.AccessDescription(
                    AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{self.address}/ocsp")
                )
                builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        return Issued(key, builder.sign(issuer.key, hashes.SHA256()))

    def crl(self, which: str) -> bytes:
        by, now = (self.root if which == "root" else self.issuing), datetime.now(UTC)
        builder = (
            x509.CertificateRevocationListBuilder().issuer_name(by.certificate.subject)
            .last_update(now - timedelta(minutes=1)).next_update(now + DAY)
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False)
        )  # fmt: skip
        if which == "issuing":
            for serial, at in self.revoked.items():
                entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
                builder = builder.add_revoked_certificate(entry)
        return builder.sign(by.key, hashes.SHA256()).public_bytes(DER)

    def answer(self, question: bytes) -> bytes:
        asked, now = ocsp.load_der_ocsp_request(question), datetime.now(UTC)
        at = self.revoked.get(asked.serial_number)
        status = ocsp.OCSPCertStatus.REVOKED if at else ocsp.OCSPCertStatus.GOOD
        issuer = self.issuing.certificate
        built = (
            ocsp.OCSPResponseBuilder()
            .add_response_by_hash(
                issuer_name_hash=asked.issuer_name_hash, issuer_key_hash=asked.issuer_key_hash,
                serial_number=asked.serial_number, algorithm=asked.hash_algorithm, cert_status=status,
                this_update=now - timedelta(minutes=1), next_update=now + DAY, revocation_time=at,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer)
        )  # fmt: skip
        return built.sign(self.issuing.key, hashes.SHA256()).public_bytes(DER)

    def stamp(self, question: bytes) -> bytes:
        return self._stamps.request_tsa_response(tsp.TimeStampReq.load(question)).dump()


@contextmanager
def authority(*, uses_ocsp: bool = True) -> Iterator[Authority]:
    """An authority that answers on a port of this machine until the block ends."""
    served: list[Authority] = []

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one write: Nagle's algorithm would hold the second back

        def do_GET(self) -> None:
            served[0].asked.append(self.path)
            self._say(served[0].crl(self.path.strip("/").removesuffix(".crl")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            served[0].asked.append(self.path)
            if self.path == "/tsa":
                self._say(served[0].stamp(body), "application/timestamp-reply")
            else:
                self._say(served[0].answer(body), "application/ocsp-response")

        def _say(self, content: bytes, kind: str = "application/pkix-crl") -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    served.append(Authority(f"http://127.0.0.1:{server.server_port}", uses_ocsp))
    try:
        yield served[0]
    finally:
        server.shutdown()
        server.server_close()
