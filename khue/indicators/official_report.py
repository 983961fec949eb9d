"""A period report as a Word file in the shape of Decree 30/2020/NĐ-CP: heads, title, the table, who signed."""

from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from khue.foundation.clock import VIETNAM
from khue.indicators.models import PeriodReport
from khue.indicators.reporting import BY_CODE, SOURCE

LETTERS = "Times New Roman"


def shown(report: PeriodReport) -> list[tuple[str, str, str, int | None, str]]:
    """Code, text, unit, figure and the reason of a correction, in the order of the form."""
    lines = []
    for code, line in BY_CODE.items():
        if code in report.figures:
            corrected = report.corrected.get(code)
            value = corrected["value"] if corrected else report.figures[code]
            lines.append((code, str(line.text), str(line.unit), value, corrected["reason"] if corrected else ""))
    return lines


def word(report: PeriodReport, *, title: str, superior: str) -> bytes:
    """The report as .docx. superior: who manages the school, in the upper left corner."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = LETTERS, Pt(13)
    style.paragraph_format.space_after = Pt(0)
    heads = document.add_table(rows=1, cols=2)
    _head(heads.cell(0, 0), superior.upper(), report.organisation.name.upper())
    _head(heads.cell(0, 1), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    for text in ("", "BÁO CÁO", title, ""):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(text).bold = True
    _table(document, report)
    document.add_paragraph()
    _feet(document, report)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _head(cell: Any, first: str, second: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    for number, text in enumerate((first, second)):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(text)
        run.font.size, run.bold = Pt(12), number == 1


def _table(document: Any, report: PeriodReport) -> None:
    lines = shown(report)
    table = document.add_table(rows=1, cols=5)
    table.style = "Table Grid"
    for cell, text in zip(
        table.rows[0].cells, (_("Mã"), _("Chỉ tiêu"), _("Đơn vị tính"), _("Số liệu"), _("Ghi chú")), strict=True
    ):
        cell.paragraphs[0].add_run(text).bold = True
    for code, text, unit, value, reason in lines:
        cells = table.add_row().cells
        for cell, said in zip(
            cells, (code, text, unit, _("chưa rõ") if value is None else str(value), reason), strict=True
        ):
            cell.text = said


def _feet(document: Any, report: PeriodReport) -> None:
    document.add_paragraph(_("Căn cứ: %(source)s; QĐ 131/QĐ-TTg.") % {"source": SOURCE})
    if report.signed_at is not None:
        signed = report.signed_at.astimezone(VIETNAM)
        document.add_paragraph(
            _("Người kí: %(name)s, lúc %(at)s, xác nhận bằng tài khoản.")
            % {"name": report.signed_by_name, "at": f"{signed:%H:%M %d/%m/%Y}"}
        )
        document.add_paragraph(f"SHA-256: {report.digest}")
