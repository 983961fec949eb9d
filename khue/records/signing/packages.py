"""A package: documents, their renderings and certificates in one ZIP, with a signed manifest of everything inside."""

import hashlib
import zipfile
from collections.abc import Mapping
from io import BytesIO

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from khue.records.content import Entry, Manifest
from khue.records.signing.certified import Trust
from khue.records.signing.judge import Judgement, judge_xml
from khue.records.signing.pdf_judge import judge_pdf
from khue.records.signing.verdicts import MOST_BYTES_OF_ONE, Verdict, gravest
from khue.records.signing.xades import SEAL

MANIFEST = "danh-muc.xml"
MOST_FILES = 6000
MOST_BYTES = 512 * 1024 * 1024
#: Every file is dated alike: the same content is the same package.
DATED = (1980, 1, 1, 0, 0, 0)


class NoPackage(ValueError):
    """Not a ZIP that this program would have written."""


def entries_of(contents: Mapping[str, bytes]) -> tuple[Entry, ...]:
    """The lines of the manifest, in the order of their names."""
    return tuple(
        Entry(name, hashlib.sha256(content).hexdigest(), len(content)) for name, content in sorted(contents.items())
    )


def packed(contents: Mapping[str, bytes], manifest: bytes) -> bytes:
    """The ZIP. manifest: sealed."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in [(MANIFEST, manifest), *sorted(contents.items())]:
            package.writestr(zipfile.ZipInfo(name, DATED), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files by name. Raises NoPackage; nothing is ever written to a disk."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            names = [entry.filename for entry in entries]
            total = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_FILES or total > MOST_BYTES or len(set(names)) < len(names):
                raise NoPackage
            if any(entry.file_size > MOST_BYTES_OF_ONE or entry.flag_bits & 1 for entry in entries):
                raise NoPackage
            return {entry.filename: _read(package, entry) for entry in entries}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise NoPackage from error


def _read(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with package.open(entry) as stream:
        content = stream.read(MOST_BYTES_OF_ONE + 1)
    if len(content) != entry.file_size:
        raise NoPackage
    return content


def judge_package(data: bytes, trust: Trust) -> Judgement:
    """What a package is worth: the manifest, that each file is there and as it was, and each document by itself."""
    try:
        contents = unpacked(data)
    except NoPackage:
        return Judgement(Verdict.NOT_OURS)
    sealed = contents.pop(MANIFEST, None)
    if sealed is None:
        is_like_ours = any(name.startswith("hoc-ba/") for name in contents)
        return Judgement(Verdict.INCOMPLETE if is_like_ours else Verdict.NOT_OURS)
    judged = judge_xml(sealed, trust, [SEAL], Manifest)
    if judged.manifest is None:
        return judged
    told = {entry.name: entry for entry in judged.manifest.files}
    verdicts = [judged.verdict]
    if not told.keys() <= contents.keys():
        verdicts.append(Verdict.INCOMPLETE)
    if not contents.keys() <= told.keys() or any(
        hashlib.sha256(content).hexdigest() != told[name].digest for name, content in contents.items() if name in told
    ):
        verdicts.append(Verdict.CHANGED)
    parts = tuple((name, _part(name, content, trust)) for name, content in contents.items() if is_document(name))
    verdict = gravest([*verdicts, *(part.verdict for _name, part in parts)])
    return Judgement(verdict, judged.signatures, judged.digest, None, judged.manifest, None, None, parts)


def is_document(name: str) -> bool:
    """Whether a file of a package is a transcript, to be judged by itself."""
    return name.startswith("hoc-ba/") and name.endswith((".xml", ".pdf"))


def _part(name: str, content: bytes, trust: Trust) -> Judgement:
    return judge_pdf(content, trust) if name.endswith(".pdf") else judge_xml(content, trust)


def judge(data: bytes, trust: Trust) -> Judgement:
    """What any file is worth, whatever it is."""
    if data.startswith(b"%PDF"):
        return judge_pdf(data, trust)
    if data.startswith(b"PK"):
        return judge_package(data, trust)
    return judge_xml(data, trust)


def as_pem(certificate: bytes) -> bytes:
    """A certificate as people's programs like it."""
    return x509.load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)
