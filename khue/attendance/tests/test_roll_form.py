"""What a device may send as a roll: read by hand, so every kind of nonsense is tried."""

from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from khue.attendance.forms import KNOWN_KINDS, RollForm
from khue.attendance.queries import RollRow

ROWS = [RollRow(7, "Nguyễn Văn A", ""), RollRow(8, "Nguyễn Văn B", "")]


def filled(**typed: str) -> RollForm:
    data = QueryDict(mutable=True)
    data.update({"mode": "classroom", **typed})
    return RollForm(data, rows=ROWS, log=None)


def test_a_roll_says_who_is_not_there_and_for_how_long() -> None:
    form = filled(e7="M", m7=" 10 ", e8="", m8="0")

    assert form.is_valid()
    assert (form.absences(), form.minutes()) == ({7: "M"}, {7: 10})


def test_what_the_page_does_not_offer_is_refused_and_shown_again_as_typed() -> None:
    form = filled(e7="X", e8="M", m8="1000")

    assert not form.is_valid()
    assert len(form.non_field_errors()) == 2
    assert "Nguyễn Văn B" in form.non_field_errors()[1]
    assert [(line.kind, line.minutes) for line in form.lines] == [("X", ""), ("M", "1000")]


def test_fields_of_pupils_who_are_not_on_the_roll_say_nothing() -> None:
    form = filled(e9="K", m9="5")

    assert form.is_valid()
    assert (form.absences(), form.minutes()) == ({}, {})


@given(st.text(), st.text())
def test_whatever_is_sent_a_valid_roll_has_known_kinds_and_minutes_of_a_lesson(kind: str, minutes: str) -> None:
    form = filled(e7=kind, m7=minutes)

    if form.is_valid():
        assert set(form.absences().values()) <= KNOWN_KINDS
        assert all(0 < each <= 240 for each in form.minutes().values())
    else:
        assert form.non_field_errors()
