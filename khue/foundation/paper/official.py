"""The look of official paper in Word: Decree 30/2020/NĐ-CP, annex I.

Times New Roman 14, A4 with margins of 20, 20, 30 and 15 mm, page numbers in the upper margin from the second page.
Import it where a file is written: python-docx takes memory that most processes never need.
"""

from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from khue.foundation.text import printable

LETTERS = "Times New Roman"
BODY = 14


def new_document() -> Any:
    """An empty document of that look."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LETTERS, Pt(BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), LETTERS)
    style.element.rPr.rFonts.set(qn("w:cs"), LETTERS)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = ALIGN.CENTER
    _page_number(number)
    return document


def _page_number(paragraph: Any) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        run.font.size = Pt(BODY)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def heads(document: Any, *, superior: str, issuer: str) -> tuple[Any, Any]:
    """Who issues it, the name of the state and the motto. Returns the two cells, for what stands below."""
    left, right = two(document, Mm(65), Mm(100))
    line(left, superior, 12, first=True)
    line(left, issuer, 12, bold=True, first=not superior)
    rule(left, Mm(22))
    line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True, first=True)
    line(right, "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    rule(right, Mm(22))
    return left, right


def signature(cell: Any, lines: Sequence[str], name: str) -> None:
    """Who signs: lines of the office, room for the hand and the seal, the name."""
    for number, text in enumerate(lines):
        line(cell, text, BODY, bold=True, first=number == 0)
    for _ in range(4):
        line(cell, "", BODY)
    line(cell, name, BODY, bold=True)


def two(document: Any, left: Any, right: Any) -> tuple[Any, Any]:
    """Two cells without borders, side by side, that no page break parts."""
    table = document.add_table(rows=1, cols=2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    row = table.rows[0]
    whole = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(whole)
    for cell, width in zip(row.cells, (left, right), strict=True):
        cell.width = width
    for column, width in zip(table.columns, (left, right), strict=True):
        column.width = width
    return row.cells[0], row.cells[1]


def line(
    where: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, before: int = 0, after: int = 0,
    first: bool = False,
) -> Any:  # fmt: skip
    """A centred line. A cell comes with an empty paragraph, which the `first` line takes."""
    paragraph = where.paragraphs[0] if first else where.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    written = run(paragraph, text)
    written.bold, written.italic, written.font.size = bold, italic, Pt(size)
    return paragraph


def rule(where: Any, indent: Any) -> None:
    """A line across the middle, as below the name of the body and the motto."""
    paragraph = gap(where, 5)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


def run(paragraph: Any, text: str) -> Any:
    """Text without what no XML file may hold: control characters that came with a paste."""
    return paragraph.add_run(printable(text, "\u00a0"))


def gap(where: Any, points: int) -> Any:
    """An empty line of that height: a table and a rule need a paragraph of their own."""
    paragraph = where.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(points)
    return paragraph
