"""A period report as a Word file in the layout of Decree 30/2020/NĐ-CP: heads, title, tables, receivers, signature."""

from io import BytesIO
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.shared import Mm, Pt

from khue.foundation.paper.official import BODY, gap, heads, line, new_document, rule, run, signature, two
from khue.indicators.official_report import Paper, ShownTable, day_told
from khue.indicators.reporting import SOURCE

WIDTHS = (18, 74, 22, 22, 29)
CELL = 12


def word(paper: Paper) -> bytes:
    """The paper as .docx. In Vietnamese whoever asks: it is an official form."""
    document = new_document()
    left, right = heads(document, superior=paper.above.upper(), issuer=paper.issuer.upper())
    line(left, "Số:        /BC-", 13)
    line(right, _place_and_day(paper), 13, italic=True)
    line(document, "BÁO CÁO", BODY, bold=True, before=18)
    line(document, paper.title, BODY, bold=True)
    rule(document, Mm(62))
    grounds = line(document, f"Căn cứ: {SOURCE}; Quyết định số 131/QĐ-TTg ngày 25/01/2022.", BODY, italic=True, after=6)
    grounds.alignment = ALIGN.LEFT
    for number, table in enumerate(paper.tables, start=1):
        heading = line(document, f"{number}. {table.title}", BODY, bold=True, before=8, after=4)
        heading.alignment, heading.paragraph_format.keep_with_next = ALIGN.LEFT, True
        _table(document, table)
    note = line(document, "Ô ghi “chưa rõ” là chưa có số liệu, không phải bằng không.", CELL, italic=True, before=6)
    note.alignment, note.paragraph_format.keep_with_next = ALIGN.LEFT, True
    _feet(document, paper)
    stream = BytesIO()
    document.core_properties.title, document.core_properties.author = paper.title[:255], paper.issuer[:255]
    document.save(stream)
    return stream.getvalue()


def _place_and_day(paper: Paper) -> str:
    return f"{paper.place or '............'}, {day_told(paper.day)}"


def _table(document: Any, table: ShownTable) -> None:
    made = document.add_table(rows=1, cols=len(WIDTHS))
    made.style, made.autofit = "Table Grid", False
    for column, width in zip(made.columns, WIDTHS, strict=True):  # of the grid: not every program looks at the cells
        column.width = Mm(width)
    _filled(made.rows[0], ("Mã số", "Chỉ tiêu", "Đơn vị tính", "Số liệu", "Ghi chú"), bold=True)
    repeats = OxmlElement("w:tblHeader")  # the heading stands again on each page
    made.rows[0]._tr.get_or_add_trPr().append(repeats)
    for number, each in enumerate(table.lines, start=1):
        value = "chưa rõ" if each.value is None else f"{each.value:,}".replace(",", ".")
        row = made.add_row()
        _filled(row, (each.code, each.text, each.unit, value, each.note))
        if number == len(table.lines):  # no signature stands alone on a page
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True


def _filled(row: Any, texts: tuple[str, ...], *, bold: bool = False) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for place, (cell, text, width) in enumerate(zip(row.cells, texts, WIDTHS, strict=True)):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.alignment = ALIGN.CENTER if bold or place in (0, 2) else ALIGN.RIGHT if place == 3 else ALIGN.LEFT
        written = run(paragraph, text)
        written.bold, written.font.size = bold, Pt(CELL)


def _feet(document: Any, paper: Paper) -> None:
    gap(document, 10).paragraph_format.keep_with_next = True
    left, right = two(document, Mm(80), Mm(85))
    line(left, "Nơi nhận:", 12, bold=True, italic=True, first=True).alignment = ALIGN.LEFT
    for receiver in (f"- {paper.superior};", "- Lưu: VT."):
        line(left, receiver, 11).alignment = ALIGN.LEFT
    signature(right, paper.powers, paper.signer)
    for sentence in paper.proof:
        line(document, sentence, 11, italic=True).alignment = ALIGN.LEFT
