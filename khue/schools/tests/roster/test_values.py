from datetime import date, datetime
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.schools.roster import values
from khue.schools.roster.issues import SENTENCES, Code, issue

TODAY = date(2026, 11, 23)


def born(cell: object):
    found, wrong = values.birth_date(cell, today=TODAY)
    return (str(found) if found else None), (wrong.code if wrong else None)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("02/03/2015", "02/03/2015"),
        ("2/3/2015", "02/03/2015"),
        ("02-03-2015", "02/03/2015"),
        ("02.03.2015 ", "02/03/2015"),
        ("2015-03-02", "02/03/2015"),
        ("2015-03-02 00:00:00", "02/03/2015"),
        (date(2015, 3, 2), "02/03/2015"),
        (datetime(2015, 3, 2, 0, 0), "02/03/2015"),
        (42065, "02/03/2015"),
        (42065.0, "02/03/2015"),
        (2032015.0, "02/03/2015"),
        ("02032015", "02/03/2015"),
        ("03/2015", "03/2015"),
        ("tháng 3/2015", "03/2015"),
        ("00/03/2015", "03/2015"),
        ("00/00/2015", "2015"),
        (2015.0, "2015"),
        ("2015", "2015"),
        ("29/02/2016", "29/02/2016"),
    ],
)
def test_a_birth_date_is_read_in_every_way_it_is_written(cell: object, shown: str) -> None:
    assert born(cell) == (shown, None)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("29/02/2015", Code.DATE_LEAP),
        ("29/02/1900", Code.DATE_LEAP),
        ("1/2/03", Code.DATE_SHORT_YEAR),
        ("31/04/2015", Code.DATE_IMPOSSIBLE),
        ("03/25/2015", Code.DATE_IMPOSSIBLE),
        ("không rõ", Code.DATE_UNREADABLE),
        ("24/11/2026", Code.DATE_FUTURE),
        ("02/03/9999", Code.DATE_UNREADABLE),
        (12.5, Code.DATE_UNREADABLE),
        (True, Code.DATE_UNREADABLE),
    ],
)
def test_a_birth_date_that_is_none_is_refused_with_its_reason(cell: object, code: Code) -> None:
    assert born(cell) == (None, code)


def test_a_birth_date_long_ago_is_read_with_a_doubt() -> None:
    assert born("02/03/1955") == ("02/03/1955", Code.DATE_UNLIKELY)


@given(st.dates(date(1980, 1, 1), date(2023, 1, 1)))
def test_a_date_means_the_same_as_a_serial_as_text_and_as_a_date(day: date) -> None:
    serial = (day - values.EXCEL_EPOCH).days

    assert born(day) == born(serial) == born(f"{day:%d/%m/%Y}") == born(day.isoformat())


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.times(), st.timedeltas()))
def test_no_cell_can_crash_a_reader(cell: object) -> None:
    readers = (
        values.full_name, values.sex, values.national_id, values.moet_code, values.phone, values.email,
        values.class_name, values.grade, values.birth_year, values.ethnicity,
        lambda c: values.birth_date(c, today=TODAY),
    )  # fmt: skip
    for reader in readers:
        found, wrong = reader(cell)
        assert found is not None or wrong is not None
        if wrong is not None:
            assert wrong.sentence


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("087215000001", "087215000001"),
        (87215000001.0, "087215000001"),
        (87215000001, "087215000001"),
        ("'087 215 000 001", "087215000001"),
    ],
)
def test_a_personal_number_gets_back_the_zero_that_excel_took(cell: object, number: str) -> None:
    assert values.national_id(cell) == (number, None)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("341234567", Code.NUMBER_NOT_TWELVE),
        ("8,72E+10", Code.NUMBER_UNREADABLE),
        ("8.72150E+10", Code.NUMBER_UNREADABLE),
        ("không có", Code.NUMBER_NOT_TWELVE),
    ],
)
def test_what_is_no_personal_number_is_left_out_with_its_reason(cell: object, code: Code) -> None:
    found, wrong = values.national_id(cell)
    assert found is None
    assert wrong is not None
    assert wrong.code is code


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("0912345678", "0912345678"),
        (912345678.0, "0912345678"),
        ("+84 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("0912-345-678", "0912345678"),
        ("(0277) 3851 234", "02773851234"),
    ],
)
def test_a_phone_number_is_stored_in_its_national_form(cell: object, number: str) -> None:
    assert values.phone(cell) == (number, None)


def test_of_several_phone_numbers_the_first_is_taken() -> None:
    found, wrong = values.phone("0912345678; 0987654321")

    assert (found, wrong and wrong.code) == ("0912345678", Code.PHONES_SEVERAL)


@pytest.mark.parametrize(
    ("cell", "name", "code"),
    [
        ("  Nguyễn   Văn An ", "Nguyễn Văn An", None),
        (normalize("NFD", "Nguyễn Thị Ánh Tuyết"), "Nguyễn Thị Ánh Tuyết", None),
        ("Y\u200b Moan", "Y Moan", None),
        ("H'Hen Niê", "H'Hen Niê", None),
        ("Lò", "Lò", None),
        ("Công Tằng Tôn Nữ Thị Thanh Mai", "Công Tằng Tôn Nữ Thị Thanh Mai", None),
        ("NGUYỄN VĂN ĐỨC", "Nguyễn Văn Đức", Code.NAME_IN_CAPITALS),
        ("trần văn BÌNH", "Trần Văn Bình", Code.NAME_LETTERS),
        ("lê thị cúc", "Lê Thị Cúc", Code.NAME_LETTERS),
        ("Trương Vĩnh KÝ", "Trương Vĩnh KÝ", None),
        ("Ê ban Y Phôn", "Ê ban Y Phôn", None),
        ("Nguyễn Văn An 2", "Nguyễn Văn An 2", Code.NAME_ODD),
    ],
)
def test_a_name_keeps_its_letters_and_loses_its_stray_spaces(cell: str, name: str, code: Code | None) -> None:
    found, wrong = values.full_name(cell)

    assert found == name
    assert (wrong.code if wrong else None) == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Kinh", "01"),
        ("H'Mông", "08"),
        ("Mèo", "08"),
        ("ê đê", "12"),
        ("Kinh (Việt)", "01"),
        ("dân tộc Tày", "02"),
        (2, "02"),
    ],
)
def test_a_people_is_known_by_name_alias_and_code(cell: object, code: str) -> None:
    assert values.ethnicity(cell) == (code, None)


def test_class_names_are_the_same_class_however_they_are_typed() -> None:
    assert {values.class_key(values.class_name(c)[0] or "") for c in ("6A1", "6a1", "Lớp 6A1", " 6 A1 ")} == {"6a1"}
    assert values.class_key("6/1") != values.class_key("61")
    assert values.grade_of_class("10 Toán") == 10
    assert values.grade_of_class("Chồi 1") is None


def test_every_issue_has_a_sentence_that_takes_its_values() -> None:
    everything = {"text": "x", "limit": 1, "year": 1, "who": "cha", "column": "Lớp", "line": 2, "name": "6A"}

    assert set(SENTENCES) == set(Code)
    for code in Code:
        assert "%" not in issue(code, **everything).sentence
