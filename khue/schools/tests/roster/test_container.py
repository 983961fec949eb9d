"""Files that are not what they claim to be: each refused by name, none of them parsed."""

import contextlib
import struct
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation.errors import Refusal
from khue.foundation.workbooks import container, refusals, workbook
from khue.schools.roster import headings
from khue.schools.tests.roster.workbooks import HEADINGS, archive, repacked, roster

GOOD = roster([1, "8700000001", "Nguyễn Văn An", "02/03/2015", "Nam", "6A", 6, "0912345678"])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def with_sheet(xml: bytes) -> bytes:
    return repacked(GOOD, lambda name, old: xml if name == "xl/worksheets/sheet1.xml" else old)


def sheet(cells: bytes) -> bytes:
    return (
        b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns='
        b'"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>' + cells + b"</sheetData></worksheet>"
    )


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", refusals.EmptyFile),
        (b"STT,Ho ten\n1,An\n", refusals.NotAWorkbook),
        (b"<html><table></table></html>", refusals.NotAWorkbook),
        (b"%PDF-1.7", refusals.NotAWorkbook),
        (OLE + "Workbook".encode("utf-16-le"), refusals.OldWorkbook),
        (OLE + "EncryptedPackage".encode("utf-16-le"), refusals.ProtectedWorkbook),
        (archive({"word/document.xml": b"<w/>"}), refusals.NotAWorkbook),
        (archive({"xl/workbook.bin": b"x"}), refusals.NotAWorkbook),
        (archive({"xl/workbook.xml": b"<a/>", "xl/vbaProject.bin": b"x"}), refusals.WorkbookWithMacros),
        (GOOD[: len(GOOD) // 2], refusals.DamagedFile),
        (GOOD[:-30], refusals.DamagedFile),
        (b"PK\x03\x04" + b"\x00" * 200, refusals.DamagedFile),
        (b"x" * (container.LARGEST_FILE + 1), refusals.FileTooBig),
    ],
)
def test_a_wrong_file_is_refused_by_what_it_is(data: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        workbook.read(data)

    assert str(refused.value)


def test_a_workbook_that_declares_macros_is_refused_whatever_it_is_called() -> None:
    data = repacked(
        GOOD,
        lambda name, old: (
            old.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
            if name == "[Content_Types].xml"
            else old
        ),
    )

    with pytest.raises(refusals.WorkbookWithMacros):
        workbook.read(data)


def test_a_zip_bomb_is_refused_by_its_sizes() -> None:
    with pytest.raises(refusals.Inflated):
        workbook.read(with_sheet(b" " * (container.LARGEST_INFLATED + 1)))
    with pytest.raises(refusals.Inflated):
        workbook.read(with_sheet(b" " * 30_000_000))


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    """The central directory says one byte; what is behind it inflates to thirty million."""
    data = bytearray(with_sheet(b" " * 30_000_000))
    with ZipFile(BytesIO(bytes(data))) as book:
        info = book.getinfo("xl/worksheets/sheet1.xml")
    true_size = struct.pack("<I", info.file_size)
    while (place := data.find(true_size)) >= 0:
        data[place : place + 4] = struct.pack("<I", 1)

    with pytest.raises(refusals.DamagedFile):
        workbook.read(bytes(data))


def test_an_archive_of_very_many_members_is_refused() -> None:
    with pytest.raises(refusals.Inflated):
        workbook.read(archive({f"xl/{n}.xml": b"" for n in range(container.MOST_MEMBERS + 1)}))


def test_an_encrypted_member_is_refused_as_protected() -> None:
    data = bytearray(archive({"xl/workbook.xml": b"<workbook/>"}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(mark) + at] |= 1

    with pytest.raises(refusals.ProtectedWorkbook):
        workbook.read(bytes(data))


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c><c s="%s" r="XFD1"><v>1</v></c><c r="A1048576"><v>1</v></c></row>'
        % (b"1" * 400),
        b'<row r="1048000">' + b"<c><v>1</v></c>" * 3000 + b"</row>",
        b"<row/>" * 9000 + b"<row>" + b"<c><v>1</v></c>" * 9000 + b"</row>",
    ],
)
def test_a_sheet_whose_rectangle_is_enormous_is_refused_before_it_is_parsed(cells: bytes) -> None:
    with pytest.raises(refusals.TooManyCells):
        workbook.read(with_sheet(sheet(cells)))


def test_a_long_text_used_by_very_many_cells_is_refused() -> None:
    shared = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>' + b"a" * 30_000
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 6000))
    data = repacked(
        GOOD,
        lambda name, old: {
            "xl/worksheets/sheet1.xml": sheet(cells),
            "xl/sharedStrings.xml": shared + b"</t></si></sst>",
        }.get(name, old),
    )

    with pytest.raises(refusals.TooManyCells):
        workbook.read(data)


def test_a_hundred_thousand_formatted_but_empty_rows_are_read() -> None:
    heading = b"".join(
        b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>'
        % (b"ABCDEFGH"[n : n + 1], text.encode().replace(b"&", b"&amp;"))
        for n, text in enumerate(HEADINGS)
    )
    rows = b"".join(b'<row r="%d"><c r="A%d" s="1"/><c r="Z%d" s="1"/></row>' % (n, n, n) for n in range(2, 100_001))

    book = workbook.read(with_sheet(sheet(b'<row r="1">' + heading + b"</row>" + rows)))

    assert headings.heading_of(book.sheets, {})[1].first == 0
    assert sum(any(cell != "" for cell in row) for row in book.sheets[0].rows) == 1


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400))
def test_random_bytes_are_refused_and_never_crash(data: bytes) -> None:
    for begun in (data, b"PK\x03\x04" + data, OLE[:8] + data):
        with pytest.raises(Refusal):
            workbook.read(begun)


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_workbook_with_changed_bytes_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value

    with contextlib.suppress(Refusal):
        workbook.read(bytes(data))


MEMBERS = dict.fromkeys(ZipFile(BytesIO(GOOD)).namelist())


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(MEMBERS)),
    st.integers(0, 3000),
    st.integers(0, 40),
    st.sampled_from([b"", b"<", b'"', b"\xff", b"A9999999", b"-1", b"</row>", b"<c/>", b"&#0;", b"1e999", b"\x00" * 9]),
)
def test_a_workbook_with_changed_xml_is_read_or_refused(name: str, place: int, length: int, put: bytes) -> None:
    def change(member: str, old: bytes) -> bytes:
        return old[:place] + put + old[place + length :] if member == name else old

    try:
        book = workbook.read(repacked(GOOD, change))
        headings.heading_of(book.sheets, {})
    except Refusal:
        pass


def test_the_packed_copy_that_the_parser_gets_holds_nothing_compressed() -> None:
    with ZipFile(container.opened_workbook(GOOD).packed()) as packed:
        assert ZIP_DEFLATED not in {info.compress_type for info in packed.infolist()}
