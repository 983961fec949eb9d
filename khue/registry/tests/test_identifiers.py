import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.registry.models import PartialDate
from khue.registry.queries import check_legacy_school_code, check_moet_code, check_national_id, tidy_number


@pytest.mark.parametrize(
    ("number", "sex", "birth", "codes"),
    [
        ("087215001234", "1", "02/03/2015", []),
        ("087315001234", "2", "2015", []),
        ("087215001234", "2", "2015", ["sex"]),
        ("087215001234", "1", "2016", ["birth_year"]),
        ("087015001234", "1", "2015", ["century"]),
        ("087199001234", "1", "1998", ["sex", "birth_year"]),
        ("003215001234", "1", "2015", ["province"]),
        ("101215001234", "1", "2015", []),
        ("087215001234", "0", "", []),
        ("87215001234", "1", "2015", ["lost_zero"]),
        ("0872150012345", "1", "2015", ["length"]),
        ("08721500123A", "1", "2015", ["not_digits"]),
        ("", "1", "2015", []),
    ],
)
def test_a_personal_number_is_compared_with_sex_and_birth(number: str, sex: str, birth: str, codes: list[str]) -> None:
    found = check_national_id(number, sex=sex, birth=PartialDate.parse(birth))

    assert [warning.code for warning in found] == codes


@pytest.mark.parametrize(
    ("code", "codes"), [("8712345678", []), ("", []), ("871234", ["form"]), ("0312345678", ["province"])]
)
def test_a_sector_code_has_ten_digits_and_a_province(code: str, codes: list[str]) -> None:
    assert [warning.code for warning in check_moet_code(code)] == codes


@pytest.mark.parametrize(
    ("code", "codes"), [("79760501", []), ("87000701", []), ("797605", ["form"]), ("03760501", ["province"])]
)
def test_a_school_code_of_the_old_kind_has_eight_digits(code: str, codes: list[str]) -> None:
    assert [warning.code for warning in check_legacy_school_code(code)] == codes


@pytest.mark.parametrize("typed", ["'087215001234", "087 215 001 234", "087.215.001.234", "\ufeff087215001234 "])
def test_what_spreadsheets_put_around_a_number_is_taken_off(typed: str) -> None:
    assert tidy_number(typed) == "087215001234"


@given(st.text(max_size=20), st.text(max_size=2), st.integers(1900, 2100))
def test_warnings_never_raise(number: str, sex: str, year: int) -> None:
    for warning in check_national_id(number, sex=sex, birth=PartialDate(year)) + check_moet_code(number):
        assert str(warning.text)
