"""The same data are the same bytes, and the bytes give the data; what is not ours is refused."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from khue.records import content as contents
from khue.records.content import Content, Item, Pupil, Remark, Result, School, Subject, Unreadable, read, written
from khue.records.signing.xades import parsed
from khue.records.tests.test_signing import SHEET

#: Composed letters that XML may carry: what a form stores.
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co")), max_size=30).map(
    lambda text: contents._clean(text)
)


def of(kind):
    return st.builds(kind, **{each.name: TEXT for each in fields(kind)})


SHEETS = st.builds(
    Content, transcript=TEXT, sheet=TEXT, version=st.integers(1, 999), previous=TEXT, reason=TEXT, year=TEXT,
    grade=st.integers(1, 12), class_name=TEXT, homeroom_teacher=TEXT, completes=TEXT, school=of(School),
    pupil=of(Pupil), result=of(Result), subjects=st.lists(of(Subject), max_size=3).map(tuple),
    items=st.lists(of(Item), max_size=3).map(tuple), remarks=st.lists(of(Remark), max_size=2).map(tuple),
)  # fmt: skip


@given(SHEETS)
def test_a_sheet_is_the_same_bytes_each_time_and_reads_back_as_it_was(sheet):
    data = written(sheet)

    assert written(sheet) == data
    assert read(parsed(data), Content) == sheet
    assert etree.tostring(parsed(data), method="c14n", exclusive=True) == data


@given(SHEETS, SHEETS)
def test_two_sheets_that_differ_are_different_bytes(one, other):
    assert (written(one) == written(other)) == (one == other)


@given(st.text(max_size=60))
def test_any_text_a_form_may_hold_goes_into_a_sheet(text):
    sheet = Content(pupil=Pupil(text), remarks=(Remark("1", text),))

    again = read(parsed(written(sheet)), Content)

    assert written(again) == written(sheet)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'lan="1"', b'lan="x"'), (b'lan="1"', b'lan="1" la="1"'), (b"<HocSinh ", b"<HocSinh/><HocSinh "),
        (b"</NoiDung>", b"<Khac/></NoiDung>"), (b"</NoiDung>", b"chu</NoiDung>"),
        (b"</NoiDung>", b"<!--x--></NoiDung>"),
        (b"</NoiDung>", b"<?x y?></NoiDung>"), (b'phienBan="0.1', b'phienBan="0.2'), (b'Id="noi-dung"', b'Id="khac"'),
    ],
)  # fmt: skip
def test_what_this_version_does_not_write_it_does_not_read(old, new):
    data = written(SHEET)
    assert old in data

    with pytest.raises(Unreadable):
        read(parsed(data.replace(old, new, 1)), Content)


@given(st.binary(max_size=300))
def test_rubbish_is_refused_and_nothing_else(data):
    try:
        read(parsed(data), Content)
    except (Unreadable, etree.XMLSyntaxError, ValueError):
        return
    raise AssertionError("read rubbish")
