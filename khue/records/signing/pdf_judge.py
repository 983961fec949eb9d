"""What a transcript or a result as PDF is worth: the seal, the stamp over all of it, the pages, and what is inside."""

import asyncio
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from asn1crypto import parser
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel

from khue.records import results
from khue.records.signing.certified import BROKEN, Trust, Word
from khue.records.signing.evidence import Evidence
from khue.records.signing.judge import Judgement, judge_xml
from khue.records.signing.result_judge import judge_result
from khue.records.signing.tokens import is_bare
from khue.records.signing.verdicts import Verdict, gravest

NAME = "hoc-ba.xml"
MOST_BYTES = 20 * 1024 * 1024
_PAGES = re.compile(r"so-trang=(\d{1,3})")


def judge_pdf(data: bytes, trust: Trust) -> Judgement:
    """What a PDF is worth. A PDF with neither a transcript nor a result inside is not ours."""
    is_like_ours = any(name.encode() in data for name in (NAME, results.NAME, "so-trang="))
    if len(data) > MOST_BYTES:
        return Judgement(Verdict.NOT_OURS)
    try:
        reader = PdfFileReader(BytesIO(data))
        inside = [(name, content) for name, content in _attachments(reader) if name in (NAME, results.NAME)]
        pages, stated = int(reader.root["/Pages"]["/Count"]), _stated(reader)
    except BROKEN:
        return Judgement(Verdict.CHANGED if is_like_ours else Verdict.NOT_OURS)
    if len(inside) != 1:
        return Judgement(Verdict.CHANGED if is_like_ours and stated else Verdict.NOT_OURS)
    seal = _seal_of(data, reader, trust)
    if seal in (Verdict.CHANGED, Verdict.INCOMPLETE) and stated and pages < stated:
        seal = Verdict.MISSING_PAGE
    name, carried = inside[0]
    if name == results.NAME:
        return judge_result(seal, reader, carried, _stamped(reader), pages, stated)
    xml = judge_xml(carried, trust)
    verdict = gravest([seal, xml.verdict])
    # One byte of the PDF that is not what was sealed, and a page that is gone, are told apart: the page says more.
    if seal is Verdict.MISSING_PAGE and xml.verdict is not Verdict.CHANGED:
        verdict = Verdict.MISSING_PAGE
    return Judgement(verdict, xml.signatures, xml.digest, xml.content, None, pages, stated or None, ((NAME, xml),))


def _seal_of(data: bytes, reader: PdfFileReader, trust: Trust) -> Verdict:
    try:
        return asyncio.run(_seal(data, reader, trust))
    except BROKEN:
        return Verdict.CHANGED


def _stamped(reader: PdfFileReader) -> Any:
    try:
        return _instant(reader.embedded_timestamp_signatures[0])
    except BROKEN:
        return None


async def _seal(data: bytes, reader: PdfFileReader, trust: Trust) -> Verdict:
    """The seal of the school and the stamp that covers the whole file."""
    seals, stamps = list(reader.embedded_regular_signatures), list(reader.embedded_timestamp_signatures)
    if len(seals) != 1 or len(stamps) != 1:
        return Verdict.INCOMPLETE if not seals else Verdict.CHANGED
    evidence = _evidence(reader)
    last = stamps[0]
    if not all(_is_plain(data, one) for one in (seals[0], last)) or not is_bare(last.signed_data):
        return Verdict.CHANGED
    if not {bytes(one.chosen.dump()) for one in last.signed_data["certificates"]} <= {
        *evidence.certificates, *trust.anchors,
    }:  # fmt: skip
        return Verdict.CHANGED
    context = trust.context(_instant(last), evidence)
    over_all = await async_validate_pdf_timestamp(last, context)
    if not (over_all.intact and over_all.valid) or over_all.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return Verdict.CHANGED
    at = _instant(last)
    status = await async_validate_pdf_signature(
        seals[0], signer_validation_context=context, ts_validation_context=context
    )
    if not (status.intact and status.valid) or not status.docmdp_ok:
        return Verdict.CHANGED
    if status.timestamp_validity is None or not status.timestamp_validity.intact:
        return Verdict.INCOMPLETE
    if not status.timestamp_validity.trusted or not over_all.trusted:
        return Verdict.UNTRUSTED
    at = status.timestamp_validity.timestamp
    word: Word = await trust.signer_at(bytes(seals[0].signer_cert.dump()), at, evidence, strict=False)
    return word.verdict


def _is_plain(data: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the place of a signature holds it and nothing else, as it is written: no seal can cover its own place."""
    _first, before, after, _last = signature.byte_range
    place = data[before:after]
    content = bytes.fromhex(place[1:-1].decode("ascii"))
    padding = content[parser.peek(content) :]
    return place == b"<" + content.hex().upper().encode() + b">" and not any(padding)


def _instant(stamp: EmbeddedPdfSignature) -> Any:
    return stamp.signed_data["encap_content_info"]["content"].parsed["gen_time"].native


def _evidence(reader: PdfFileReader) -> Evidence:
    store = reader.root["/DSS"]
    found = {
        name: tuple(bytes(one.get_object().data) for one in store.get(name, ()))
        for name in ("/Certs", "/CRLs", "/OCSPs")
    }
    for one in found["/Certs"]:
        asn1_x509.Certificate.load(one, strict=True)
    return Evidence(found["/Certs"], found["/CRLs"], found["/OCSPs"])


def _attachments(reader: PdfFileReader) -> Iterator[tuple[str, bytes]]:
    names = reader.root.get("/Names")
    tree = names["/EmbeddedFiles"]["/Names"] if names and "/EmbeddedFiles" in names else []
    for place in range(1, len(tree), 2):
        specified = tree[place]
        yield str(specified["/UF"]), bytes(specified["/EF"]["/F"].get_object().data)


def _stated(reader: PdfFileReader) -> int:
    """How many pages it had when it was made, as it says itself."""
    try:
        info = reader.trailer["/Info"]
    except KeyError:
        return 0
    found = _PAGES.search(str(info.get("/Keywords", "")))
    return int(found[1]) if found else 0
