"""How values look in both languages."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation

from khue.foundation.ui import formats, people

MORNING = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tenths", "vietnamese", "english"),
    [(85, "8,5", "8.5"), (100, "10", "10"), (70, "7", "7"), (0, "0", "0"), (None, "–", "–")],
)
def test_a_mark_is_shown_on_a_scale_of_ten(tenths, vietnamese, english):
    with translation.override("vi"):
        assert formats.as_mark(tenths) == vietnamese
    with translation.override("en"):
        assert formats.as_mark(tenths) == english


@pytest.mark.parametrize(
    ("value", "decimals", "vietnamese", "english"),
    [
        (1250, None, "1.250", "1,250"),
        (-1234567.5, None, "-1.234.567,5", "-1,234,567.5"),
        (Decimal("8.25"), None, "8,25", "8.25"),
        (96.44, 1, "96,4", "96.4"),
        (0, None, "0", "0"),
        (None, None, "–", "–"),
    ],
)
def test_a_number_has_the_separators_of_the_language(value, decimals, vietnamese, english):
    with translation.override("vi"):
        assert formats.as_number(value, decimals) == vietnamese
    with translation.override("en"):
        assert formats.as_number(value, decimals) == english


def test_an_instant_is_shown_on_the_vietnamese_clock():
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)

    assert formats.as_datetime(late) == "00:30 23/11/2026"
    assert formats.as_date(late) == "23/11/2026"
    assert formats.as_time(late) == "00:30"


def test_days_and_lesson_times_are_shown_as_they_are():
    assert formats.as_date(date(2014, 9, 5)) == "05/09/2014"
    assert formats.as_time(time(7, 5)) == "07:05"
    assert formats.as_date(None) == "–"


def test_money_is_whole_dong():
    assert formats.as_money(1_250_000) == "1.250.000\N{NO-BREAK SPACE}₫"


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 B"), (999, "999 B"), (1000, "1,0 kB"), (48_211, "48 kB"), (999_600, "1,0 MB"), (1_234_567, "1,2 MB")],
)
def test_a_file_size_has_at_most_three_digits(size, shown):
    assert formats.as_file_size(size).replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=20), "vừa xong"),
        (timedelta(minutes=5), "5 phút trước"),
        (timedelta(hours=3, minutes=59), "3 giờ trước"),
        (timedelta(days=2), "2 ngày trước"),
        (timedelta(days=8), "15/11/2026"),
        (-timedelta(minutes=10), "sau 10 phút"),
    ],
)
def test_what_was_lately_is_told_in_words(ago, shown):
    assert formats.as_relative_time(MORNING - ago, at=MORNING) == shown


def test_initials_are_of_family_and_given_name():
    assert [people.initials(name) for name in ("Nguyễn Văn An", "Thò", "đỗ  ánh", "")] == ["NA", "T", "ĐÁ", "?"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_hours_and_days_are_read_as_people_write_them(language):
    with translation.override(language):
        for typed, hours in (("14:30", 14), ("14h30", 14), ("14g30", 14), ("14.30", 14), ("7h30", 7)):
            assert forms.TimeField().clean(typed) == time(hours, 30), typed
        assert {forms.TimeField().clean(typed) for typed in ("7h", "7g", "07:00", "07:00:00")} == {time(7)}
        for typed in ("1/2/2010", "01/02/2010", "1-2-2010", "01.02.2010", "2010-02-01"):
            assert forms.DateField().clean(typed) == date(2010, 2, 1), typed
        for typed in ("25h", "7h60", "h30", "30/2/2010", "1/13/2010"):
            with pytest.raises(forms.ValidationError):
                (forms.TimeField() if "h" in typed else forms.DateField()).clean(typed)
