"""A sheet as it comes out of a printer: as wide as can be read, and money in thousands."""

from io import BytesIO

import openpyxl
import pytest

from khue.foundation.spreadsheets import Amount, Table, write_tables


def sheet(table: Table):
    file = BytesIO()
    write_tables(file, [table])
    return openpyxl.load_workbook(file).active


@pytest.mark.parametrize(
    ("columns", "paper", "across", "beside"),
    [(4, 9, 1, None), (10, 9, 1, None), (14, 8, 1, None), (27, 8, 2, "$A:$C")],
)
def test_what_is_too_wide_to_be_read_goes_on_a_larger_sheet_then_on_more(
    columns: int, paper: int, across: int, beside: str | None
) -> None:
    made = sheet(Table("TKB", [(f"6A{number}", 20) for number in range(columns)], [["Toán"] * columns], named=3))

    setup = made.page_setup
    assert (setup.paperSize, setup.fitToWidth or 1, setup.fitToHeight) == (paper, across, 0)
    assert (made.print_title_rows, made.print_title_cols) == ("$1:$1", beside)


def test_money_is_read_in_thousands_and_a_year_is_not() -> None:
    made = sheet(Table("", [("Số tiền", 14), ("Năm", 8)], [[Amount(1_250_000), 2026]]))

    assert [(cell.value, cell.number_format) for cell in made[2]] == [(1_250_000, "#,##0"), (2026, "General")]


def test_a_row_is_as_high_as_its_longest_text() -> None:
    lines = [["Nội dung giáo dục đ.", "A"], ["Hoạt động trải nghiệm, hướng nghiệp - Nguyễn Thị Ngọc", "A"]]
    made = sheet(Table("", [("Môn", 20), ("Lớp", 8)], lines))

    assert [made.row_dimensions[row].height for row in (2, 3)] == [None, 60]
