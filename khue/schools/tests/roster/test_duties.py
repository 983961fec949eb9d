"""Duties as schools write them, read into subjects and classes."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.schools.roster.duties import REST, classes_of, duties_of


def read(text: str, classes: str = "") -> list[tuple[str, str]]:
    """Class and first word for the subject, in order."""
    return [(duty.class_name, duty.subjects[0]) for duty in duties_of(text, classes)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Toán 6A1, 6A2; Tin 7A1", [("6A1", "TOAN"), ("6A2", "TOAN"), ("7A1", "TIN")]),
        ("Toán (6A1, 6A2), Tin: 7A1", [("6A1", "TOAN"), ("6A2", "TOAN"), ("7A1", "TIN")]),
        ("Toán 6A1.\nTin 7A1.", [("6A1", "TOAN"), ("7A1", "TIN")]),
        ("Toán, Tiếng Việt 1A", [("1A", "TOAN"), ("1A", "TV")]),
        ("Toán 6A1, 2 + Tin 6/1, 2", [("6A1", "TOAN"), ("6A2", "TOAN"), ("6/1", "TIN"), ("6/2", "TIN")]),
        ("Văn 6A,B", [("6A", "NV"), ("6B", "NV")]),
        ("KHTN 9A1-9A3", [("9A1", "KHTN"), ("9A2", "KHTN"), ("9A3", "KHTN")]),
        ("TD lớp 6A1 (2 tiết), lớp 6A2", [("6A1", "GDTC"), ("6A2", "GDTC")]),
        ("Ngoại ngữ 1 6A1", [("6A1", "NN1")]),
        ("HĐTN-HN 6A1", [("6A1", "HDTNHN")]),
        ("Nội dung giáo dục của địa phương 6A1", [("6A1", "NDGDDP")]),
        ("Các môn 1A", [("1A", REST)]),
        ("Thiên văn 6A1", [("6A1", "Thiên văn")]),
        ("Toán 6A1 và 6A2, Lịch sử và Địa lí 7A1", [("6A1", "TOAN"), ("6A2", "TOAN"), ("7A1", "LSDL")]),
        ("Toán - 6A1", [("6A1", "TOAN")]),
        ("Toán 6A1-99", [("6A1", "TOAN"), ("6A99", "TOAN")]),
        ("Toán", []),
        ("", []),
    ],
)
def test_duties_are_read_as_schools_write_them(text: str, found: list[tuple[str, str]]) -> None:
    assert read(text) == found


def test_classes_may_stand_in_a_column_of_their_own() -> None:
    assert read("Toán, Tin", "6A1 và 6A2") == [("6A1", "TOAN"), ("6A2", "TOAN"), ("6A1", "TIN"), ("6A2", "TIN")]
    assert classes_of("Lớp 6A1") == ["6A1"]
    assert classes_of("không") == []


#: What is written again and again until a cell is full: as schools write, and what makes patterns go back and forth.
_FULL = ("Toán 6A1, 6A2; Tin 7A1; ", "Toán 6A1, ", "6A1-30,", "1", "1 ", "lớp ", "1 t ", " ", ". ", "(", "1a", "a")


@pytest.mark.parametrize("repeated", _FULL)
def test_a_cell_of_a_hundred_thousand_letters_takes_no_time(repeated: str) -> None:
    text = "1" + repeated * (100_000 // len(repeated))
    began = time.process_time()
    duties_of(text, text)
    assert time.process_time() - began < 0.05


@given(st.lists(st.sampled_from(["Toán", "6A1", "6A", "2", "B", "lớp ", "và", "1t", *" ,;:()+-./\n"])).map("".join))
def test_every_class_of_duties_is_one_that_the_text_begins_or_continues(text: str) -> None:
    for duty in duties_of(text):
        assert re.fullmatch(r"\d{1,2}([A-Za-zĐđ]{1,3}\d{0,2}|[/.]\d{1,2})|[A-Za-zĐđ]?\d{1,2}", duty.class_name), text
        assert duty.subjects[-1] == duty.subjects[-1].strip()


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_is_read_to_its_end(text: str, classes: str) -> None:
    for duty in duties_of(text, classes):
        assert duty.class_name[0].isdigit()
        assert duty.subjects
