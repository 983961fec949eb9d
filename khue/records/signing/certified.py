"""Whom this node trusts, and what that says of one signature at the instant of its time stamp."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator import errors as path_errors

from khue.records.signing.evidence import Evidence
from khue.records.signing.tokens import is_bare
from khue.records.signing.verdicts import Verdict

_DER = Encoding.DER
#: What libraries raise at a stranger's bytes is no fixed list: one bit elsewhere, and it is another error.
BROKEN = Exception


@dataclass(frozen=True, slots=True)
class Word:
    """What is to be said of one signature."""

    verdict: Verdict
    stamped_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots, DER, and the newest lists of revoked certificates that this node has, DER."""

    anchors: tuple[bytes, ...]
    lists: tuple[bytes, ...] = field(default_factory=tuple)

    async def word_on(
        self, own: bytes, token: bytes, stamped: bytes, evidence: Evidence, stamp_evidence: Evidence
    ) -> Word:
        """Judge a certificate at the instant of the time stamp over its signature."""
        try:
            signed = cms.ContentInfo.load(token, strict=True)["content"]
            at: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
            at = at.astimezone(UTC)
            stamp = await self._stamp(signed, token, stamped, at, stamp_evidence)
            if stamp is not Verdict.VALID:
                return Word(stamp)
            return await self.signer_at(own, at, evidence)
        except BROKEN:
            return Word(Verdict.CHANGED)

    async def _stamp(
        self, signed: cms.SignedData, token: bytes, stamped: bytes, at: datetime, evidence: Evidence
    ) -> Verdict:
        def imprint(algorithm: str) -> bytes:
            return hashlib.new(algorithm, stamped).digest()

        if cms.ContentInfo.load(token).dump(force=True) != token or not is_bare(signed):
            return Verdict.CHANGED
        context = self.context(at, evidence)
        status = TimestampSignatureStatus(**await validate_tst_signed_data(signed, context, imprint))
        if not (status.intact and status.valid):
            return Verdict.CHANGED
        path = status.validation_path
        if path is None or not status.trusted:
            return Verdict.REVOKED_BEFORE if status.revocation_details else _why(status)
        above = [x509.load_der_x509_certificate(one.dump()) for one in path.iter_certs(include_root=True)]
        carried = [one.chosen.dump() for one in signed["certificates"]]
        return Verdict.VALID if self._belong(evidence, above, carried) else Verdict.CHANGED

    async def signer_at(self, own: bytes, at: datetime, evidence: Evidence, *, strict: bool = True) -> Word:
        """Judge a certificate at an instant that a time stamp proves. strict: nothing came along that nobody needs."""
        validator = CertificateValidator(asn1_x509.Certificate.load(own), validation_context=self.context(at, evidence))
        try:
            path = await validator.async_validate_usage(set())
        except path_errors.RevokedError as error:
            return Word(Verdict.REVOKED_BEFORE, at, error.revocation_dt)
        except path_errors.InsufficientRevinfoError:
            return Word(Verdict.INCOMPLETE, at)
        except (path_errors.PathError, path_errors.ValidationError):
            return Word(Verdict.UNTRUSTED, at)
        above = [x509.load_der_x509_certificate(one.dump()) for one in path.iter_certs(include_root=True)]
        if (strict and not self._belong(evidence, above, ())) or not _may_sign(above[-1]):
            return Word(Verdict.CHANGED, at)
        revoked = min(self._revocations(above, evidence), default=None)
        if revoked is None:
            return Word(Verdict.VALID, at)
        return Word(Verdict.REVOKED_BEFORE if revoked <= at else Verdict.REVOKED_LATER, at, revoked)

    def context(self, at: datetime, evidence: Evidence) -> ValidationContext:
        """What a path is built from at an instant."""
        return ValidationContext(
            trust_roots=[asn1_x509.Certificate.load(one) for one in self.anchors],
            other_certs=[asn1_x509.Certificate.load(one) for one in evidence.certificates],
            crls=evidence.crls, ocsps=evidence.ocsps, moment=at, allow_fetching=False, revocation_mode="hard-fail",
            retroactive_revinfo=True,
        )  # fmt: skip

    def _belong(self, evidence: Evidence, path: Sequence[x509.Certificate], carried: Iterable[bytes]) -> bool:
        """Whether everything that came along is about this path: what nobody needs could be changed unseen."""
        known = {one.public_bytes(_DER) for one in path} | set(self.anchors)
        if not {*evidence.certificates, *carried} <= known:
            return False
        lists = all(any(_signed_list(one, by) for by in path) for one in evidence.crls)
        return lists and all(any(_signed_answer(one, by) for by in path) for one in evidence.ocsps)

    def _revocations(self, path: Sequence[x509.Certificate], evidence: Evidence) -> list[datetime]:
        """When any certificate of the path was revoked, or its key no longer believed. path: the root first."""
        found: list[datetime] = []
        for issuer, subject in pairwise(path):
            for one in (*evidence.crls, *self.lists):
                if _signed_list(one, issuer):
                    entry = x509.load_der_x509_crl(one).get_revoked_certificate_by_serial_number(subject.serial_number)
                    found += [_since(entry)] if entry else []
            for one in evidence.ocsps:
                answer = ocsp.load_der_ocsp_response(one)
                if answer.serial_number == subject.serial_number and answer.revocation_time_utc:
                    found.append(answer.revocation_time_utc)
        return found


def is_list_of(content: bytes, issuer: bytes) -> bool:
    """Whether a list of revoked certificates was signed by this authority."""
    return _signed_list(content, x509.load_der_x509_certificate(issuer))


def _why(status: TimestampSignatureStatus) -> Verdict:
    problem = str(status.trust_problem_indic or "")
    return Verdict.INCOMPLETE if "TRY_LATER" in problem or "REVINFO" in problem.upper() else Verdict.UNTRUSTED


def _since(entry: x509.RevokedCertificate) -> datetime:
    """From when on the key is not believed: a compromise may lie before the day it was told."""
    try:
        invalid = entry.extensions.get_extension_for_class(x509.InvalidityDate).value.invalidity_date_utc
    except x509.ExtensionNotFound:
        return entry.revocation_date_utc
    return min(invalid, entry.revocation_date_utc)


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _signed_list(content: bytes, by: x509.Certificate) -> bool:
    try:
        found = x509.load_der_x509_crl(content)
        key = by.public_key()
        assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
        return found.issuer == by.subject and found.is_signature_valid(key)
    except (ValueError, TypeError, AssertionError, UnsupportedAlgorithm):
        return False


def _signed_answer(content: bytes, issuer: x509.Certificate) -> bool:
    """Whether an OCSP answer was signed by this authority, or by whom it has charged with answering."""
    try:
        answer = ocsp.load_der_ocsp_response(content)
        signers = [issuer]
        for one in answer.certificates:
            one.verify_directly_issued_by(issuer)
            signers.append(one)
        return any(_signed_by(answer, one) for one in signers)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False


def _signed_by(answer: ocsp.OCSPResponse, by: x509.Certificate) -> bool:
    key, algorithm = by.public_key(), answer.signature_hash_algorithm
    if algorithm is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True
