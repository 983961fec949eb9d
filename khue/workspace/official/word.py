"""A layout as a Word file that the office can still change: Decree 30/2020/NĐ-CP, annex I.

Times New Roman 14, A4 with margins of 20, 20, 30 and 15 mm, page numbers in the upper margin from the second page.
"""

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt

from khue.workspace.official.layout import Layout, Signature
from khue.workspace.official.parts import Part, Role

LETTERS = "Times New Roman"
BODY = 14


def word(layout: Layout) -> bytes:
    """The document as .docx."""
    document = Document()
    _paper(document)
    _heads(document, layout)
    _title(document, layout)
    for number, part in enumerate(layout.parts, start=1):
        paragraph = _part(document, part)
        if number == len(layout.parts):  # no signature stands alone on a page
            paragraph.paragraph_format.keep_with_next = True
    _feet(document, layout)
    document.core_properties.title = "".join(filter(str.isprintable, layout.about))[:255]
    document.core_properties.author = layout.issuer[:255]
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _paper(document: Any) -> None:
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


def _heads(document: Any, layout: Layout) -> None:
    left, right = _two(document, Mm(65), Mm(100))
    _line(left, layout.superior, 12, first=True)
    _line(left, layout.issuer, 12, bold=True, first=not layout.superior)
    _rule(left, Mm(22))
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True, first=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    _rule(right, Mm(22))
    if layout.symbol:
        _line(left, layout.symbol, 13)
    _line(right, layout.place_and_day, 13, italic=True)
    if layout.is_letter:
        _line(left, layout.about, 12, before=6)
    if layout.stamp:
        _line(left, layout.stamp, 13, bold=True, before=6)


def _title(document: Any, layout: Layout) -> None:
    if layout.kind:
        _line(document, layout.kind, BODY, bold=True, before=18)
        _line(document, layout.about, BODY, bold=True)
        _rule(document, Mm(62))
    if layout.authority:
        _line(document, layout.authority, BODY, bold=True, before=6, after=6)
    if len(layout.to) == 1:
        _line(document, f"Kính gửi: {layout.to[0]}", BODY, before=12, after=6)
    elif layout.to:
        _line(document, "Kính gửi:", BODY, before=12).paragraph_format.left_indent = Cm(-4)
        for number, each in enumerate(layout.to, start=1):
            line = _line(document, f"- {each}{'.' if number == len(layout.to) else ';'}", BODY)
            line.alignment, line.paragraph_format.left_indent = ALIGN.LEFT, Cm(5)
    _gap(document, 6)


def _part(document: Any, part: Part) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.line_spacing = 1.15
    if part.role in (Role.ORDER, Role.CHAPTER):
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.keep_with_next = True
        _run(paragraph, part.text).bold = True
        return paragraph
    paragraph.alignment = ALIGN.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1)
    if part.label:
        _run(paragraph, f"{part.label} ").bold = True
    run = _run(paragraph, part.text)
    run.italic = part.role == Role.GROUND or None
    run.bold = part.role == Role.HEADING or None
    paragraph.paragraph_format.keep_with_next = part.role == Role.HEADING or None
    return paragraph


def _feet(document: Any, layout: Layout) -> None:
    _gap(document, 8).paragraph_format.keep_with_next = True
    if layout.copies:
        left, right = _two(document, Mm(80), Mm(85))
        heading = _line(left, "Nơi nhận:", 12, bold=True, italic=True, first=True)
        heading.alignment = ALIGN.LEFT
        for copy in layout.copies:
            _line(left, copy, 11).alignment = ALIGN.LEFT
        _signature(right, layout.signatures[0])
        return
    for cell, signature in zip(_two(document, Mm(82), Mm(83)), layout.signatures, strict=True):
        _signature(cell, signature)


def _signature(cell: Any, signature: Signature) -> None:
    for number, line in enumerate(signature.lines):
        _line(cell, line, BODY, bold=True, first=number == 0)
    for _ in range(4):
        _line(cell, "", BODY)
    _line(cell, signature.name, BODY, bold=True)


def _two(document: Any, left: Any, right: Any) -> tuple[Any, Any]:
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


def _line(
    where: Any, text: str, size: int, *, bold: bool = False, italic: bool = False, before: int = 0, after: int = 0,
    first: bool = False,
) -> Any:  # fmt: skip
    """A centred line. A cell comes with an empty paragraph, which the `first` line takes."""
    paragraph = where.paragraphs[0] if first else where.add_paragraph()
    paragraph.alignment = ALIGN.CENTER
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    run = _run(paragraph, text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return paragraph


def _rule(where: Any, indent: Any) -> None:
    """A line across the middle, as below the name of the body and the motto."""
    paragraph = _gap(where, 5)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


def _run(paragraph: Any, text: str) -> Any:
    """Text without what no XML file may hold: control characters that came with a paste."""
    return paragraph.add_run("".join(letter for letter in text if letter.isprintable()))


def _gap(where: Any, points: int) -> Any:
    """An empty line of that height: a table and a rule need a paragraph of their own."""
    paragraph = where.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(points)
    return paragraph
