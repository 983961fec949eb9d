"""Papers as teachers write them, and files that are none."""

import io
import random
import zipfile

import pytest
from docx import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import RGBColor
from hypothesis import given, settings
from hypothesis import strategies as st

from khue.assessment.tests.word_files import plain_paper, saved
from khue.assessment.word import papers
from khue.assessment.word.package import NotAWordFile
from khue.assessment.word.questions import Problem


def problems(question) -> list[str]:
    return [str(code) for code, _detail in question.problems]


def test_a_plain_paper_with_bold_keys():
    paper = papers.read(
        plain_paper(
            "SỞ GD&ĐT ĐỒNG THÁP\nĐỀ KIỂM TRA 15 PHÚT",
            "Câu 1. Thủ đô của nước ta là\nA. Huế\n**B. Hà Nội\nC. Đà Nẵng\nD. Vinh",
            "Câu 2: Hai cộng hai bằng\n**A. 4\nB. 5\nC. 6\nD. 7",
        )
    )

    assert [(q.number, q.stem, q.choices, q.key) for q in paper.questions] == [
        ("1", "Thủ đô của nước ta là", ("Huế", "<b>Hà Nội</b>", "Đà Nẵng", "Vinh"), 2),
        ("2", "Hai cộng hai bằng", ("<b>4</b>", "5", "6", "7"), 1),
    ]
    assert paper.outside == ("SỞ GD&ĐT ĐỒNG THÁP", "ĐỀ KIỂM TRA 15 PHÚT")


@pytest.mark.parametrize("mark", ["underline", "colour", "highlight", "star"])
def test_the_key_is_seen_however_teachers_mark_it(mark: str):
    document = Document()
    document.add_paragraph("Câu 1. Chọn số chẵn")
    for letter, text in zip("ABCD", ["1", "3", "6", "9"], strict=True):
        paragraph = document.add_paragraph()
        label = paragraph.add_run(f"*{letter}." if mark == "star" and letter == "C" else f"{letter}.")
        label.bold = True  # all labels are: that says nothing
        paragraph.add_run(f" {text}")
        if letter == "C":
            label.underline = mark == "underline"
            if mark == "colour":
                label.font.color.rgb = RGBColor(0xFF, 0, 0)
            if mark == "highlight":
                label.font.highlight_color = WD_COLOR_INDEX.YELLOW

    (question,) = papers.read(saved(document)).questions

    assert (question.key, question.choices) == (3, ("1", "3", "6", "9"))


def test_choices_on_one_line_and_in_two_columns():
    paper = papers.read(
        plain_paper(
            "Câu 1. Chọn đúng\nA. một\tB. hai\tC. ba\tD. bốn\nChọn B",
            "Câu 2. Chọn đúng\nA. một    C. ba\nB. hai    D. bốn\nĐáp án: C",
        )
    )

    assert [(q.choices, q.key) for q in paper.questions] == [(("một", "hai", "ba", "bốn"), key) for key in (2, 3)]


def test_keys_from_a_table_at_the_end():
    document = Document()
    for number in (1, 2, 3):
        document.add_paragraph(f"Câu {number}. Hỏi")
        for letter in "ABCD":
            document.add_paragraph(f"{letter}. trả lời {letter}")
    document.add_paragraph("ĐÁP ÁN")
    table = document.add_table(rows=2, cols=3)
    for column, (number, key) in enumerate([("1", "C"), ("2", "A"), ("3", "D")]):
        table.cell(0, column).text, table.cell(1, column).text = number, key

    paper = papers.read(saved(document))

    assert [q.key for q in paper.questions] == [3, 1, 4]


def test_keys_and_explanations_from_a_list_at_the_end():
    paper = papers.read(
        plain_paper(
            "Câu 1. Hỏi một\nA. a\nB. b\nC. c\nD. d",
            "Câu 2. Hỏi hai\nA. a\nB. b\nC. c\nD. d",
            "HƯỚNG DẪN GIẢI\nCâu 1. Chọn B\nVì thế.\nCâu 2. Chọn D",
        )
    )

    assert [q.key for q in paper.questions] == [2, 4]
    assert paper.questions[0].explanation == "Chọn B<br>Vì thế."


def test_a_shared_passage_stands_in_the_stem_of_each_of_its_questions():
    choices = "\nA. a\nB. b\nC. c\nD. d\nChọn A"
    paper = papers.read(
        plain_paper(
            "Câu 1. Hỏi một" + choices,
            "Đọc đoạn văn sau và trả lời các câu hỏi từ 2 đến 3:\nTrời xanh.",
            "Câu 2. Hỏi hai" + choices, "Câu 3. Hỏi ba" + choices, "Câu 4. Hỏi bốn" + choices,
        )
    )  # fmt: skip

    passage = "Đọc đoạn văn sau và trả lời các câu hỏi từ 2 đến 3:<br>Trời xanh.<br>"
    assert [q.stem for q in paper.questions] == ["Hỏi một", passage + "Hỏi hai", passage + "Hỏi ba", "Hỏi bốn"]


def test_what_cannot_be_used_is_in_the_result_with_its_reason():
    paper = papers.read(
        plain_paper(
            "Câu 1. Không có đáp án\nA. a\nB. b\nC. c\nD. d",
            "Câu 2. Nêu cảm nghĩ của em.",
            "Câu 3. Hai đáp án\n*A. a\n*B. b\nC. c\nD. d",
            "Câu 4. Thiếu một\nA. a\nB.\nC. c\nD. d\nChọn A",
            "Câu 4. Lặp số\nA. a\nB. b\nC. c\nD. d\nChọn A",
            "Câu 6. Đáp án lạ\nA. a\nB. b\nC. c\nD. d\nChọn E",
            "Câu 7. Lẻ $x\nA. a\nB. b\nC. c\nD. d\nChọn A",
        )
    )

    assert [(q.number, problems(q)) for q in paper.questions] == [
        ("1", ["no_key"]),
        ("2", ["no_choices"]),
        ("3", ["key_unclear"]),
        ("4", ["empty_choice", "number_repeated"]),
        ("4", ["number_repeated"]),
        ("6", ["key_outside"]),
        ("7", ["formula_open"]),
    ]
    assert [q.is_usable for q in paper.questions] == [False, False, False, False, True, False, True]


def test_tables_pictures_and_scripts_in_a_stem():
    document = Document()
    paragraph = document.add_paragraph("Câu 1. Chất H")
    paragraph.add_run("2").font.subscript = True
    paragraph.add_run("O < x")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "x", "y"
    picture = io.BytesIO()
    from PIL import Image

    Image.new("RGB", (4, 4)).save(picture, "PNG")
    document.add_picture(io.BytesIO(picture.getvalue()))
    for letter in "ABCD":
        document.add_paragraph(f"{letter}. {letter}{letter}")
    document.add_paragraph("Chọn D")

    paper = papers.read(saved(document))
    (question,) = paper.questions

    assert question.stem == (
        'Chất H<sub>2</sub>O &lt; x<table><tr><td>x</td><td>y</td></tr></table><img src="media:image1.png" alt="">'
    )
    assert paper.pictures["image1.png"].startswith(b"\x89PNG")


def test_bare_tex_is_put_between_dollars_where_it_is_certain():
    stem = r"Câu 1. Cho \vec{AB} và x^2+1. Tính wash\underline{ed}"
    (question,) = papers.read(plain_paper(f"{stem}\nA. a^3.\nB. 2\nC. 3\nD. 4\nChọn A")).questions

    assert question.stem == r"Cho $\vec{AB}$ và $x^2+1$. Tính wash<u>ed</u>"
    assert question.choices[0] == "$a^3$."


def packed(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 no zip",
        packed({"hello.txt": b"x"}),
        packed({"word/document.xml": b"<broken"}),
        packed({"word/document.xml": b"<other/>"}),
        packed({"word/document.xml": b"\x00" * (41 * 1024 * 1024)}),  # 40 kB packed
        packed({f"{number}": b"" for number in range(3_001)}),
        packed({"word/document.xml": b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'}),
        packed({"word/document.xml": (f'<w:document xmlns:w="{W}"><w:body>' + "<w:p>" * 5_000).encode()}),
    ],
    ids=["empty", "no zip", "no document", "broken", "other", "bomb", "many parts", "entities", "deep"],
)
def test_what_is_no_word_file_is_refused(data: bytes):
    with pytest.raises(NotAWordFile):
        papers.read(data)


def test_a_damaged_file_is_read_or_refused_and_never_breaks():
    whole = plain_paper("Câu 1. Hỏi\n**A. a\nB. b\nC. c\nD. d")
    dice = random.Random(7)
    for _ in range(150):
        damaged = bytearray(whole)
        for _byte in range(dice.randint(1, 30)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        try:
            papers.read(bytes(damaged))
        except NotAWordFile:
            continue


LINES = st.lists(
    st.sampled_from(
        ["Câu 1.", "Câu 2: x", "A.", "A. a", "B. b", "C. c\tD. d", "Chọn A", "ĐÁP ÁN", "1.A 2.B", "PHẦN I", "$x", "",
         "Đọc đoạn văn sau, từ câu 1 đến câu 2", "Lời giải", "1. y", "----HẾT----", "\\frac{", "Câu 1-2"]
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=150)
@given(lines=LINES)
def test_no_line_of_a_paper_is_lost_whatever_their_order(lines: list[str]):
    from khue.assessment.word.pieces import Kind, Piece
    from khue.assessment.word.plain_papers import questions_of

    numbered = [f"{line} [{place}]" for place, line in enumerate(lines)]
    questions, outside = questions_of([[(Piece(Kind.TEXT, text),)] for text in numbered])

    shown = " ".join(" ".join([q.stem, *q.choices, q.explanation]) for q in questions)
    shown += " ".join(piece.text for line in outside for piece in line)
    lost = [lines[n] for n in range(len(lines)) if f"[{n}]" not in shown]
    assert [line for line in lost if line != "1.A 2.B"] == []  # keys are read as keys


def test_every_problem_says_what_to_do():
    from khue.assessment.problem_texts import text_of

    assert all(text_of(problem, "3").text for problem in Problem)
