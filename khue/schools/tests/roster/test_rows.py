from datetime import date

from khue.foundation.workbooks import workbook
from khue.registry.queries import PartialDate
from khue.schools.roster import headings, rows
from khue.schools.roster.issues import Code
from khue.schools.roster.rows import GuardianRow, PupilRow
from khue.schools.tests.roster.workbooks import HEADINGS, roster
from khue.schools.tests.roster.workbooks import workbook as made

TODAY = date(2026, 11, 23)


def read(data: bytes) -> list[PupilRow]:
    sheet, heading = headings.heading_of(workbook.read(data).sheets, {})
    return list(rows.pupils(sheet.rows, first=heading.last + 1, mapping=heading.mapping, today=TODAY))


def codes(row: PupilRow) -> list[Code]:
    return [found.code for found in row.issues]


def test_a_whole_row_is_read() -> None:
    (row,) = read(roster([1, "8700000001", "Nguyễn Văn An", "02/03/2015", "Nam", "6A", 6, "0912345678"]))

    assert row == PupilRow(
        line=4,
        full_name="Nguyễn Văn An",
        moet_code="8700000001",
        birth=PartialDate(2015, 3, 2),
        sex="1",
        class_name="6A",
        grade=6,
        phone="0912345678",
    )


def test_blank_rows_totals_and_signatures_are_passed_over() -> None:
    found = read(
        roster(
            [1, None, "Lê An", "02/03/2015", "Nam", "6A"],
            [],
            [None, " ", " "],
            [3],
            [None, None, "Tổng số: 2 học sinh"],
            [None, None, None, "Đồng Tháp, ngày 5 tháng 9 năm 2026"],
            [None, None, "Người lập biểu"],
            [2, None, "Võ Bình", "2015", "Nữ", "6A"],
        )
    )

    assert [(row.line, row.full_name) for row in found] == [(4, "Lê An"), (11, "Võ Bình")]


def test_a_pupil_whose_name_is_missing_is_wrong_and_not_passed_over() -> None:
    found = read(roster([1, None, None, "02/03/2015", "Nam", "6A"], [2, None, " ", "03/03/2015", None, "6A"]))

    assert [(row.line, codes(row), row.is_wrong) for row in found] == [
        (4, [Code.NAME_MISSING], True),
        (5, [Code.NAME_MISSING], True),
    ]


def test_a_class_merged_over_its_pupils_is_the_class_of_each() -> None:
    def merge(book, sheet) -> None:
        sheet.merge_range(1, 1, 3, 1, "6A")

    data = made([["Họ và tên", "Lớp"], ["Lê An"], ["Võ Bình"], ["Đỗ Cúc"], ["Mai Dung", "6B"]], decorate=merge)

    assert [row.class_name for row in read(data)] == ["6A", "6A", "6A", "6B"]


def test_a_name_in_two_columns_is_one_name() -> None:
    data = made([["STT", "Họ và tên đệm", "Tên", "Lớp"], [1, "Nguyễn Thị", "Ánh", "6A"], [2, None, "Lò", "6A"]])

    assert [row.full_name for row in read(data)] == ["Nguyễn Thị Ánh", "Lò"]


def test_a_column_of_crosses_says_who_is_a_girl() -> None:
    data = made([["Họ và tên", "Nữ", "Lớp"], ["Lê An", "x", "6A"], ["Võ Bình", None, "6A"]])

    assert [row.sex for row in read(data)] == ["2", "1"]


def test_guardians_are_read_and_one_without_a_name_is_left_out_with_a_doubt() -> None:
    data = made(
        [
            ["Họ và tên", "Lớp", "Họ tên cha", "Năm sinh cha", "SĐT cha", "Họ tên mẹ", "SĐT mẹ"],
            ["Lê An", "6A", "Lê Ba", 1980, 912345678, None, "0987654321"],
        ]
    )
    (row,) = read(data)

    assert row.guardians == (GuardianRow("father", "Lê Ba", 1980, "0912345678"),)
    assert codes(row) == [Code.GUARDIAN_WITHOUT_NAME]
    assert not row.is_wrong


def test_a_formula_gives_its_value_and_the_workbook_counts_it() -> None:
    def formula(book, sheet) -> None:
        sheet.write_formula(3, 2, '="Lê "&"An"', value="Lê An")

    data = made([[], [], HEADINGS, [1, None, None, "02/03/2015", "Nam", "6A"]], decorate=formula)

    assert [row.full_name for row in read(data)] == ["Lê An"]
    assert workbook.read(data).formulas == 1


def test_a_broken_formula_is_read_as_blank_and_counted() -> None:
    def formula(book, sheet) -> None:
        sheet.write_formula(3, 5, "=VLOOKUP(1,A:B,9)", value="#REF!")

    data = made([[], [], HEADINGS, [1, None, "Lê An", "02/03/2015", "Nam"]], decorate=formula)

    assert [row.class_name for row in read(data)] == [None]
    assert workbook.read(data).broken == 1


def test_an_error_pasted_as_text_is_an_error_of_its_column() -> None:
    (row,) = read(roster([1, None, "Lê An", "02/03/2015", "Nam", "#N/A"]))

    assert codes(row) == [Code.CELL_ERROR]
    assert "#N/A" in row.issues[0].sentence


def test_what_is_wrong_and_what_is_doubtful_are_told_apart() -> None:
    wrong, doubtful = read(
        roster(
            [1, None, "Lê An", "29/02/2015", "Nam", "6A"],
            [2, None, "VÕ BÌNH", "02/03/2015", "?", "6A", 99, "12"],
        )
    )

    assert codes(wrong) == [Code.DATE_LEAP]
    assert wrong.is_wrong
    assert set(codes(doubtful)) == {
        Code.NAME_IN_CAPITALS,
        Code.SEX_UNREADABLE,
        Code.GRADE_UNREADABLE,
        Code.PHONE_UNREADABLE,
    }
    assert not doubtful.is_wrong


def test_a_number_that_contradicts_its_bearer_raises_doubts_only() -> None:
    data = made(
        [
            ["Họ và tên", "Lớp", "Ngày sinh", "Giới tính", "CCCD"],
            ["Lê An", "6A", "02/03/2015", "Nữ", "087215000001"],
            ["Võ Bình", "6A", "02/03/2016", "Nam", 87215000002],
        ]
    )
    first, second = read(data)

    assert (first.national_id, codes(first)) == ("087215000001", [Code.NUMBER_AGAINST_SEX])
    assert (second.national_id, codes(second)) == ("087215000002", [Code.NUMBER_AGAINST_BIRTH])
