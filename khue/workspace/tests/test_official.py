"""Documents on paper: the layout of Decree 30/2020/NĐ-CP, as values, as Word and as PDF."""

import re
import zlib
from contextlib import suppress
from datetime import date
from io import BytesIO

import pytest
from docx import Document as read_word
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from khue.foundation import paper
from khue.workspace import symbols
from khue.workspace.official.layout import Layout, Written, layout, lines_of, place_and_day
from khue.workspace.official.parts import Role, parts_of
from khue.workspace.official.word import word

BODY = """Căn cứ Luật Giáo dục ngày 14 tháng 6 năm 2019.
Theo đề nghị của Tổ trưởng tổ Toán,
Điều 1. Thành lập Ban tổ chức.
Chương II
I. Kinh phí
1. Chi từ ngân sách."""


def written(**changes: object) -> Written:
    given: dict[str, object] = {
        "superior": "Sở GD&ĐT Đồng Tháp", "issuer": "Trường THCS Mỹ An", "head": "Hiệu trưởng", "together": "",
        "kind": "decision", "symbol": "07/QĐ-THCSMA", "dated_on": date(2027, 1, 5), "place": "Mỹ An",
        "urgency": "normal",
        "addressee": "Các tổ chuyên môn", "summary": "Về việc thành lập Ban tổ chức", "body": BODY, "signed_for": "",
        "signer_title": "", "signer_name": "Trần Văn Bình", "copies": "",
    }  # fmt: skip
    return Written(**{**given, **changes})  # type: ignore[arg-type]  # built from names


def laid(**changes: object) -> Layout:
    return layout(written(**changes))


def test_a_decision_has_who_decides_its_grounds_and_articles():
    found = laid()

    assert (found.superior, found.issuer) == ("SỞ GD&ĐT ĐỒNG\u00a0THÁP", "TRƯỜNG THCS MỸ\u00a0AN")
    assert (found.symbol, found.place_and_day) == ("Số: 07/QĐ-THCSMA", "Mỹ An, ngày 05 tháng 01 năm 2027")
    assert (found.kind, found.authority) == ("QUYẾT ĐỊNH", "HIỆU TRƯỞNG TRƯỜNG THCS MỸ AN")
    assert [(part.role, part.label, part.text) for part in found.parts] == [
        (Role.GROUND, "", "Căn cứ Luật Giáo dục ngày 14 tháng 6 năm 2019;"),
        (Role.GROUND, "", "Theo đề nghị của Tổ trưởng tổ Toán."),
        (Role.ORDER, "", "QUYẾT ĐỊNH:"),
        (Role.ARTICLE, "Điều 1.", "Thành lập Ban tổ chức."),
        (Role.CHAPTER, "", "Chương II"),
        (Role.HEADING, "", "I. Kinh phí"),
        (Role.TEXT, "", "1. Chi từ ngân sách."),
    ]
    assert found.copies == ("- Các tổ chuyên môn;", "- Lưu: VT.")


def test_a_letter_has_its_matter_below_the_number_and_addresses_somebody():
    found = laid(
        kind="letter", symbol="", dated_on=None, summary="Về việc báo cáo sơ kết", addressee="Sở GD&ĐT; UBND xã."
    )

    assert (found.kind, found.about, found.authority) == ("", "V/v báo cáo sơ kết", "")
    assert found.symbol == "Số: ……/……"
    assert found.to == ("Sở GD&ĐT", "UBND xã")
    assert found.place_and_day == "Mỹ An, ngày …… tháng …… năm ………"
    assert found.copies == ("- Như trên;", "- Lưu: VT.")


@pytest.mark.parametrize(
    ("signed_for", "title", "lines"),
    [
        ("", "", ("HIỆU TRƯỞNG",)),
        ("KT.", "Phó Hiệu trưởng", ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG")),
        ("TL.", "Tổ trưởng tổ Văn phòng", ("TL. HIỆU TRƯỞNG", "TỔ TRƯỞNG TỔ VĂN PHÒNG")),
        ("Q.", "", ("Q. HIỆU TRƯỞNG",)),
        ("KT.", "", ("KT. HIỆU TRƯỞNG",)),
    ],
)
def test_powers_stand_above_the_office_of_who_signs(signed_for: str, title: str, lines: tuple[str, ...]):
    assert laid(signed_for=signed_for, signer_title=title).signatures[0].lines == lines


@pytest.mark.parametrize(
    ("signed_for", "title", "lines"),
    [
        ("", "", ("TM. UỶ BAN NHÂN DÂN", "CHỦ TỊCH")),
        ("KT.", "Phó Chủ tịch", ("TM. UỶ BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
        ("TL.", "Trưởng phòng", ("TL. CHỦ TỊCH", "TRƯỞNG PHÒNG")),
    ],
)
def test_a_commune_signs_on_behalf_of_all_who_decide(signed_for: str, title: str, lines: tuple[str, ...]):
    commune = {"issuer": "UBND xã Mỹ An", "head": "Chủ tịch", "together": "Uỷ ban nhân dân"}

    found = laid(**commune, signed_for=signed_for, signer_title=title)

    assert (found.signatures[0].lines, found.authority) == (lines, "UBND XÃ MỸ AN")


@pytest.mark.parametrize(("urgency", "stamp"), [("normal", ""), ("urgent", "KHẨN"), ("express", "HỎA TỐC")])
def test_an_urgent_document_says_so(urgency: str, stamp: str):
    assert laid(urgency=urgency).stamp == stamp


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 23), "Ngày 23 tháng 11 năm 2026"),
        (date(2026, 2, 9), "Ngày 09 tháng 02 năm 2026"),
        (date(2026, 3, 1), "Ngày 01 tháng 3 năm 2026"),
    ],
)
def test_days_below_ten_and_the_first_two_months_have_a_zero(day: date, said: str):
    assert place_and_day("", day) == said


@given(st.text(max_size=400), st.booleans())
def test_no_word_of_a_document_is_lost(body: str, decides: bool):
    found = parts_of(body, decides=decides)
    printed = "".join(f"{part.label}{part.text}" for part in found if part.text != "QUYẾT ĐỊNH:")

    def letters(text: str) -> list[str]:
        return [letter for letter in text if letter.isalnum()]

    assert letters(printed) == letters(body.replace("QUYẾT ĐỊNH", ""))


@given(st.text(max_size=200))
def test_lines_of_places_are_never_empty(text: str):
    assert all(line and line == line.strip() for line in lines_of(text))


@settings(max_examples=30)
@given(st.text(max_size=300), st.sampled_from(list(symbols.BY_CODE)))
def test_whatever_was_typed_becomes_a_word_file(text: str, kind: str):
    made = word(laid(kind=kind, body=text, summary=text[:50], addressee=text[:80], copies=text[:80]))

    assert made.startswith(b"PK")


def test_a_word_file_has_the_paper_letters_and_page_numbers_of_the_decree():
    file = read_word(BytesIO(word(laid())))
    section, normal = file.sections[0], file.styles["Normal"]

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert (normal.font.name, normal.font.size) == ("Times New Roman", Pt(14))
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml


def test_a_word_file_says_everything_in_its_place():
    file = read_word(BytesIO(word(laid())))
    heads, feet = ([cell.text for cell in table.rows[0].cells] for table in file.tables)
    lines = {line.text: line for line in file.paragraphs if line.text}

    assert heads[0].splitlines()[:2] == ["SỞ GD&ĐT ĐỒNG\u00a0THÁP", "TRƯỜNG THCS MỸ\u00a0AN"]
    assert "Số: 07/QĐ-THCSMA" in heads[0]
    assert heads[1].splitlines()[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert "Nơi nhận:" in feet[0]
    assert feet[1].split() == ["HIỆU", "TRƯỞNG", "Trần", "Văn", "Bình"]
    assert lines["QUYẾT ĐỊNH:"].alignment == ALIGN.CENTER
    assert lines["Căn cứ Luật Giáo dục ngày 14 tháng 6 năm 2019;"].runs[0].italic
    article = lines["Điều 1. Thành lập Ban tổ chức."]
    assert [run.bold for run in article.runs] == [True, None]
    assert article.alignment == ALIGN.JUSTIFY


@pytest.mark.usefixtures("press")
def test_a_decision_is_printed_on_one_page_and_a_long_letter_on_several():
    long = "\n".join("Thực hiện công văn của Sở Giáo dục và Đào tạo, nhà trường báo cáo. " * 3 for _ in range(25))

    def pages(found: Layout) -> int:
        printed = paper.pdf(paper.html("workspace/official.html", {"paper": found}))
        inside = b"".join(unpacked(printed))
        return inside.count(b"/Type /Page\n") + inside.count(b"/Type /Page/") + inside.count(b"/Type /Page ")

    assert pages(laid()) == 1
    assert pages(laid(kind="letter", body=long)) == 3


def unpacked(printed: bytes) -> list[bytes]:
    """The file, and each of its streams that can be inflated."""
    found = [printed]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", printed, re.S):
        with suppress(zlib.error):
            found.append(zlib.decompress(stream))
    return found
