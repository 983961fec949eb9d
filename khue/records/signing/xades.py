"""XAdES-B-LT as one fixed profile (ETSI EN 319 132-1): every signature is built here, and judged by building it again.

A person signs the part "noi-dung"; the seal signs the whole document but itself. Values are base64, numbers or words of
this file, so that they are put into the text of the XML as they are.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from lxml import etree

from khue.records.content import CONTENT_ID, NAMESPACE, OWN, canonical
from khue.records.signing.evidence import Evidence

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
XADES141 = "http://uri.etsi.org/01903/v1.4.1#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
SEAL = "seal"
#: Who signs as what: the role in the signature, and the Id of the element.
ROLES = {"homeroom": "ky-chu-nhiem", "head": "ky-hieu-truong", SEAL: "dau-nha-truong"}
DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
TIME = "%Y-%m-%dT%H:%M:%SZ"
_NAMES = f'xmlns:ds="{DS}" xmlns:xades="{XADES}" xmlns:xades141="{XADES141}"'


@dataclass(frozen=True, slots=True)
class Claim:
    """What a signature says: who, as what, when by its own clock, over what.

    digest  SHA-256 of what it covers
    """

    role: str
    certificate: bytes
    at: datetime
    digest: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A whole signature. value: RSA, or ECDSA as DER. token: the time stamp over it, DER."""

    claim: Claim
    value: bytes
    token: bytes
    evidence: Evidence = field(default_factory=Evidence)
    stamp_evidence: Evidence = field(default_factory=Evidence)


class HostileXml(ValueError):
    """XML that brings a document type or entities along."""


def parsed(data: bytes) -> etree._Element:
    """The root of XML from anywhere: no DTD, no entities, no network, no huge tree.

    Raises etree.XMLSyntaxError, HostileXml.
    """
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise HostileXml
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=False, remove_pis=False, strip_cdata=False,
    )  # fmt: skip
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise HostileXml
    return root


def message_of(claim: Claim) -> bytes:
    """The bytes that the key signs: the canonical SignedInfo."""
    return canonical(parsed(_signed_info(claim).encode()))


def element_of(signed: Signed) -> bytes:
    """The ds:Signature element, canonical."""
    claim = signed.claim
    value = base64.b64encode(_as_xml(signed.value, claim.certificate)).decode()
    text = (
        f'<ds:Signature {_NAMES} Id="{ROLES[claim.role]}">{_signed_info(claim)}'
        f"{_signature_value(value)}"
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{_b64(claim.certificate)}</ds:X509Certificate></ds:X509Data>"
        f'</ds:KeyInfo><ds:Object><xades:QualifyingProperties Target="#{ROLES[claim.role]}">'
        f"{_signed_properties(claim)}<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
        f'<xades:SignatureTimeStamp><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f"<xades:EncapsulatedTimeStamp>{_b64(signed.token)}</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>"
        f"{_values(signed.evidence)}"
        f"<xades141:TimeStampValidationData>{_values(signed.stamp_evidence)}</xades141:TimeStampValidationData>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties></ds:Object>"
        "</ds:Signature>"
    )
    return canonical(parsed(text.encode()))


def stamped_bytes(value: bytes, certificate: bytes) -> bytes:
    """What the time stamp is over: the canonical ds:SignatureValue."""
    text = _signature_value(base64.b64encode(_as_xml(value, certificate)).decode())
    return canonical(parsed(text.replace("<ds:SignatureValue", f'<ds:SignatureValue xmlns:ds="{DS}"', 1).encode()))


def document(content: bytes, signatures: list[bytes]) -> bytes:
    """The document with its content and signatures, in canonical form (C14N 1.0), as it is filed."""
    root = etree.Element(f"{{{NAMESPACE}}}HocBa", nsmap=OWN)
    root.append(parsed(content))
    place = etree.SubElement(root, f"{{{NAMESPACE}}}ChuKy")
    for one in signatures:
        place.append(parsed(one))
    return filed(root)


def filed(root: etree._Element) -> bytes:
    """A document as bytes: the only form in which it is accepted again."""
    return DECLARATION + bytes(etree.tostring(root, method="c14n", with_comments=True))


def sealed_digest(content: bytes, signatures: list[bytes]) -> bytes:
    """What the seal covers: the whole document without the seal."""
    return hashlib.sha256(canonical(parsed(document(content, signatures)))).digest()


def raw_to_der(value: bytes) -> bytes:
    """ECDSA as XML has it (r and s side by side, RFC 6931) to DER."""
    half = len(value) // 2
    return encode_dss_signature(int.from_bytes(value[:half]), int.from_bytes(value[half:]))


def _as_xml(value: bytes, certificate: bytes) -> bytes:
    key = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return value
    size = (key.curve.key_size + 7) // 8
    r, s = decode_dss_signature(value)
    return r.to_bytes(size) + s.to_bytes(size)


def _signature_value(value: str) -> str:
    return f"<ds:SignatureValue>{value}</ds:SignatureValue>"


def _signed_info(claim: Claim) -> str:
    name = ROLES[claim.role]
    key = x509.load_der_x509_certificate(claim.certificate).public_key()
    method = ECDSA_SHA256 if isinstance(key, ec.EllipticCurvePublicKey) else RSA_SHA256
    target, first = ("", f'<ds:Transform Algorithm="{ENVELOPED}"/>') if claim.role == SEAL else (f"#{CONTENT_ID}", "")
    exclusive = f'<ds:Transform Algorithm="{EXCLUSIVE}"/>'
    properties = hashlib.sha256(canonical(parsed(_signed_properties(claim, _NAMES).encode()))).digest()
    return (
        f'<ds:SignedInfo xmlns:ds="{DS}"><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{method}"/>'
        f'<ds:Reference Id="{name}-ref" URI="{target}"><ds:Transforms>{first}{exclusive}</ds:Transforms>'
        f"{_digest(claim.digest)}</ds:Reference>"
        f'<ds:Reference Type="{PROPERTIES}" URI="#{name}-props"><ds:Transforms>{exclusive}</ds:Transforms>'
        f"{_digest(properties)}</ds:Reference></ds:SignedInfo>"
    )


def _signed_properties(claim: Claim, names: str = "") -> str:
    name = ROLES[claim.role]
    return (
        f'<xades:SignedProperties {names} Id="{name}-props"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{claim.at.astimezone(UTC).strftime(TIME)}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f"{_digest(hashlib.sha256(claim.certificate).digest())}"
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
        f"<xades:SignerRoleV2><xades:ClaimedRoles><xades:ClaimedRole>{claim.role}</xades:ClaimedRole>"
        "</xades:ClaimedRoles></xades:SignerRoleV2></xades:SignedSignatureProperties>"
        f'<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#{name}-ref">'
        "<xades:MimeType>text/xml</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties>"
        "</xades:SignedProperties>"
    )


def _digest(value: bytes) -> str:
    return f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue>{_b64(value)}</ds:DigestValue>'


def _values(evidence: Evidence) -> str:
    certificates = _each("EncapsulatedX509Certificate", evidence.certificates)
    crls = _each("EncapsulatedCRLValue", evidence.crls)
    ocsps = _each("EncapsulatedOCSPValue", evidence.ocsps)
    return (
        f"<xades:CertificateValues>{certificates}</xades:CertificateValues><xades:RevocationValues>"
        + (f"<xades:CRLValues>{crls}</xades:CRLValues>" if crls else "")
        + (f"<xades:OCSPValues>{ocsps}</xades:OCSPValues>" if ocsps else "")
        + "</xades:RevocationValues>"
    )


def _each(name: str, values: tuple[bytes, ...]) -> str:
    return "".join(f"<xades:{name}>{_b64(one)}</xades:{name}>" for one in values)


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()
