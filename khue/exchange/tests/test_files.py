"""Files of the specification: written and read back the same; whatever else comes is refused or complained about."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khue.exchange import catalogue, checks, data_texts, ndc, sheets
from khue.exchange.catalogue import Kind, by_name
from khue.exchange.checks import Rule
from khue.exchange.envelope import Envelope
from khue.exchange.forms import declarable
from khue.exchange.judging import judge
from khue.foundation import workbooks
from khue.foundation.errors import Refusal

DAY = date(2026, 11, 23)
RULES = [
    Rule(r["code"], r["kind"], r["field"], r["check"], r["argument"], r["severity"] == "error", r["duty"], r["message"])
    for r in catalogue.shipped_rules()
]
ALLOWED = {kind.value: frozenset(by_name(kind)) for kind in Kind}
text = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12
)


def envelope(kind: Kind, payload: dict, key: str = "k") -> Envelope:
    now = "2026-11-23T12:00:00"
    return Envelope(IdBanGhi=key, Loai=kind, MaTruong="82", SuKien="NEW", PhienBan=3, ThoiGianCapNhat=now,
                    NgayCapNhat=now, DuLieu=payload)  # fmt: skip


@st.composite
def records(draw) -> Envelope:
    kind = draw(st.sampled_from(list(Kind)))
    makers = {
        "text": text, "code": text, "date": text, "int": st.integers(-(10**9), 10**9), "bool": st.sampled_from([0, 1]),
        "number": st.integers(0, 10**6) | st.floats(0, 1e6, allow_nan=False).map(lambda x: round(x, 3)),
        "object": st.dictionaries(st.sampled_from(["detail", "maxa", "hovaten"]), text, max_size=2),
        "list": st.lists(st.fixed_dictionaries({"mamonhoc": st.just("TOAN"), "diem": st.integers(0, 10)}), max_size=3),
    }  # fmt: skip
    names = draw(st.lists(st.sampled_from(sorted(by_name(kind))), max_size=6, unique=True))
    return envelope(kind, {name: draw(makers[by_name(kind)[name].type]) for name in names})


@settings(max_examples=60)
@given(st.lists(records(), max_size=4))
def test_json_reads_back_as_it_was_written(written):
    assert ndc.records_of_json(ndc.json_of(written)) == written


@settings(max_examples=60)
@given(st.lists(records(), max_size=4))
def test_xml_reads_back_as_it_was_written(written):
    """But for white space at the ends of lines, which XML may change, and empty parts, which say nothing."""

    def plain(record: Envelope) -> dict:
        return {name: value for name, value in record.DuLieu.items() if value not in ("", {}, [])}

    back = ndc.records_of_xml(ndc.xml_of(written))

    assert [(one.Loai, one.IdBanGhi, one.PhienBan) for one in back] == [
        (one.Loai, one.IdBanGhi, one.PhienBan) for one in written
    ]
    assert [plain(one) for one in back] == [plain(one) for one in written]


@settings(max_examples=120)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_bytes_that_are_no_file_are_refused(data):
    for read in (ndc.records_of_xml, ndc.records_of_json):
        try:
            judge(read(data), RULES, ALLOWED, DAY)
        except ndc.BrokenFile:
            continue


@settings(max_examples=60)
@given(st.lists(records(), min_size=1, max_size=2), st.integers(0, 3000), st.integers(1, 255))
def test_a_changed_file_is_read_or_refused_and_never_breaks(written, place, byte):
    for data, read in ((ndc.xml_of(written), ndc.records_of_xml), (ndc.json_of(written), ndc.records_of_json)):
        changed = bytearray(data)
        changed[place % len(changed)] ^= byte
        try:
            judge(read(bytes(changed)), RULES, ALLOWED, DAY)
        except ndc.BrokenFile:
            continue


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><DanhSach>&x;</DanhSach>',
        b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><DanhSach><Lop>&b;</Lop></DanhSach>',
        b"<DanhSach><Truong></Truong></DanhSach>", b"<DanhSach><La/></DanhSach>", b"<DanhSach>", b"",
        b"<DanhSach><Truong><PhienBan>-1</PhienBan></Truong></DanhSach>", b"\x00",
    ],
)  # fmt: skip
def test_a_hostile_or_broken_xml_is_refused(data):
    with pytest.raises(ndc.BrokenFile):
        ndc.records_of_xml(data)


@settings(max_examples=50)
@given(st.sampled_from(list(Kind)), st.lists(st.lists(st.none() | text | st.integers() | st.floats(), max_size=6)))
def test_any_sheet_is_read(kind, rows):
    heading = [title for title, _width in sheets.headings(kind, frozenset(by_name(kind)))]

    payloads = sheets.payloads_of(kind, [heading, *rows]) + sheets.payloads_of(kind, rows)

    checks.complaints(kind, payloads, RULES, DAY)
    assert all(payload.keys() <= by_name(kind).keys() for payload in payloads)


def test_a_cell_of_spaces_says_nothing():
    kind = Kind.STAFF
    heading = [title for title, _width in sheets.headings(kind, frozenset(by_name(kind)))]

    assert sheets.payloads_of(kind, [heading, [" "] * len(heading)]) == []


@settings(max_examples=50)
@given(records())
def test_a_sheet_reads_back_what_a_sheet_can_hold(record):
    kind, allowed = Kind(record.Loai), ALLOWED[record.Loai]
    heading = [title for title, _width in sheets.headings(kind, allowed)]
    (line,) = sheets.lines(kind, allowed, [record.DuLieu])

    back = sheets.payloads_of(kind, [heading, line])

    scalars = {n: v for n, v in record.DuLieu.items() if not isinstance(v, dict | list) and str(v).strip()}
    assert {n: v for n, v in (back[0] if back else {}).items() if not isinstance(v, dict)} == {
        n: v.strip() if isinstance(v, str) else v for n, v in scalars.items()
    }


@settings(max_examples=50)
@given(st.binary(max_size=300))
def test_bytes_that_are_no_workbook_are_refused(data):
    with pytest.raises(Refusal):
        workbooks.workbook.read(b"PK\x03\x04" + data)


def complaint_codes(kind: Kind, **fields: object) -> set[str]:
    return {one.rule.code for one in checks.complaints(kind, [fields], RULES, DAY)}


IDENTITY = {"hovaten": "Nguyễn Văn A", "gioitinh": "1", "quoctich": "VN", "dantoc": "01"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"sodinhdanh": "082215000001", "ngaythangnamsinh": "2015-03-02"}, set()),
        ({"sodinhdanh": "082315000001", "ngaythangnamsinh": "2015-03-02"}, {"number_sex"}),
        ({"sodinhdanh": "082216000001", "ngaythangnamsinh": "2015-03-02"}, {"number_year"}),
        ({"sodinhdanh": "082015000001", "ngaythangnamsinh": "2015-03-02"}, {"number_year"}),
        ({"sodinhdanh": "82215000001", "namsinh": "2015"}, {"number_form"}),
        ({"sodinhdanh": "０８２２１５０００００１", "namsinh": "2015"}, {"number_form"}),
        ({"sogiaytoxnc": "B123", "thangnamsinh": "2015-03", "quoctich": "LA"}, set()),
        ({"namsinh": "2015"}, {"number_missing"}),
        ({"sodinhdanh": "082215000001"}, {"birth_missing"}),
        ({"sodinhdanh": "082228000001", "ngaythangnamsinh": "2028-02-29"}, {"birth_form"}),
        ({"sodinhdanh": "082215000001", "ngaythangnamsinh": "2015-02-29"}, {"birth_form"}),
        ({"sodinhdanh": "082216000001", "ngaythangnamsinh": "2016-02-29"}, set()),
        ({"sodinhdanh": "082215000001", "namsinh": "2015", "quoctich": "vn"}, {"nationality"}),
        ({"sodinhdanh": "082215000001", "namsinh": "2015", "gioitinh": "3"}, {"sex"}),
        ({"sodinhdanh": "082215000001", "namsinh": "2015", "hovaten": ""}, {"name_missing"}),
    ],
)
def test_an_identity_is_complained_about_as_the_rules_say(fields, expected):
    assert complaint_codes(Kind.PUPIL_IDENTITY, **{**IDENTITY, **fields}) == expected


def test_every_shipped_rule_names_a_check_and_a_field_that_exist():
    assert [
        rule for rule in RULES if rule.check not in checks.CHECKS or rule.field not in by_name(Kind(rule.kind))
    ] == []


def test_every_text_of_the_data_is_in_the_catalogues():
    assert {rule.message for rule in RULES} == set(data_texts.MESSAGES)
    assert {field.label for field in declarable()} <= set(data_texts.LABELS)


def test_what_a_level_may_not_see_by_itself_is_sensitive_or_personal():
    """Health never leaves the school; what the Ministry is not told names a person."""
    hidden = {
        (field.kind, field.name): field.classed
        for kind in Kind
        for field in catalogue.fields_of(kind)
        if "ministry" not in field.sees
    }
    assert set(hidden.values()) == {"sensitive", "personal"}
    assert {("pupil", "nhommau"), ("pupil", "chieucao"), ("pupil", "cannang")} <= {(k.value, n) for k, n in hidden}
