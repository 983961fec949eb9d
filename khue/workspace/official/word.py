"""A layout as a Word file that the office can still change: Decree 30/2020/NĐ-CP, annex I."""

from io import BytesIO
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Cm, Mm, Pt

from khue.foundation.paper.official import BODY, gap, heads, line, new_document, rule, run, signature, two
from khue.workspace.official.layout import Layout
from khue.workspace.official.parts import Part, Role


def word(layout: Layout) -> bytes:
    """The document as .docx."""
    document = new_document()
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


def _heads(document: Any, layout: Layout) -> None:
    left, right = heads(document, superior=layout.superior, issuer=layout.issuer)
    if layout.symbol:
        line(left, layout.symbol, 13)
    line(right, layout.place_and_day, 13, italic=True)
    if layout.is_letter:
        line(left, layout.about, 12, before=6)
    if layout.stamp:
        line(left, layout.stamp, 13, bold=True, before=6)


def _title(document: Any, layout: Layout) -> None:
    if layout.kind:
        line(document, layout.kind, BODY, bold=True, before=18)
        line(document, layout.about, BODY, bold=True)
        rule(document, Mm(62))
    if layout.authority:
        line(document, layout.authority, BODY, bold=True, before=6, after=6)
    if len(layout.to) == 1:
        line(document, f"Kính gửi: {layout.to[0]}", BODY, before=12, after=6)
    elif layout.to:
        line(document, "Kính gửi:", BODY, before=12).paragraph_format.left_indent = Cm(-4)
        for number, each in enumerate(layout.to, start=1):
            entry = line(document, f"- {each}{'.' if number == len(layout.to) else ';'}", BODY)
            entry.alignment, entry.paragraph_format.left_indent = ALIGN.LEFT, Cm(5)
    gap(document, 6)


def _part(document: Any, part: Part) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.line_spacing = 1.15
    if part.role in (Role.ORDER, Role.CHAPTER):
        paragraph.alignment = ALIGN.CENTER
        paragraph.paragraph_format.keep_with_next = True
        run(paragraph, part.text).bold = True
        return paragraph
    paragraph.alignment = ALIGN.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1)
    if part.label:
        run(paragraph, f"{part.label} ").bold = True
    written = run(paragraph, part.text)
    written.italic = part.role == Role.GROUND or None
    written.bold = part.role == Role.HEADING or None
    paragraph.paragraph_format.keep_with_next = part.role == Role.HEADING or None
    return paragraph


def _feet(document: Any, layout: Layout) -> None:
    gap(document, 8).paragraph_format.keep_with_next = True
    if layout.copies:
        left, right = two(document, Mm(80), Mm(85))
        heading = line(left, "Nơi nhận:", 12, bold=True, italic=True, first=True)
        heading.alignment = ALIGN.LEFT
        for copy in layout.copies:
            line(left, copy, 11).alignment = ALIGN.LEFT
        signature(right, layout.signatures[0].lines, layout.signatures[0].name)
        return
    for cell, each in zip(two(document, Mm(82), Mm(83)), layout.signatures, strict=True):
        signature(cell, each.lines, each.name)
