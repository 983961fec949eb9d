"""Files as banks and people really save them: renamed, merged, in old encodings, cut, stuffed; none may do harm."""

import unicodedata
from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from khue.foundation.errors import Refusal
from khue.foundation.workbooks.refusals import DamagedFile, Inflated, OldWorkbook, ProtectedWorkbook
from khue.payments.lines import Line
from khue.payments.statements import read
from khue.payments.statements.refusals import DamagedStatement, NotAStatement
from khue.payments.tests.test_statements import CAMT, MT940, TABLE

DAY = date(2026, 11, 23)
LINE = Line(DAY, 100_000, "KH000000000196 hoc phi", "FT26327001")
#: Grave, hook, tilde, acute, dot below.
TONES = "\u0300\u0309\u0303\u0301\u0323"
ROWS = [("Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Nội dung"),
        ("23/11/2026", "FT26327001", "", "100.000", "KH000000000196 hoc phi")]  # fmt: skip

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="utf-8"></head><body>
<table><tr><td colspan=5>NGÂN HÀNG</td></tr></table>
<table border=1><tr><td colspan="5"><b>SAO KÊ TÀI KHOẢN</b></td></tr>
<tr><th>Ngày giao dịch<th>Số tham chiếu<th>Ghi nợ<th>Ghi có<th>Nội dung</tr>
<tr><td>23/11/2026</td><td>FT26327001</td><td></td><td>100.000</td><td>KH000000000196&nbsp;hoc <br>phi</td></tr>
<tr><td colspan=3>Tổng cộng</td><td>100.000</td></tr></table></body></html>"""

SHEET = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="Sao ke"><Table>
<Row><Cell ss:MergeAcross="4"><Data ss:Type="String">SAO KÊ</Data></Cell></Row>
<Row><Cell><Data>Ngày giao dịch</Data></Cell><Cell><Data>Số tham chiếu</Data></Cell><Cell><Data>Ghi nợ</Data></Cell>
<Cell><Data>Ghi có</Data></Cell><Cell><Data>Nội dung</Data></Cell></Row>
<Row><Cell><Data>2026-11-23T00:00:00.000</Data></Cell><Cell><Data>FT26327001</Data></Cell>
<Cell ss:Index="4"><Data ss:Type="Number">100000</Data></Cell><Cell><Data>KH000000000196 hoc phi</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_page_that_calls_itself_xls_is_read(encoding: str) -> None:
    found = read(PAGE.encode(encoding))

    assert (found.kind, found.lines) == ("html", (LINE,))


def test_a_spreadsheet_as_xml_is_read() -> None:
    found = read(SHEET.encode())

    assert (found.kind, found.lines, found.strange) == ("xls", (LINE,), ())


def sheet(build) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        build(book, book.add_worksheet())
    return stream.getvalue()


def test_merged_cells_formulas_and_numbers_kept_as_text_are_read() -> None:
    def build(book, page) -> None:
        page.merge_range(0, 0, 0, 4, "SAO KÊ TÀI KHOẢN", book.add_format({"bold": True}))
        page.write_row(2, 0, ROWS[0])
        page.write_row(3, 0, ("23/11/2026", "FT26327001", "", "", "KH000000000196 hoc phi"))
        page.write_formula(3, 3, "=50000*2", None, 100_000)
        page.write_row(4, 0, ("23/11/2026", "FT26327002", "", "", "cong thuc chua tinh"))
        page.write_formula(4, 3, "=NA()", None, "#N/A")
        page.write_datetime(5, 0, date(2026, 11, 23), book.add_format({"num_format": "dd/mm/yyyy"}))
        page.write_row(5, 1, ("FT26327003", "", 7.5, "le"))
        page.merge_range(6, 0, 6, 2, "Tổng cộng")

    found = read(sheet(build))

    assert found.lines == (LINE,)
    assert [number for number, _text in found.strange] == [5, 6]


def test_transfers_on_a_later_sheet_are_found() -> None:
    def build(book, page) -> None:
        page.write(0, 0, "Bìa")
        for number, row in enumerate(ROWS):
            book.worksheets()[-1].write_row(number + 5, 0, row)
        later = book.add_worksheet("Giao dịch")
        for number, row in enumerate(ROWS):
            later.write_row(number, 0, row)

    assert read(sheet(build)).lines == (LINE,)


def bomb() -> bytes:
    """200 MB of nothing in a small file."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (200 * 1024 * 1024))
    return stream.getvalue()


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "ha">'
    + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    + "]><Document><Stmt><Ntry><Amt Ccy='VND'>&l9;</Amt></Ntry></Stmt></Document>"
)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, OldWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), ProtectedWorkbook),
        (b"PK\x03\x04" + b"\x00" * 60, DamagedFile),
        (PAGE.split("<tr><th>")[0].encode(), NotAStatement),
        (b"<html><body><table><tr><td>Loi he thong", NotAStatement),
        (SHEET[:500].encode(), DamagedStatement),
        ("Họ tên,Lớp\nA,6A\n".encode("utf-16"), NotAStatement),
        (b"\xff\xfe", NotAStatement),
        (b"<" * 100_000, DamagedStatement),
        (b"<table>" + b"<tr><td>" * 20_000, NotAStatement),
        (b'"' * 50_000, NotAStatement),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, NotAStatement),
    ],
    ids=lambda given: given.__name__ if isinstance(given, type) else str(len(given)),
)
def test_what_is_no_statement_is_refused_whatever_it_calls_itself(data: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as told:
        read(data)

    assert str(told.value)


def test_a_workbook_that_swells_is_refused() -> None:
    with pytest.raises(Inflated) as told:
        read(bomb())

    assert str(told.value)


def test_entities_that_blow_up_are_not_opened() -> None:
    try:
        found = read(LAUGHS.encode())
    except Refusal:
        return
    assert not found.lines
    assert len(str(found)) < 10_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1258"])
@pytest.mark.parametrize("text", [TABLE, MT940, CAMT.replace('<?xml version="1.0"?>\n', "")])
def test_every_kind_is_read_in_every_encoding(text: str, encoding: str) -> None:
    wanted = read(text.encode())
    written = _as_windows_does(text) if encoding == "cp1258" else text
    try:
        found = read(written.encode(encoding))
    except DamagedStatement:
        assert text.startswith("<")  # XML without a declaration is UTF-8 or has a mark
        assert encoding in ("utf-16-le", "utf-16-be")
        return
    assert [(line.on, line.amount, line.reference) for line in found.lines] == [
        (line.on, line.amount, line.reference) for line in wanted.lines
    ]


def _as_windows_does(text: str) -> str:
    """The code page has letters with their hats; tones stand behind them as letters of their own."""
    made = ""
    for letter in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in TONES)
        made += unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)) + tones
    return made


@pytest.mark.parametrize("written", ["", "-", "1", "12345", "NONREF", "n/a", "–"])
def test_a_column_that_only_counts_lines_is_no_number_of_the_bank(written: str) -> None:
    text = f"Ngày,Số CT,Ghi có,Nội dung\n23/11/2026,{written},5000,a\n23/11/2026,{written},6000,b\n"

    assert [line.reference for line in read(text.encode()).lines] == ["", ""]


FILES = st.sampled_from(
    [MT940.encode(), CAMT.encode(), TABLE.encode(), PAGE.encode(), SHEET.encode(), TABLE.encode("utf-16"),
     sheet(lambda _book, page: [page.write_row(number, 0, row) for number, row in enumerate(ROWS)])]
)  # fmt: skip


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FILES, st.data())
def test_a_file_with_bytes_changed_cut_out_or_put_in_is_read_or_refused(data: bytes, draw: st.DataObject) -> None:
    for _ in range(draw.draw(st.integers(1, 4))):
        place = draw.draw(st.integers(0, len(data)))
        gone = draw.draw(st.integers(0, 40))
        data = data[:place] + draw.draw(st.binary(max_size=12)) + data[place + gone :]
    try:
        found = read(data)
    except Refusal as refusal:
        assert str(refusal)  # noqa: PT017  it says what to do
        return
    for line in found.lines:
        assert 0 < line.amount < 10**15
        assert line.purpose == line.purpose.replace("\x00", "")


@pytest.mark.parametrize("heading", ["Nợ/Có", "Ghi nợ/có", "Loại giao dịch", "D/C"])
@pytest.mark.parametrize(("came", "went"), [("C", "D"), ("Có", "Nợ"), ("+", "-")])
def test_a_column_of_signs_tells_what_came_from_what_went(heading: str, came: str, went: str) -> None:
    rows = f"23/11/2026,20.000,{came},nop tien\n23/11/2026,900.000,{went},rut tien mat\n"

    found = read(f"Ngày,Số tiền,{heading},Nội dung\n{rows}".encode())

    assert ([line.amount for line in found.lines], found.gone, found.strange) == ([20_000], 1, ())


@pytest.mark.parametrize("ending", ["", '"'])
def test_a_quotation_mark_that_swallows_rows_is_damage_and_not_less_money(ending: str) -> None:
    rows = f'23/11/2026,20000,"nop tien\n23/11/2026,30000,nop tien{ending}\n23/11/2026,40000,nop tien\n'

    with pytest.raises(DamagedStatement):
        read(f"Ngày,Ghi có,Nội dung\n{rows}".encode())


def test_a_purpose_of_two_lines_and_a_mark_inside_one_are_read() -> None:
    rows = '23/11/2026,20000,"nop tien\nthang 11"\n24/11/2026,30000,vo 5" va but\n'

    found = read(f"Ngày,Ghi có,Nội dung\n{rows}".encode())

    assert [line.amount for line in found.lines] == [20_000, 30_000]


def test_a_cell_without_an_end_is_damage() -> None:
    with pytest.raises(DamagedStatement):
        read(("Ngày,Ghi có,Nội dung\n23/11/2026,20000,a\n23/11/2026,30000," + "x" * 200_000).encode())
