"""The judge: what a file that says it is a transcript is worth. Builds every signature again and compares."""

import asyncio
import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from lxml import etree

from khue.records import content as contents
from khue.records.content import NAMES, Content, Document, Manifest, canonical
from khue.records.results import Result
from khue.records.signing import xades
from khue.records.signing.certified import BROKEN, Trust, Word
from khue.records.signing.evidence import Evidence
from khue.records.signing.keys import holds
from khue.records.signing.verdicts import Verdict, gravest
from khue.records.signing.xades import DS, ROLES, SEAL, XADES, XADES141, Claim, Signed

MOST_BYTES = 8 * 1024 * 1024
_N = {"ds": DS, "xades": XADES, "xades141": XADES141}


@dataclass(frozen=True, slots=True)
class Judged:
    """One signature."""

    role: str
    signer: str
    issuer: str
    serial: str
    stamped_at: datetime | None
    verdict: Verdict
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A whole file.

    digest   of the content; content, manifest: only where its bytes are what was sealed
    pages    of a PDF, and how many it had when it was sealed
    parts    what a PDF or a package carries, by name
    result   of a procedure, where the PDF is the document of one
    """

    verdict: Verdict
    signatures: tuple[Judged, ...] = ()
    digest: str = ""
    content: Content | None = None
    manifest: Manifest | None = None
    pages: int | None = None
    pages_sealed: int | None = None
    parts: tuple[tuple[str, "Judgement"], ...] = field(default_factory=tuple)
    result: Result | None = None


class NotOurs(Exception):
    """No document of this form."""


def judge_xml(
    data: bytes, trust: Trust, needed: Sequence[str] = tuple(ROLES), kind: type[Document] = Content
) -> Judgement:
    """What a transcript as XML, or the manifest of a package, is worth.

    needed  the roles without whose signatures it is incomplete
    """
    try:
        found, parts = _opened(data, NAMES[kind])
    except NotOurs:
        return Judgement(Verdict.NOT_OURS)
    alone = canonical(xades.parsed(canonical(found)))
    judged, before = [], list[bytes]()
    for element in parts:
        judged.append(_judged(element, alone, before, trust))
        before.append(canonical(element))
    roles = [one.role for one in judged]
    verdicts = [one.verdict for one in judged]
    # Built again from its parts the document must be the very same bytes: nothing stands between or beside them.
    if xades.document(alone, before) != data or len(set(roles)) < len(roles) or SEAL in roles[:-1]:
        verdicts.append(Verdict.CHANGED)
    if not set(needed) <= set(roles):
        verdicts.append(Verdict.INCOMPLETE)
    verdict = gravest(verdicts)
    said = None if verdict is Verdict.CHANGED else _read(found, kind)
    if said is None:
        verdict = Verdict.CHANGED
    return Judgement(
        verdict, tuple(judged), hashlib.sha256(alone).hexdigest(),
        said if isinstance(said, Content) else None, said if isinstance(said, Manifest) else None,
    )  # fmt: skip


def _opened(data: bytes, name: str) -> tuple[etree._Element, list[etree._Element]]:
    if len(data) > MOST_BYTES:
        raise NotOurs
    try:
        root = xades.parsed(data)
        canonical(root)  # a name of a namespace that is no address has no canonical form
    except (etree.LxmlError, ValueError):
        raise NotOurs from None
    inside = list(root)
    names = [contents.tag(name), contents.tag("ChuKy")]
    if root.tag != contents.tag("HocBa") or [one.tag for one in inside] != names:
        raise NotOurs
    return inside[0], list(inside[1])


def _read(found: etree._Element, kind: type[Document]) -> Document | None:
    try:
        return contents.read(found, kind)
    except (contents.Unreadable, TypeError):
        return None


def _judged(element: etree._Element, content: bytes, before: list[bytes], trust: Trust) -> Judged:
    try:
        signed = _taken_apart(element, content, before)
        own = x509.load_der_x509_certificate(signed.claim.certificate)
        names = name_of(own), own.issuer.rfc4514_string(), f"{own.serial_number:x}"
    except BROKEN:  # NotOurs among them
        return Judged("", "", "", "", None, Verdict.CHANGED)
    word = _word(signed, element, trust)
    return Judged(signed.claim.role, *names, word.stamped_at, word.verdict, word.revoked_at)


def _word(signed: Signed, element: etree._Element, trust: Trust) -> Word:
    if xades.element_of(signed) != canonical(element) or not holds(
        signed.claim.certificate, xades.message_of(signed.claim), signed.value
    ):
        return Word(Verdict.CHANGED)
    stamped = xades.stamped_bytes(signed.value, signed.claim.certificate)
    return asyncio.run(
        trust.word_on(signed.claim.certificate, signed.token, stamped, signed.evidence, signed.stamp_evidence)
    )


def _taken_apart(element: etree._Element, content: bytes, before: list[bytes]) -> Signed:
    """The parts of a signature as `xades.element_of` would put them together again."""
    role = next((role for role, name in ROLES.items() if name == element.get("Id")), None)
    if element.tag != f"{{{DS}}}Signature" or role is None:
        raise NotOurs
    own = _one(element, "ds:KeyInfo/ds:X509Data/ds:X509Certificate")
    above = "ds:Object/xades:QualifyingProperties/"
    at = element.findtext(above + "xades:SignedProperties/xades:SignedSignatureProperties/xades:SigningTime", "", _N)
    below = above + "xades:UnsignedProperties/xades:UnsignedSignatureProperties/"
    digest = xades.sealed_digest(content, before) if role == SEAL else hashlib.sha256(content).digest()
    value = _one(element, "ds:SignatureValue")
    if isinstance(x509.load_der_x509_certificate(own).public_key(), ec.EllipticCurvePublicKey):
        value = xades.raw_to_der(value)
    return Signed(
        Claim(role, own, datetime.strptime(at, xades.TIME).replace(tzinfo=UTC), digest),
        value,
        _one(element, below + "xades:SignatureTimeStamp/xades:EncapsulatedTimeStamp"),
        _evidence(element, below),
        _evidence(element, below + "xades141:TimeStampValidationData/"),
    )


def _evidence(element: etree._Element, path: str) -> Evidence:
    return Evidence(
        _all(element, path + "xades:CertificateValues/xades:EncapsulatedX509Certificate"),
        _all(element, path + "xades:RevocationValues/xades:CRLValues/xades:EncapsulatedCRLValue"),
        _all(element, path + "xades:RevocationValues/xades:OCSPValues/xades:EncapsulatedOCSPValue"),
    )


def _one(element: etree._Element, path: str) -> bytes:
    found = _all(element, path)
    if len(found) != 1:
        raise NotOurs
    return found[0]


def _all(element: etree._Element, path: str) -> tuple[bytes, ...]:
    return tuple(base64.b64decode(one.text or "", validate=True) for one in element.findall(path, _N))


def named_in(certificate: bytes) -> str:
    """Whom a certificate in DER names."""
    return name_of(x509.load_der_x509_certificate(certificate))


def name_of(certificate: x509.Certificate) -> str:
    """Whom a certificate names."""
    found = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else certificate.subject.rfc4514_string()
