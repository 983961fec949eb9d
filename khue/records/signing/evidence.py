"""What authorities say today about the certificates of a signature: fetched when signing, kept inside it (B-LT)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from khue.foundation import calls
from khue.records.signing.keys import Certificate, ProviderFailed, path_to

SECONDS = 20
MOST_BYTES = 20 * 1024 * 1024
#: A batch goes on with the same answers no longer than this.
FRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Answers of authorities, DER, and the certificates they are about, the signer's own left out."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(
            tuple(dict.fromkeys(self.certificates + other.certificates)),
            tuple(dict.fromkeys(self.crls + other.crls)),
            tuple(dict.fromkeys(self.ocsps + other.ocsps)),
        )


class Authorities:
    """Asks each authority once and remembers its answer for an hour.

    Only addresses inside certificates below a trusted root are called: whoever signs does not choose where we knock.
    """

    def __init__(self, anchors: Sequence[bytes], lines: Mapping[str, httpx.BaseTransport] | None = None) -> None:
        self._anchors = tuple(anchors)
        self._client = calls.client(timeout=SECONDS, mounts=lines)
        self._known: dict[str, tuple[datetime, bytes]] = {}

    def about(self, own: bytes, chain: Sequence[bytes]) -> Evidence:
        """What is said of a certificate and of everything above it. Raises ProviderFailed."""
        above = path_to(Certificate(own, tuple(chain)), self._anchors)
        path = [x509.load_der_x509_certificate(one) for one in (own, *above)]
        crls: list[bytes] = []
        answers: list[bytes] = []
        for subject, issuer in pairwise(path):
            address = _ocsp_address(subject)
            if address:
                answers.append(self._ocsp(subject, issuer, address))
            elif lists := crl_addresses(subject):
                crls.append(self._fetched(lists[0], lists[0]))
        return Evidence(above, tuple(crls), tuple(answers))

    def close(self) -> None:
        self._client.close()

    def _ocsp(self, subject: x509.Certificate, issuer: x509.Certificate, address: str) -> bytes:
        asked = ocsp.OCSPRequestBuilder().add_certificate(subject, issuer, hashes.SHA1()).build()  # noqa: S303 RFC 5019
        key = f"{address} {subject.serial_number}"
        return self._fetched(key, address, asked.public_bytes(Encoding.DER))

    def _fetched(self, key: str, address: str, asked: bytes | None = None) -> bytes:
        now = datetime.now(UTC)
        if key in self._known and now - self._known[key][0] < FRESH:
            return self._known[key][1]
        content = fetched(self._client, address, asked)
        self._known[key] = (now, content)
        return content


def fetched(client: httpx.Client, address: str, asked: bytes | None = None) -> bytes:
    """A list, or with `asked` the answer to a question. Raises ProviderFailed."""
    if urlsplit(address).scheme not in ("http", "https"):
        raise ProviderFailed(f"{address[:80]} is no web address")
    method, headers = ("POST", {"Content-Type": "application/ocsp-request"}) if asked else ("GET", {})
    content = b""
    try:
        with client.stream(method, address, content=asked, headers=headers) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ProviderFailed(f"{address[:80]} answers {answer.status_code}")
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > MOST_BYTES:
                    raise ProviderFailed(f"{address[:80]} sends too much")
    except httpx.HTTPError as error:
        raise ProviderFailed(f"{address[:80]}: {error}") from error
    return content


def crl_addresses(certificate: x509.Certificate) -> list[str]:
    """Where the list of revoked certificates is that would name this one."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    names = [name.value for point in points for name in point.full_name or ()]
    return [str(name) for name in names if str(name).startswith("http")]


def addresses_of(certificate: bytes) -> list[str]:
    """As crl_addresses, of a DER certificate."""
    return crl_addresses(x509.load_der_x509_certificate(certificate))


def _ocsp_address(certificate: x509.Certificate) -> str:
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return ""
    found = [one for one in access if one.access_method == AuthorityInformationAccessOID.OCSP]
    return str(found[0].access_location.value) if found else ""
