"""A period report as a workbook in the shape of a statistical form: one A4 sheet a table of lines, printed as it is.

Left above who reports and under which circular, right above whom it is for; the columns are lettered and numbered as in
forms of the statistics law; who made it and who signs stand below. The numbers of the forms are not known (domain
§1.8), so that their place says so.
"""

import tempfile
from collections.abc import Mapping
from math import ceil
from typing import Any, BinaryIO, cast

from khue.indicators.official_report import Paper, day_told
from khue.indicators.reporting import SOURCE

WIDTHS = (52, 10, 14, 14, 34)
LAST = len(WIDTHS) - 1
HEADINGS = ("Chỉ tiêu", "Mã số", "Đơn vị tính", "Số liệu", "Ghi chú")
LETTERS = ("A", "B", "C", "1", "2")
#: Points of a line of text; lines that fit one page with what stands above and below them.
LINE, ONE_PAGE = 16, 40
#: How many letters of this type stand in a column for each letter of its width.
LETTERS_OF_WIDTH = 1.2


def workbook(paper: Paper) -> BinaryIO:
    """The paper as .xlsx, at its beginning. In Vietnamese whoever asks: it is an official form."""
    import xlsxwriter  # here, because it takes 10 MB that most processes never need

    file = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  the caller closes it
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Báo cáo")
    looks = _looks(book)
    sheet.set_paper(9)
    sheet.center_horizontally()
    sheet.set_margins(left=0.8, right=0.6, top=0.8, bottom=0.8)
    # Shrunk a little to one page rather than the signature on a second one.
    sheet.fit_to_pages(1, int(sum(1 + len(table.lines) for table in paper.tables) <= ONE_PAGE))
    sheet.set_footer("&C&P/&N")
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    row = _rows(sheet, looks, paper, _heads(sheet, looks, paper))
    _feet(sheet, looks, paper, row + 1)
    book.close()
    file.seek(0)
    return file


def _looks(book: Any) -> Mapping[str, Any]:
    plain = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter", "text_wrap": True}
    grid = {**plain, "border": 1}
    return {
        name: book.add_format(look)
        for name, look in {
            "plain": {**plain, "text_wrap": False},
            "middle": {**plain, "align": "center"},
            "bold": {**plain, "bold": True, "align": "center"},
            "title": {**plain, "bold": True, "align": "center", "font_size": 14},
            "italic": {**plain, "italic": True, "align": "center"},
            "head": {**grid, "bold": True, "align": "center", "bg_color": "#EFEBE3"},
            "letter": {**grid, "italic": True, "align": "center"},
            "table": {**grid, "bold": True},
            "text": grid,
            "code": {**grid, "align": "center"},
            "number": {**grid, "num_format": "#,##0", "align": "right"},
            "unknown": {**grid, "italic": True, "align": "right"},
        }.items()
    }


def _heads(sheet: Any, looks: Mapping[str, Any], paper: Paper) -> int:
    """Returns the row below the headings."""
    for row, (left, right) in enumerate(
        (
            ("Biểu số: chưa đối chiếu", f"Đơn vị báo cáo: {paper.issuer}"),
            (f"Theo {SOURCE}", f"Đơn vị nhận báo cáo: {paper.superior}"),
        )
    ):
        sheet.write_string(row, 0, left, looks["plain"])
        sheet.merge_range(row, 2, row, LAST, right, looks["plain"])
    sheet.merge_range(3, 0, 3, LAST, paper.title.upper(), looks["title"])
    sheet.merge_range(4, 0, 4, LAST, f"Năm học {paper.period}", looks["italic"])
    for row, texts, look in ((6, HEADINGS, "head"), (7, LETTERS, "letter")):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, looks[look])
    sheet.repeat_rows(6, 7)
    sheet.freeze_panes(8, 0)
    return 8


def _rows(sheet: Any, looks: Mapping[str, Any], paper: Paper, row: int) -> int:
    for table in paper.tables:
        sheet.merge_range(row, 0, row, LAST, table.title, looks["table"])
        row += 1
        for each in table.lines:
            for column, text, look in ((0, each.text, "text"), (1, each.code, "code"), (2, each.unit, "code")):
                _said(sheet, row, column, text, looks[look])
            if each.value is None:
                sheet.write_string(row, 3, "chưa rõ", looks["unknown"])
            else:
                sheet.write_number(row, 3, each.value, looks["number"])
            _said(sheet, row, 4, each.note, looks["text"])
            # Not every program makes a row higher by itself.
            sheet.set_row(row, LINE * max(_lines(each.text, 0), _lines(each.note, 4)))
            row += 1
    return row


def _lines(text: str, column: int) -> int:
    return max(1, ceil(len(text) / (WIDTHS[column] * LETTERS_OF_WIDTH)))


def _said(sheet: Any, row: int, column: int, text: str, look: Any) -> None:
    if text:
        sheet.write_string(row, column, text, look)
    else:
        sheet.write_blank(row, column, None, look)


def _feet(sheet: Any, looks: Mapping[str, Any], paper: Paper, row: int) -> None:
    sheet.merge_range(row, 2, row, LAST, f"{paper.place or '............'}, {day_told(paper.day)}", looks["italic"])
    sheet.write_string(row + 1, 0, "Người lập biểu", looks["bold"])
    sheet.merge_range(row + 1, 2, row + 1, LAST, "\n".join(paper.powers), looks["bold"])
    sheet.set_row(row + 1, LINE * max(1, len(paper.powers)))
    sheet.write_string(row + 2, 0, "(Kí, họ tên)", looks["italic"])
    sheet.merge_range(row + 2, 2, row + 2, LAST, "(Kí, đóng dấu, họ tên)", looks["italic"])
    sheet.merge_range(row + 6, 2, row + 6, LAST, paper.signer, looks["bold"])
    for place, sentence in enumerate(("Ô ghi “chưa rõ” là chưa có số liệu, không phải bằng không.", *paper.proof)):
        sheet.write_string(row + 8 + place, 0, sentence, looks["plain"])
