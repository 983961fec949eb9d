"""The rendering: PDF/A-3 that carries the XML, sealed by pyHanko with PAdES-B-LT, and a stamp over it all (B-LTA).

The last stamp is what lets a changed byte be seen also in what was added after the seal.
"""

import asyncio
import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Lock

from asn1crypto import algos
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from khue.records.signing.keys import ProviderFailed
from khue.records.signing.keys import Signer as Key
from khue.records.signing.session import Session
from khue.records.signing.stamps import AT_ONCE

#: It warns at every document that nothing may be fetched, which is what we want.
logging.getLogger("pyhanko.sign.signers.pdf_signer").setLevel(logging.ERROR)

#: What authorities say stands before the last stamp, so that the stamp is over it and nothing comes after.
_BEFORE = DSSContentSettings(next_ts_settings=TimestampDSSContentSettings(update_before_ts=True, include_vri=False))
FIELD = "DauNhaTruong"
#: pyHanko asks how long a signature will be before it asks for one.
MOST_KEY_BYTES = 512
_PLACE = re.compile(rb"/Contents <([0-9a-fA-F]+)>")
#: A token does one thing at a time.
_ONE_AT_A_TIME = Lock()


class _KeySigner(signers.Signer):
    """Our one interface of keys as pyHanko's."""

    def __init__(self, key: Key) -> None:
        store = SimpleCertificateStore()
        store.register_multiple(asn1_x509.Certificate.load(one) for one in key.certificate.chain)
        mechanism = "sha256_ecdsa" if key.certificate.is_ec else "sha256_rsa"
        super().__init__(
            signing_cert=asn1_x509.Certificate.load(key.certificate.own), cert_registry=store,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": mechanism}),
        )  # fmt: skip
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        del digest_algorithm  # always SHA-256, as the mechanism above says
        if dry_run:
            return bytes(MOST_KEY_BYTES)
        with _ONE_AT_A_TIME:
            return self._key.sign([data])[0]


def seal_all(pdfs: Sequence[bytes], session: Session, reasons: Sequence[str]) -> list[bytes]:
    """Each PDF sealed, in their order; while one waits for its time stamp, another is built. Raises SigningTrouble."""

    def one(each: tuple[bytes, str]) -> bytes:
        return seal(each[0], session, reason=each[1])

    session.evidence()  # asked for once, before anybody waits for it
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, zip(pdfs, reasons, strict=True)))


def seal(pdf: bytes, session: Session, *, reason: str) -> bytes:
    """The PDF with the school's seal, a time stamp and what authorities say of both. Raises SigningTrouble."""
    own, stamp = session.evidence()
    both = own + stamp
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(one) for one in session.anchors],
        other_certs=[asn1_x509.Certificate.load(one) for one in both.certificates],
        crls=both.crls, ocsps=both.ocsps, allow_fetching=False, revocation_mode="hard-fail",
    )  # fmt: skip
    described = signers.PdfSignatureMetadata(
        field_name=FIELD, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256", reason=reason,
        embed_validation_info=True, validation_context=context, use_pades_lta=True, dss_settings=_BEFORE,
    )  # fmt: skip
    signer = signers.PdfSigner(described, signer=_KeySigner(session.signer), timestamper=session.stamper)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    try:
        # How much place a seal takes is found out by building one; the next is the same key's and as large.
        sealed = asyncio.run(signer.async_sign_pdf(writer, in_place=False, bytes_reserved=session.place or None))
    except (SigningError, OSError, ValueError) as error:
        raise ProviderFailed(f"PAdES: {error}") from error
    made = bytes(sealed.getvalue())
    if not session.place and (place := _PLACE.search(made, len(pdf))):
        session.place = len(place[1])
    return made
