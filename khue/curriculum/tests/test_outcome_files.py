"""Parsers of outcome files: what they read, and that nothing makes them fall over."""

import json
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.curriculum.outcome_case import parse_case
from khue.curriculum.outcome_csv import parse_csv
from khue.curriculum.outcome_files import LARGEST, decoded, format_of, parse
from khue.curriculum.outcome_nodes import MESSAGES, Parsed
from khue.curriculum.refusals import ColumnMissing, FileTooLarge, NotCase, TooManyRows, UnreadableFile
from khue.foundation.errors import Refusal

HEAD = "code,kind,parent,text\n"
DOCUMENT = "00000000-0000-4000-8000-000000000000"


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def item(number: int, text: str = "Nội dung", **more: object) -> dict[str, object]:
    return {"identifier": identifier(number), "fullStatement": text, "humanCodingScheme": f"C{number}", **more}


def child(number: int, parent: int | None, place: int = 1) -> dict[str, object]:
    above = DOCUMENT if parent is None else identifier(parent)
    return {
        "associationType": "isChildOf",
        "sequenceNumber": place,
        "originNodeURI": {"identifier": identifier(number), "uri": "x"},
        "destinationNodeURI": {"identifier": above, "uri": "x"},
    }


def package(items: list[Any], associations: list[Any]) -> str:
    return json.dumps(
        {"CFDocument": {"identifier": DOCUMENT}, "CFItems": items, "CFAssociations": associations}, ensure_ascii=False
    )


def errors(parsed: Parsed) -> list[tuple[int, str]]:
    return [(error.line, error.code) for error in parsed.errors]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_in_tree_order_with_any_separator(separator: str) -> None:
    rows = [
        ["Mã", "Loại", "Mã cha", "Nội dung"],
        ["A.1", "chủ đề", "A", "Số tự nhiên"],
        ["A", "Mạch nội dung", "", "Số"],
        ["A.1.1", "YÊU CẦU CẦN ĐẠT", "A.1", "So sánh  hai số"],
    ]
    parsed = parse_csv("\n".join(separator.join(row) for row in rows), grade=6)

    assert [(n.code, n.kind, n.grade) for n in parsed.nodes] == [
        ("A", "strand", 6),
        ("A.1", "topic", 6),
        ("A.1.1", "outcome", 6),
    ]
    assert parsed.nodes[2].text == "So sánh hai số"
    assert not parsed.errors


def test_decomposed_letters_are_composed() -> None:
    parsed = parse_csv(HEAD + "A,outcome,,Phe\u0301p\n", grade=6)

    assert parsed.nodes[0].text == "Phép"


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        (",strand,,Số", [(2, "no_code")]),
        ("A,strand,,", [(2, "no_text")]),
        ("A,chapter,,Số", [(2, "kind")]),
        (f"{'A' * 61},strand,,Số", [(2, "long_code")]),
        (f"A,strand,,{'x' * 2001}", [(2, "long_text")]),
        ("A,strand,,Số\nA,strand,,Hình", [(3, "twice")]),
        ("A,outcome,B,Số", [(2, "no_parent")]),
        ("A,outcome,B,Số\nB,strand,,", [(2, "no_parent"), (3, "no_text")]),
        ("A,outcome,,Số\nB,strand,A,Hình", [(3, "order")]),
        ("A,topic,B,Số\nB,topic,A,Hình", [(2, "circle"), (3, "circle")]),
        ("A,topic,A,Số", [(2, "circle")]),
        ("A,topic,A,Số\nB,outcome,A,Hình", [(2, "circle"), (3, "circle")]),
        ("A,strand", [(2, "no_text")]),
        ("\n,,,\n\n", []),
    ],
)
def test_each_wrong_row_is_named_with_what_is_wrong(rows: str, wrong: list[tuple[int, str]]) -> None:
    assert errors(parse_csv(HEAD + rows, grade=6)) == wrong


def test_a_wrong_grade_is_named() -> None:
    parsed = parse_csv("code,kind,parent,text,grade\nA,strand,,Số,13\nB,strand,,Số,\nC,strand,,Số,7", grade=6)

    assert errors(parsed) == [(2, "grade")]
    assert [(node.code, node.grade) for node in parsed.nodes] == [("B", 6), ("C", 7)]


@pytest.mark.parametrize("text", ["", "a,b,c", "code,kind\nA,strand", "đây là một bài văn"])
def test_a_file_without_the_columns_is_refused(text: str) -> None:
    with pytest.raises(ColumnMissing):
        parse_csv(text, grade=6)


def test_a_tree_deeper_than_any_curriculum_is_refused() -> None:
    rows = "".join(f"N{at},topic,{f'N{at - 1}' if at else ''},x\n" for at in range(14))

    assert errors(parse_csv(HEAD + rows, grade=6)) == [(14, "too_deep"), (15, "no_parent")]


def test_a_case_package_becomes_a_tree_in_its_own_order() -> None:
    text = package(
        [
            item(3, "Phép cộng", educationLevel=["06"]),
            item(2, "Số tự nhiên"),
            item(4, "Số nguyên", CFItemType="Chủ đề"),
            item(1, "Số", uri="https://case.example/1"),
        ],
        [child(3, 2), child(2, 1, 2), child(4, 1, 1), child(1, None)],
    )
    parsed = parse_case(text, grade=7)

    assert [(n.code, n.kind, n.grade) for n in parsed.nodes] == [
        ("C1", "strand", 7),
        ("C4", "topic", 7),
        ("C2", "topic", 7),
        ("C3", "outcome", 6),
    ]
    assert parsed.nodes[0].identifier == UUID(identifier(1))
    assert parsed.nodes[0].uri == "https://case.example/1"
    assert not parsed.errors


@pytest.mark.parametrize(
    ("items", "associations", "wrong"),
    [
        ([item(1), item(1)], [], [(2, "twice")]),
        ([item(1), item(2)], [child(1, 2), child(2, 1)], [(1, "circle"), (2, "circle")]),
        ([item(1)], [child(1, 1)], [(1, "circle")]),
        ([item(1)], [child(1, 99)], [(1, "no_parent")]),
        ([item(1), item(2), item(3)], [child(1, 2), child(1, 3)], [(1, "two_parents")]),
        ([item(1, "")], [], [(1, "no_text")]),
        ([item(1, 5)], [], [(1, "no_text")]),
        ([item(1, "a\x00b")], [], [(1, "bad_text")]),
        ([item(1, humanCodingScheme=["x"])], [], [(1, "long_code")]),
        ([item(1, uri=5)], [], [(1, "bad_text")]),
        (["x", 5, None, {}], [], [(1, "no_item"), (2, "no_item"), (3, "no_item"), (4, "no_item")]),
        ([item(1)], ["x", None, {"associationType": "isChildOf"}, child(7, 1)], []),
    ],
)
def test_each_wrong_item_is_named_with_what_is_wrong(
    items: list[Any], associations: list[Any], wrong: list[tuple[int, str]]
) -> None:
    assert errors(parse_case(package(items, associations), grade=6)) == wrong


def test_half_a_letter_cannot_be_stored_and_is_named() -> None:
    text = package([item(1, "x")], []).replace('"x"', '"\\ud800"')

    assert errors(parse_case(text, grade=6)) == [(1, "bad_text")]


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("{", UnreadableFile),
        ("[" * 100_000, UnreadableFile),
        ("[]", NotCase),
        ("null", NotCase),
        ('{"CFDocument": {}}', NotCase),
        ('{"CFDocument": {}, "CFItems": {}}', NotCase),
        ('{"CFDocument": {}, "CFItems": [], "CFAssociations": 1}', NotCase),
        ('{"CFDocument": [], "CFItems": []}', NotCase),
        ('{"CFDocument": {}, "CFItems": [' + "1," * 20_000 + "1]}", TooManyRows),
    ],
)
def test_what_is_no_case_package_is_refused(text: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        parse_case(text, grade=6)


def test_the_wrapped_form_of_some_exports_is_read() -> None:
    text = '{"CFPackage": ' + package([item(1)], []) + "}"

    assert len(parse_case(text, grade=6).nodes) == 1


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"x" * (LARGEST + 1), FileTooLarge),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", UnreadableFile),
        (b"PK\x03\x04\x14\x00\x06\x00\xff\x00", UnreadableFile),
        (b"a\x00b", UnreadableFile),
        (b"\xff\xfe\x00", UnreadableFile),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        decoded(content)


def test_text_of_excel_is_read_whichever_way_it_was_saved() -> None:
    text = "mã\tloại\tmã cha\tnội dung\n"

    assert decoded(text.encode("utf-16")) == decoded(text.encode("utf-8-sig")) == decoded(text.encode()) == text


def test_a_file_of_ten_megabytes_is_read_or_refused_quickly() -> None:
    rows = HEAD + "A,outcome,,x\n" * (LARGEST // 14)

    with pytest.raises(TooManyRows):
        parse(decoded(rows.encode()), "csv", grade=6)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for content in (text, HEAD + text):
        with suppress(Refusal):
            parsed = parse(content, format_of(content), grade=6)
            assert all(str(error.text) for error in parsed.errors)


cell = st.sampled_from(["", "A", "B", "C", "D", "strand", "topic", "outcome", "mạch", "Số", '"', "\x00", "7"])


@given(st.lists(st.lists(cell, max_size=6), max_size=12))
def test_any_table_gives_nodes_whose_parents_come_first(rows: list[list[str]]) -> None:
    with suppress(UnreadableFile):
        parsed = parse_csv(HEAD + "\n".join(",".join(row) for row in rows), grade=6)
        seen = {""}
        for node in parsed.nodes:
            assert node.parent in seen
            seen.add(node.key)
        assert len(seen) == len(parsed.nodes) + 1
        assert all(error.code in MESSAGES and error.text for error in parsed.errors)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([*map(identifier, range(4))]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
names = ["identifier", "fullStatement", "humanCodingScheme", "uri", "CFItemType", "educationLevel"]
links = ["associationType", "originNodeURI", "destinationNodeURI", "sequenceNumber"]


@given(
    st.lists(st.dictionaries(st.sampled_from(names), values) | values, max_size=5),
    st.lists(st.dictionaries(st.sampled_from(links), values | st.just("isChildOf")) | values, max_size=5),
)
def test_any_json_is_read_or_refused(items: list[Any], associations: list[Any]) -> None:
    with suppress(Refusal):
        for error in parse_case(package(items, associations), grade=6).errors:
            assert error.text
