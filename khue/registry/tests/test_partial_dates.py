from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.registry.models import PartialDate, UnclearDate


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2015", PartialDate(2015)),
        ("03/2015", PartialDate(2015, 3)),
        ("3-2015", PartialDate(2015, 3)),
        ("02/03/2015", PartialDate(2015, 3, 2)),
        (" 2.3.2015 ", PartialDate(2015, 3, 2)),
        ("2015-03-02", PartialDate(2015, 3, 2)),
        ("2015-03", PartialDate(2015, 3)),
        ("29/02/2016", PartialDate(2016, 2, 29)),
        ("", PartialDate()),
    ],
)
def test_reads_what_people_type(text: str, read: PartialDate) -> None:
    assert PartialDate.parse(text) == read


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("29/02/2015", "day"),
        ("31/04/2015", "day"),
        ("00/04/2015", "day"),
        ("03/25/2015", "month"),
        ("13/2015", "month"),
        ("1/2/03", "two_digit_year"),
        ("01-02-15", "two_digit_year"),
        ("02/03/0015", "year"),
        ("9999", "year"),
        ("42065", "form"),
        ("20150302", "form"),
        ("tháng 3", "form"),
        ("٠٢/٠٣/٢٠١٥", "form"),
    ],
)
def test_refuses_what_is_unclear_and_says_why(text: str, reason: str) -> None:
    with pytest.raises(UnclearDate) as refusal:
        PartialDate.parse(text)

    assert refusal.value.reason == reason
    assert text in str(refusal.value)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_whole_day_survives_being_written_and_read(day: date) -> None:
    written = str(PartialDate.of(day))

    assert PartialDate.parse(written).whole == day


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnclearDate):
        assert PartialDate.parse(str(PartialDate.parse(text))) == PartialDate.parse(text)


def test_a_day_without_its_month_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="needs its month"):
        PartialDate(2015, None, 2)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [("2015", "02/03/2015", True), ("04/2015", "02/03/2015", False), ("", "2015", True), ("2014", "2015", False)],
)
def test_two_dates_agree_when_no_part_contradicts(one: str, other: str, agree: bool) -> None:
    assert PartialDate.parse(one).agrees_with(PartialDate.parse(other)) is agree
