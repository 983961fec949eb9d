"""The rendering: PDF/A-3 with the XML inside, sealed. We, pdfsig and Preflight judge it; faults are told apart."""

import re
import subprocess
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from khue.foundation import paper
from khue.records.content import Content, Pupil, School, Subject
from khue.records.rendering import html_of, signer
from khue.records.signing import pades
from khue.records.signing.certified import Trust
from khue.records.signing.packages import judge
from khue.records.signing.process import judged_apart
from khue.records.signing.verdicts import Verdict
from khue.records.tests import preflight
from khue.records.tests.test_signing import NOW, sealed, session_of

pytestmark = pytest.mark.usefixtures("press")
LONG = Content(
    transcript="01", sheet="02", year="2026-2027", grade=6, class_name="6A", school=School("THCS Mỹ An", "T1"),
    pupil=Pupil("Nguyễn Văn A", "2015-03-02", "1"),
    subjects=tuple(Subject(f"M{n}", f"Môn {n}", "8.5", "9.0", "8.8", remark="Có tiến bộ. " * 12) for n in range(30)),
)  # fmt: skip


@pytest.fixture(scope="module")
def document(ca) -> bytes:
    """Two pages."""
    xml = sealed(ca, content=LONG)
    with paper.Press("pdf/a-3b") as press, session_of(ca, ca.person("Trường THCS Mỹ An")) as at_work:
        printed = press.print(
            html_of(LONG, [signer("head", "Trần Văn Bình", NOW)]), [paper.Attached("hoc-ba.xml", xml)]
        )
        assert printed.pages >= 2
        return pades.seal(printed.pdf, at_work, reason="Học bạ số")


@pytest.fixture(scope="module")
def trust(ca) -> Trust:
    return Trust(ca.anchors)


def test_a_sealed_pdf_is_valid_and_carries_the_document(document, trust, tmp_path):
    judged = judge(document, trust)

    assert judged.verdict is Verdict.VALID
    assert judged.content == LONG
    assert judged.pages == judged.pages_sealed
    file = tmp_path / "x.pdf"
    file.write_bytes(document)
    said = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert "so-trang=" in said
    listed = subprocess.run(["pdfdetach", "-list", str(file)], capture_output=True, text=True, check=True).stdout
    assert "1: hoc-ba.xml" in listed


def test_pdfsig_agrees_and_sees_a_changed_byte(document, trust, pdfsig, tmp_path):
    file = tmp_path / "x.pdf"

    def says(data: bytes) -> str:
        file.write_bytes(data)
        return subprocess.run([pdfsig, "-nocert", str(file)], capture_output=True, text=True).stdout

    assert says(document).count("Signature is Valid") == 1
    assert "Signature #2" in says(document)
    at = document.index(b"stream", 2000) + 60
    changed = document[:at] + bytes([document[at] ^ 1]) + document[at + 1 :]
    assert "Signature is Valid" not in says(changed)
    assert judge(changed, trust).verdict is Verdict.CHANGED


def test_an_independent_judge_finds_nothing_against_the_archives_form(document, tmp_path):
    file = tmp_path / "x.pdf"
    file.write_bytes(document)

    assert preflight.faults(file) == []

    # What it cannot know of PDF/A-3: which part the file claims, how the XML belongs to it, and that what has no
    # appearance has no place on the page either.
    said = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
    assert re.search(r"PDF version:\s+1\.7", said)
    root = PdfFileReader(BytesIO(document)).root
    metadata = root["/Metadata"].data.decode()
    assert re.search(r"pdfaid:part\W+3\b", metadata)
    assert re.search(r"pdfaid:conformance\W+B\b", metadata)
    inside = [each.get_object() for each in root["/AF"]]
    assert {(each["/F"], each["/AFRelationship"]) for each in inside} == {("hoc-ba.xml", "/Source")}
    bare = [each for each in _annotations(root) if "/AP" not in each]
    assert bare
    assert all(each["/Rect"] == [0, 0, 0, 0] for each in bare)


def test_the_judge_sees_a_paper_that_is_not_for_archives(document, tmp_path):
    file = tmp_path / "x.pdf"
    file.write_bytes(paper.pdf("<html lang=vi><title>Bản thường</title><p>Không lưu trữ"))

    assert any("OutputIntent" in each or "metadata" in each.lower() for each in preflight.faults(file))


def test_all_letters_are_those_of_official_paper(document):
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in _pages(document)
        for font in page["/Resources"]["/Font"].values()
    }

    assert {re.sub(r"^/[A-Z]{6}\+", "", each).split("-")[0] for each in fonts} == {"Paper"}


def _pages(document: bytes):
    return [each.get_object() for each in PdfFileReader(BytesIO(document)).root["/Pages"]["/Kids"]]


def _annotations(root):
    return [each.get_object() for page in root["/Pages"]["/Kids"] for each in page.get_object().get("/Annots", ())]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 0.999999), bit=st.integers(0, 7))
def test_one_bit_anywhere_in_the_pdf_is_seen(document, trust, place, bit):
    changed = bytearray(document)
    changed[int(place * len(document))] ^= 1 << bit

    assert not judge(bytes(changed), trust).verdict.is_good


def test_a_page_that_is_gone_is_missed(document, trust):
    writer = copy_into_new_writer(PdfFileReader(BytesIO(document)))
    tree = writer.root["/Pages"]
    del tree["/Kids"][-1]
    from pyhanko.pdf_utils import generic

    tree["/Count"] = generic.NumberObject(int(tree["/Count"]) - 1)
    made = BytesIO()
    writer.write(made)

    judged = judge(made.getvalue(), trust)

    assert judged.verdict is Verdict.MISSING_PAGE
    assert judged.pages == judged.pages_sealed - 1


@settings(max_examples=25)
@given(st.binary(max_size=500))
def test_rubbish_that_says_it_is_a_pdf_or_a_package_is_refused(trust, data):
    for begin in (b"%PDF-1.7\n", b"PK\x03\x04", b"<?xml", b""):
        assert not judge(begin + data, trust).verdict.is_good


def test_the_process_apart_says_the_same(document, ca):
    said = judged_apart(document, ca.anchors, ())

    assert said["verdict"] == "valid"
    assert said["content"]["pupil"]["full_name"] == "Nguyễn Văn A"
    assert judged_apart(document[:5000], ca.anchors, ())["verdict"] in ("changed", "not_ours")
