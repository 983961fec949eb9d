import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.identity.handles import normal_form, phone


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678", "0912 345 678", "0912.345.678", "0912-345-678", "(0912) 345 678", "+84912345678",
        "+84 912 345 678", "84912345678", "0084912345678", "+84 (0) 912 345 678", "+840912345678",
        "０９１２３４５６７８", " 0912\u00a0345\u200b678 ",
    ],
)  # fmt: skip
def test_every_spelling_of_a_phone_number_is_one_number(typed: str) -> None:
    assert normal_form(typed) == ("phone", "+84912345678")


@pytest.mark.parametrize(
    ("old", "new"),
    [("0168 123 4567", "+84381234567"), ("01201234567", "+84701234567"), ("+84 199 1234567", "+84591234567")],
)
def test_an_eleven_digit_number_of_before_2018_is_todays_number(old: str, new: str) -> None:
    assert phone(old) == new


@pytest.mark.parametrize("typed", ["", "12345", "0112345678", "091234567", "09123456789", "+1 912 345 6789"])
def test_what_is_no_vietnamese_number_is_no_phone(typed: str) -> None:
    assert phone(typed) is None


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ("087215000123", "national_id", "087215000123"),
        ("087 215 000 123", "national_id", "087215000123"),
        ("Hoa.Le@THCSMyAn.edu.vn", "email", "hoa.le@thcsmyan.edu.vn"),
        ("HoaLT1234", "user_name", "hoalt1234"),
        ("024 3869 1234", "phone", "+842438691234"),
    ],
)
def test_a_handle_is_recognised_by_its_shape(typed: str, kind: str, value: str) -> None:
    assert normal_form(typed) == (kind, value)


@pytest.mark.parametrize("typed", ["a@b", "hoa lê", "' OR 1=1 --", "x" * 80, "@", "\x00"])
def test_what_is_no_handle_has_no_form(typed: str) -> None:
    assert normal_form(typed) is None


@given(st.text(max_size=60))
def test_a_normal_form_is_its_own_normal_form(typed: str) -> None:
    found = normal_form(typed)

    assert found is None or normal_form(found[1]) == found
