"""Statements of banks: what they say, and what is no statement."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation.errors import Refusal
from khue.payments.lines import Line
from khue.payments.statements import read
from khue.payments.statements.refusals import DamagedStatement, NotAStatement, StatementTooLarge
from khue.payments.statements.text import day, dong

DAY = date(2026, 11, 23)

MT940 = """{1:F01BFTVVNVXAXXX0000000000}{2:I940X}{4:
:20:ST261123
:25:0011001234567
:28C:327/1
:60F:C261122VND5000000,
:61:2611231123C1250000,NTRFNONREF//FT26327001
:86:MBVCB.4411.KH000000000196.CT tu 001
1 NGUYEN VAN A
:61:261123D200000,NCHGNONREF//FEE1
:86:PHI DICH VU
:61:261123RC70000,NTRFNONREF//FT2
:86:HOAN LAI
:61:261123C99,50NTRFNONREF
:86:LE
:62F:C261123VND6050000,
-}
"""

CAMT = """<?xml version="1.0"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>
<Acct><Id><Othr><Id>0011001234567</Id></Othr></Id></Acct>
<Ntry><Amt Ccy="VND">300000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>
 <NtryDtls>
  <TxDtls><Refs><AcctSvcrRef>R1</AcctSvcrRef></Refs><Amt Ccy="VND">100000</Amt>
   <RltdPties><Dbtr><Pty><Nm>TRAN THI B</Nm></Pty></Dbtr></RltdPties><RmtInf><Ustrd>KH000000000196</Ustrd></RmtInf></TxDtls>
  <TxDtls><Refs><AcctSvcrRef>R2</AcctSvcrRef></Refs><Amt Ccy="VND">200000.00</Amt><RmtInf><Ustrd>hoc phi</Ustrd></RmtInf></TxDtls>
 </NtryDtls></Ntry>
<Ntry><Amt Ccy="VND">50000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><DtTm>2026-11-23T08:00:00</DtTm></BookgDt>
 <AcctSvcrRef>R3</AcctSvcrRef><AddtlNtryInf>nop tien</AddtlNtryInf></Ntry>
<Ntry><Amt Ccy="VND">9000</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="USD">9000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="VND">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""  # noqa: E501  as banks write it

TABLE = """NGÂN HÀNG TMCP,,,,,
Số tài khoản:,0011001234567,,,,
STT,Ngày giao dịch,Số tham chiếu,Số tiền ghi nợ,Số tiền ghi có,Nội dung giao dịch
1,23/11/2026 09:15:02,FT1,,"1.250.000","KH000000000196 NGUYEN VAN A"
2,23/11/2026,FT2,"55.000",,Phí
3,31/02/2026,FT3,,"10.000",ngày không có thật
4,23/11/2026,FT4,,,không có số tiền

,Tổng cộng,,55.000,1.250.000,
"""


def test_mt940_is_read_with_what_went_out_counted_and_what_is_odd_told():
    found = read(MT940.replace("\n", "\r\n").encode())

    assert (found.kind, found.accounts, found.gone) == ("mt940", ("0011001234567",), 1)
    assert found.lines == (Line(DAY, 1_250_000, "MBVCB.4411.KH000000000196.CT tu 0011 NGUYEN VAN A", "FT26327001", ""),)
    assert [number for number, _text in found.strange] == [11, 13]


def test_mt940_parts_with_numbers_are_content_and_name():
    numbered = MT940.replace("MBVCB.4411.KH000000000196.CT tu 001\n1 NGUYEN VAN A",
                             "105?00CREDIT?20KH0000000\n?2100196 HP?32TRAN?33 VAN B")  # fmt: skip

    (line,) = read(numbered.encode()).lines

    assert (line.purpose, line.payer) == ("KH000000000196 HP", "TRAN VAN B")


def test_camt_is_read_entry_by_entry_and_transfer_by_transfer():
    found = read(CAMT.encode())

    assert (found.kind, found.accounts, found.gone) == ("camt.053", ("0011001234567",), 1)
    assert found.lines == (
        Line(DAY, 100_000, "KH000000000196", "R1", "TRAN THI B"),
        Line(DAY, 200_000, "hoc phi", "R2", ""),
        Line(DAY, 50_000, "nop tien", "R3", ""),
    )
    assert [number for number, _text in found.strange] == [4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_by_its_headings(encoding, delimiter):
    text = TABLE if delimiter == "," else TABLE.replace(",", delimiter)

    found = read(text.encode(encoding))

    assert (found.kind, found.gone) == ("table", 1)
    assert found.lines == (Line(DAY, 1_250_000, "KH000000000196 NGUYEN VAN A", "FT1", ""),)
    assert [number for number, _text in found.strange] == [6, 7, 9]


def test_a_table_with_one_signed_column_is_read_too():
    found = read(b"Date;Amount;Description\n2026-11-23;+100,000;abc\n2026-11-23;-5,000;fee\n")

    assert found.lines == (Line(DAY, 100_000, "abc"),)
    assert found.gone == 1


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", NotAStatement),
        (b"\x00\x01\x02", NotAStatement),
        ("Họ tên,Lớp\nA,6A\n".encode(), NotAStatement),
        (b"<Document>", DamagedStatement),
        (b"<html></html>", NotAStatement),
        (CAMT.encode()[:900], DamagedStatement),
        (b"x" * (20 * 1024 * 1024 + 1), StatementTooLarge),
    ],
)
def test_what_is_no_statement_is_refused_with_what_to_do(data, refusal):
    with pytest.raises(refusal):
        read(data)


def test_an_entity_of_a_statement_is_not_opened():
    bomb = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + CAMT[21:].replace(
        "nop tien", "&a;"
    )

    found = read(bomb.encode())

    assert "root" not in str(found)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1.250.000", 1_250_000), ("1,250,000.00", 1_250_000), ("1250000 VND", 1_250_000), ("+1 250 000đ", 1_250_000),
     ("1.250,00", 1_250), ("1.250", 1_250), ("12,5", None), ("-5.000", -5_000), ("", None), ("1e9", None),
     ("9" * 16, None), ("١٢٣", None), ("1.2.3", None)],
)  # fmt: skip
def test_amounts_are_read_as_banks_write_them(text, value):
    assert dong(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("23/11/2026", DAY), ("23-11-2026 08:00", DAY), ("2026-11-23T08:00:00", DAY), ("29/02/2026", None), ("x", None)],
)
def test_days_are_read_as_banks_write_them(text, value):
    assert day(text) == value


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_file_is_read_or_refused(data):
    for mixed in (data, b":20:X\n:25:1\n:61:" + data, b"Ngay,So tien,Noi dung\n" + data, b"<a>" + data):
        try:
            read(mixed)
        except Refusal as refusal:
            assert str(refusal)  # noqa: PT017  it says what to do


@given(st.integers(0, len(MT940)), st.integers(0, len(CAMT)), st.integers(0, len(TABLE)))
def test_a_file_cut_anywhere_is_read_or_refused(one, other, third):
    for cut in (MT940[:one], CAMT[:other], TABLE[:third]):
        try:
            found = read(cut.encode())
        except Refusal:
            continue
        assert all(line.amount > 0 for line in found.lines)
