"""What the sealed result of a procedure is worth, once its seal was judged: its facts, and who sealed it."""

from datetime import datetime

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from khue.records import results
from khue.records.signing.judge import Judged, Judgement, name_of
from khue.records.signing.verdicts import Verdict
from khue.records.signing.xades import SEAL


def judge_result(
    seal: Verdict, reader: PdfFileReader, inside: bytes, at: datetime | None, pages: int, stated: int
) -> Judgement:
    """The judgement of a PDF that carries a result. Its facts are told only where its bytes are what was sealed.

    at  the instant of the stamp over the file
    """
    if seal in (Verdict.CHANGED, Verdict.MISSING_PAGE, Verdict.INCOMPLETE):
        return Judgement(seal, pages=pages, pages_sealed=stated or None)
    try:
        result = results.read(inside)
    except results.NotAResult:
        return Judgement(Verdict.CHANGED, pages=pages, pages_sealed=stated or None)
    own = x509.load_der_x509_certificate(bytes(reader.embedded_regular_signatures[0].signer_cert.dump()))
    judged = Judged(SEAL, name_of(own), own.issuer.rfc4514_string(), f"{own.serial_number:x}", at, seal)
    return Judgement(seal, (judged,), pages=pages, pages_sealed=stated or None, result=result)
