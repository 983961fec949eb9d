"""Transcripts of a whole school: signed by a head, sealed, printed and filed, with an authority on this machine.

KHUE_BENCH_PUPILS (2143) sheets of one class. The authority (time stamps, OCSP) runs in a process of its own and is
not the node's. The elapsed time is what a school waits and means something only with nothing else on two cores; the
processor time of the node's processes a sheet does on a busy machine too. Beside it pyHanko seals the same PDFs alone,
as its manual says.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench import node, visitor
from bench.row import Row, against, at_most, noted

if TYPE_CHECKING:
    from multiprocessing.synchronize import Event

    from tests.world import School

PUPILS = int(os.environ.get("KHUE_BENCH_PUPILS", "2143"))
BUDGET = 600
CORES = 2
#: PDFs that pyHanko alone and we seal for comparison.
COMPARED = 20


def rows() -> Iterator[Row]:
    """Seconds by the clock and of the processor for each step of a year."""
    with (
        _authority() as (address, folder),
        node.serving(KHUE_TSA_URL=f"{address}/tsa", KHUE_TRUST_FILE=str(folder / "roots.pem")) as served,
    ):
        visitor.work_on_its_database()
        yield from _signed(served, address, folder)
        yield _compared(address, folder)
        visitor.leave_its_database()


class _authority:
    """The tests' authority in a process of its own; writes its root and three keys into a folder."""

    def __enter__(self) -> "tuple[str, Path]":
        import tempfile

        self._folder = tempfile.TemporaryDirectory()
        self._ready, self._stop = multiprocessing.Event(), multiprocessing.Event()
        self._process = multiprocessing.Process(target=_serve, args=(self._folder.name, self._ready, self._stop))
        self._process.start()
        assert self._ready.wait(60)
        folder = Path(self._folder.name)
        return (folder / "address").read_text(), folder

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._process.join(10)
        self._folder.cleanup()


def _serve(folder: str, ready: "Event", stop: "Event") -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    from khue.records.tests.authority import authority

    with authority() as ca:
        place = Path(folder)
        (place / "roots.pem").write_bytes(ca.root.certificate.public_bytes(Encoding.PEM))
        for name in ("homeroom", "head", "seal"):
            (place / f"{name}.p12").write_bytes(ca.pkcs12(ca.person(f"Người {name}")))
        (place / "address").write_text(ca.address)
        ready.set()
        stop.wait()


def _signed(served: node.Node, address: str, folder: Path) -> Iterator[Row]:
    from django.conf import settings

    settings.TSA_URL, settings.TRUST_FILE = f"{address}/tsa", str(folder / "roots.pem")
    from khue.foundation import scope
    from khue.foundation.actor import SYSTEM

    with scope.of(SYSTEM):
        year, count = _year()
    total, worked = 0.0, served.processes.seconds()
    for role in ("homeroom", "head", "seal"):
        elapsed = _batch(year, role, folder)
        total += elapsed
        yield noted(f"records.{role}", elapsed, f"seconds by the clock for {count} sheets")
    worked = (served.processes.seconds() - worked) / count
    yield noted("records.sheets", count, "sheets")
    yield at_most("records.cost", worked, "processor seconds a sheet", BUDGET * CORES / 2143)
    yield at_most("records.sign_and_seal", total * PUPILS / count, f"seconds by the clock for {PUPILS} sheets", BUDGET)


def _year() -> "tuple[School, int]":
    """A school whose every pupil has a confirmed sheet of thirteen subjects."""
    import hashlib

    from khue.foundation import clock
    from khue.records.content import Content, Item, Pupil, Remark, Result, Subject, written
    from khue.records.content import School as SchoolNamed
    from khue.records.models import Transcript, YearSheet
    from khue.registry.models import Organisation
    from tests.world import maths_subject, school

    parent = Organisation.objects.filter(kind="department").order_by("id").first()
    made = school(f"Trường ký số {clock.now():%H%M%S}", parent, maths_subject(), PUPILS)
    subjects = tuple(
        Subject(f"M{n}", f"Môn học thứ {n}", "8.5", "9.0", "8.8", teachers="Nguyễn Thị Minh Khai",
                remark="Có tiến bộ rõ rệt, cần chú ý trình bày bài.") for n in range(13)
    )  # fmt: skip
    result = Result("TT22-2021", "Tốt", "Tốt", "Tốt", "Tốt", "Tốt", "Tốt", sessions_absent="2", outcome="Được lên lớp")
    sheets = []
    for one in made.enrolments:
        transcript = Transcript.objects.create(
            organisation=made.organisation, person_id=one.person_id, opened_at=clock.now()
        )
        sheet = YearSheet(
            organisation=made.organisation, transcript=transcript, school_year=made.year, enrolment=one,
            school_class=made.school_class, state="confirmed", made_at=clock.now(), source="",
        )  # fmt: skip
        content = Content(
            transcript.public_id.hex, sheet.public_id.hex, year="2026-2027", grade=6, class_name="6A",
            homeroom_teacher="Lê Thị Hoa", school=SchoolNamed(made.organisation.name, "T1", "Sở", "Trần Văn Bình"),
            pupil=Pupil(one.person.full_name, "2015-03-02", "1", moet_code=f"79{one.id:08}"), result=result,
            subjects=subjects, items=(Item("yeu_nuoc", "Yêu nước", "trait", "T"),), remarks=(Remark("1", "Ngoan"),),
        )  # fmt: skip
        sheet.content = written(content)
        sheet.digest = hashlib.sha256(sheet.content).hexdigest()
        sheets.append(sheet)
    YearSheet.objects.bulk_create(sheets)
    return made, len(sheets)


def _batch(made: "School", role: str, folder: Path) -> float:
    """One batch, done by the node's own worker; seconds from the button to the end of the job."""
    from khue.foundation import clock, scope
    from khue.foundation.actor import SYSTEM
    from khue.records import actions
    from khue.records.tests.authority import PASSWORD
    from tests.world import actor

    begun = time.monotonic()
    with scope.of(SYSTEM):
        who = actor({"homeroom": made.teacher, "head": made.head, "seal": made.clerk}[role])
        key = actions.add_key_file(
            actor=who, organisation=made.organisation, is_seal=role == "seal", title="", password=PASSWORD,
            file=(folder / f"{role}.p12").read_bytes(), at=clock.now(),
        )  # fmt: skip
        batch = actions.begin_batch(
            actor=who, school_year=made.year, school_class=made.school_class, role=role, key=key, secret=PASSWORD,
            at=clock.now(),
        )  # fmt: skip
    job = batch.job
    while not job.is_over:
        time.sleep(0.5)
        with scope.of(SYSTEM):
            job.refresh_from_db()
    assert job.state == "done", job.summary or job.last_error
    return time.monotonic() - begun


def _compared(address: str, folder: Path) -> Row:
    """PDFs a second sealed by us, beside pyHanko alone over the same bytes with the same key and authority."""
    from django.conf import settings

    from khue.foundation import paper
    from khue.foundation.paper import Attached
    from khue.records.queries.signing import anchors
    from khue.records.signing import pades
    from khue.records.signing.keys import Pkcs12Signer
    from khue.records.signing.session import Session
    from khue.records.tests.authority import PASSWORD

    settings.TRUST_FILE = str(folder / "roots.pem")
    with paper.Press("pdf/a-3b") as press:
        pdf = press.print("<html lang=vi><title>Mẫu</title><p>Trang</p></html>", [Attached("hoc-ba.xml", b"<a/>")]).pdf
    alone = _alone(pdf, address, folder)
    with Session(Pkcs12Signer((folder / "seal.p12").read_bytes(), PASSWORD), f"{address}/tsa", anchors()) as session:
        begun = time.process_time()
        pades.seal_all([pdf] * COMPARED, session, [""] * COMPARED)
        ours = COMPARED / (time.process_time() - begun)
    return against(
        "records.pades", ours, "PDFs a processor second", baseline="pyHanko alone", baseline_value=alone, at_least=1.0
    )


def _alone(pdf: bytes, address: str, folder: Path) -> float:
    """PDFs a processor second by pyHanko as its manual shows it: PAdES-B-LTA, evidence fetched for each."""
    from io import BytesIO

    from pyhanko.keys import load_cert_from_pemder
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers, timestamps
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko_certvalidator import ValidationContext

    from khue.records.tests.authority import PASSWORD

    signer = signers.SimpleSigner.load_pkcs12(str(folder / "seal.p12"), passphrase=PASSWORD.encode())
    assert signer
    root, stamper = load_cert_from_pemder(str(folder / "roots.pem")), timestamps.HTTPTimeStamper(f"{address}/tsa")
    begun = time.process_time()
    for _each in range(COMPARED):
        described = signers.PdfSignatureMetadata(
            field_name="Seal", subfilter=SigSeedSubFilter.PADES, embed_validation_info=True, use_pades_lta=True,
            validation_context=ValidationContext(trust_roots=[root], allow_fetching=True),
        )  # fmt: skip
        signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), described, signer=signer, timestamper=stamper)
    return COMPARED / (time.process_time() - begun)
