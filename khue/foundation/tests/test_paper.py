"""Official paper: real PDF files, read again by another library's eyes."""

import re
import zlib
from pathlib import Path

import pytest

from khue.foundation import paper
from khue.foundation.apart import Workshop
from khue.foundation.paper import press

SHEET = '<link rel="stylesheet" href="khue:foundation/paper.css">'


@pytest.mark.usefixtures("press")
def test_a_form_is_printed_in_the_letters_of_official_paper() -> None:
    printed = paper.pdf(f"<!doctype html><html lang=vi><meta charset=utf-8>{SHEET}<p>Phiếu báo <b>kết quả</b></html>")

    assert printed.startswith(b"%PDF-")
    assert b"Paper-Vietnamese" in _inside(printed)
    assert b"DejaVu" not in _inside(printed)


def test_whatever_is_set_in_the_letters_of_paper_has_the_vietnamese_ones_too() -> None:
    # They are two files; without the second the machine's own letters would stand for ầ and ệ.
    bare = re.compile(r"font(?:-family)?:[^;{}]*\"Paper\"(?!, \"Paper Vietnamese\")[^;{}]*;")
    found = {
        str(file.relative_to(press.ROOMS)): bare.findall(re.sub(r"@font-face \{.*?\}", "", file.read_text()))
        for kind in ("css", "html")
        for file in press.ROOMS.rglob(f"*.{kind}")
    }

    assert len(found) > 100
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.usefixtures("press")
def test_a_form_for_archives_says_so() -> None:
    printed = paper.pdf(
        f"<!doctype html><html lang=vi>{SHEET}<title>Học bạ</title><p>Học bạ</html>", variant="pdf/a-3b"
    )

    assert b"pdfaid:part" in _inside(printed)


@pytest.mark.usefixtures("press")
@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/a.png",
        "khue:../settings.py",
        "khue:foundation/../../settings.py",
        "khue:ui/none.css",
    ],
)
def test_a_document_reads_nothing_but_this_programs_files(address: str) -> None:
    with pytest.raises(RuntimeError, match="FatalURLFetchingError"):
        paper.pdf(f'<!doctype html>{SHEET}<img src="{address}">')


def test_a_machine_without_pango_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    bare = Workshop(press.__file__)
    monkeypatch.setattr(paper, "workshop", bare)

    with pytest.raises(paper.PressMissing, match=r"apt-get install libpango-1\.0-0"):
        paper.pdf("<p>")
    bare.close()


@pytest.mark.usefixtures("press")
def test_the_press_ends_by_itself_when_it_needs_too_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "MEMORY", 300_000_000)

    with pytest.raises(paper.PressFailed, match="từng lớp"):
        paper.pdf("<p>x</p>" * 40_000)
    monkeypatch.undo()

    assert paper.pdf("<p>x").startswith(b"%PDF-")


def _inside(printed: bytes) -> bytes:
    """What the compressed streams of a PDF file say."""
    streams = re.findall(rb"stream\n(.*?)\nendstream", printed, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(each) for each in streams if each.startswith(b"x"))


@pytest.mark.usefixtures("press")
def test_two_presses_print_each_document_as_it_was_sent() -> None:
    with paper.Presses("pdf/a-3b", 2) as presses:
        sent = [
            presses.send("<html lang=vi><title>T</title>" + "<p style='break-after: page'>Trang</p>" * pages + "<p>Hết")
            for pages in (0, 1, 2, 3)
        ]

        assert [one.result().pages for one in sent] == [1, 2, 3, 4]
