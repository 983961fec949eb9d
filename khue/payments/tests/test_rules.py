"""VietQR payloads, amounts in words, payment codes: the vectors of domain §6 and what holds for every value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.payments import payment_codes, spelled, vietqr

VCB = {"bank": "970436", "account": "0011001234567", "amount": 1_250_000, "purpose": "HP2609 7900000123 T10"}


@pytest.mark.parametrize(
    ("given_fields", "expected"),
    [
        (
            {"bank": "970416", "account": "257678859"},
            "00020101021138530010A0000007270123000697041601092576788590208QRIBFTTA53037045802VN6304AE9F",
        ),
        (
            {"bank": "970416", "account": "257678859", "amount": 10_000, "purpose": "Chuyen tien"},
            "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA53037045405100005802VN62150811"
            "Chuyen tien630453E6",
        ),
        (
            {"bank": "970416", "account": "257678859", "amount": 1_000, "purpose": "Chuyen tien"},
            "00020101021238530010A0000007270123000697041601092576788590208QRIBFTTA5303704540410005802VN62150811"
            "Chuyen tien6304BBB8",
        ),
        (
            VCB,
            "00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA5303704540712500005802VN"
            "62250821HP2609 7900000123 T106304BD9E",
        ),
        (
            {**VCB, "bill": "HD000123"},
            "00020101021238570010A00000072701270006970436011300110012345670208QRIBFTTA5303704540712500005802VN"
            "62370108HD0001230821HP2609 7900000123 T1063040F25",
        ),
    ],
)
def test_a_payload_is_the_one_that_banks_read(given_fields, expected):
    assert vietqr.payload(**given_fields) == expected


def test_the_checksum_is_crc_16_ccitt_false():
    assert vietqr.checksum("123456789") == "29B1"


@pytest.mark.parametrize(
    ("bank", "account"),
    [("97043", "1"), ("9704360", "1"), ("97043a", "1"), ("٩٧٠٤٣٦", "1"), ("970436", ""), ("970436", "1" * 20),
     ("970436", "12 3"), ("970436", "12-3"), ("970436", "sốtàikhoản")],
)  # fmt: skip
def test_no_code_is_made_for_an_account_that_cannot_be(bank, account):
    with pytest.raises(vietqr.NoSuchBankAccount):
        vietqr.payload(bank=bank, account=account)


@given(st.text())
def test_a_purpose_is_what_every_bank_carries(words):
    made = vietqr.plain(words)

    assert len(made) <= 25
    assert made == made.strip()
    assert all(letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 " for letter in made)
    assert vietqr.plain(made) == made


def test_a_purpose_keeps_what_was_meant():
    assert vietqr.plain("Học phí tháng 10 – Đặng Ánh") == "HOC PHI THANG 10 DANG ANH"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "không"), (1, "một"), (4, "bốn"), (5, "năm"), (10, "mười"), (11, "mười một"), (14, "mười bốn"),
        (15, "mười lăm"), (20, "hai mươi"), (21, "hai mươi mốt"), (24, "hai mươi tư"), (25, "hai mươi lăm"),
        (100, "một trăm"), (101, "một trăm linh một"), (105, "một trăm linh năm"), (110, "một trăm mười"),
        (115, "một trăm mười lăm"), (1_000, "một nghìn"), (1_005, "một nghìn không trăm linh năm"),
        (1_050, "một nghìn không trăm năm mươi"), (10_000, "mười nghìn"),
        (631_800, "sáu trăm ba mươi mốt nghìn tám trăm"), (1_000_000, "một triệu"),
        (1_000_005, "một triệu không nghìn không trăm linh năm"),
        (1_005_000, "một triệu không trăm linh năm nghìn"),
        (1_263_600, "một triệu hai trăm sáu mươi ba nghìn sáu trăm"),
        (10**9, "một tỷ"), (10**9 + 1, "một tỷ không triệu không nghìn không trăm linh một"),
        (15 * 10**9 + 2 * 10**6, "mười lăm tỷ không trăm linh hai triệu"), (10**12, "một nghìn tỷ"),
        (10**18, "một tỷ tỷ"),
    ],
)  # fmt: skip
def test_amounts_are_said_as_accountants_say_them(value, words):
    assert spelled.number(value) == words


def test_a_receipt_begins_with_a_capital_and_ends_with_the_currency():
    assert spelled.dong(1_250_000) == "Một triệu hai trăm năm mươi nghìn đồng"


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_no_two_amounts_are_said_alike(one, other):
    assert (spelled.number(one) == spelled.number(other)) == (one == other)


NUMBERS = st.integers(1, 10**10 - 1)


@given(NUMBERS)
def test_a_code_is_found_however_a_bank_writes_it(number):
    code = payment_codes.code_of(number)

    for written in (code, code.lower(), f"MBVCB.4411.{code}.CT tu 0011", f"HP{code}T10", " ".join(code),
                    f"{code[:6]}-{code[6:]}", f"HOCPHI{code}99"):  # fmt: skip
        assert payment_codes.numbers_in(written) == [number], written


@given(NUMBERS, NUMBERS)
def test_one_transfer_may_name_several_invoices(one, other):
    purpose = f"{payment_codes.code_of(one)} {payment_codes.code_of(other)} {payment_codes.code_of(one)}"

    assert payment_codes.numbers_in(purpose) == list(dict.fromkeys([one, other]))


@given(NUMBERS, st.integers(2, 13), st.integers(1, 9))
def test_one_wrong_digit_names_nobody_else(number, place, by):
    code = payment_codes.code_of(number)
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]

    assert payment_codes.numbers_in(wrong) == []


@given(NUMBERS, st.integers(2, 12))
def test_two_digits_that_changed_places_name_nobody_else(number, place):
    code = payment_codes.code_of(number)
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert payment_codes.numbers_in(wrong) in ([], [number] if wrong == code else [])


@given(NUMBERS, st.integers(6, 13))
def test_a_code_that_was_cut_off_is_a_hint_and_no_name(number, kept):
    cut = payment_codes.code_of(number)[:kept]

    assert payment_codes.numbers_in(f"HP {cut}") == []
    assert payment_codes.beginning_in(f"HP {cut}") == f"{number:010}"[: kept - 2]


@given(st.text())
def test_any_text_may_be_a_purpose(text):
    payment_codes.numbers_in(text)
    payment_codes.beginning_in(text)
