import pytest

from khue.foundation.workbooks import workbook
from khue.foundation.workbooks.refusals import NoSheet
from khue.schools.roster import fields, headings, refusals
from khue.schools.roster.fields import Field
from khue.schools.tests.roster.workbooks import HEADINGS
from khue.schools.tests.roster.workbooks import workbook as made


def found(rows, remembered=None, **more) -> headings.Heading:
    return headings.heading_of(workbook.read(made(rows, **more)).sheets, remembered or {})[1]


def test_the_headings_of_the_sector_database_are_all_known() -> None:
    heading = found([["UBND"], ["DANH SÁCH HỌC SINH"], [], HEADINGS])

    assert heading.first == heading.last == 3
    assert list(heading.mapping.values()) == [
        Field.ROW_NUMBER,
        Field.MOET_CODE,
        Field.FULL_NAME,
        Field.BIRTH_DATE,
        Field.SEX,
        Field.CLASS_NAME,
        Field.GRADE,
        Field.PHONE,
    ]


def test_every_heading_that_an_export_writes_is_understood_again() -> None:
    for field, label in fields.LABELS.items():
        if field is not Field.FEMALE_MARK:
            assert fields.KNOWN_HEADINGS[fields.heading_key(label)] is field


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("HỌ VÀ TÊN (*)", Field.FULL_NAME),
        ("Họ  tên\nhọc sinh", Field.FULL_NAME),
        ("Số ĐDCN", Field.NATIONAL_ID),
        ("Số CCCD/Định danh", Field.NATIONAL_ID),
        ("Ngày, tháng, năm sinh [dd/mm/yyyy]", Field.BIRTH_DATE),
        ("Họ tên bố", Field.FATHER_NAME),
        ("Điện thoại của mẹ", Field.MOTHER_PHONE),
        ("Họ và tên người giám hộ", Field.GUARDIAN_NAME),
        ("Ngày sinh".encode().decode(), Field.BIRTH_DATE),
        ("Dân tộc", Field.ETHNICITY),
    ],
)
def test_a_heading_is_known_however_it_is_written(written: str, field: Field) -> None:
    assert fields.KNOWN_HEADINGS[fields.heading_key(written)] is field


def test_a_heading_of_two_rows_is_joined() -> None:
    def merge(book, sheet) -> None:
        sheet.merge_range(0, 0, 1, 0, "Họ và tên")
        sheet.merge_range(0, 1, 1, 1, "Lớp")
        sheet.merge_range(0, 2, 0, 3, "Cha")
        sheet.merge_range(0, 4, 0, 5, "Thông tin mẹ")

    lower = [None, None, "Họ tên", "Năm sinh", "Họ tên", "SĐT"]
    heading = found([[], lower, ["Lê An", "6A", "Lê Ba", 1980, "Võ Tư", "0912345678"]], decorate=merge)

    assert (heading.first, heading.last) == (0, 1)
    assert list(heading.mapping.values()) == [
        Field.FULL_NAME,
        Field.CLASS_NAME,
        Field.FATHER_NAME,
        Field.FATHER_BIRTH_YEAR,
        Field.MOTHER_NAME,
        Field.MOTHER_PHONE,
    ]


def test_of_two_columns_with_one_heading_the_first_is_proposed_and_both_are_named() -> None:
    heading = found([["Họ và tên", "Lớp", "Ngày sinh", "Ngày sinh"]])

    assert heading.mapping == {0: Field.FULL_NAME, 1: Field.CLASS_NAME, 2: Field.BIRTH_DATE}
    assert heading.repeated == ("Ngày sinh",)
    assert [column.key for column in heading.columns] == ["ho va ten", "lop", "ngay sinh", "ngay sinh 2"]


def test_what_the_school_chose_before_wins_over_what_is_usual() -> None:
    heading = found([["Họ và tên", "Lớp", "Mã số riêng", "Địa chỉ"]], {"ma so rieng": Field.MOET_CODE, "dia chi": None})

    assert heading.mapping == {0: Field.FULL_NAME, 1: Field.CLASS_NAME, 2: Field.MOET_CODE}


def test_the_sheet_with_the_pupils_is_found_behind_a_cover_and_a_hidden_one() -> None:
    def more(book, sheet) -> None:
        hidden = book.add_worksheet("Ẩn")
        hidden.hide()
        hidden.write_row(0, 0, HEADINGS)
        book.add_worksheet("HS").write_row(4, 2, HEADINGS)

    sheet, heading = headings.heading_of(workbook.read(made([["Bìa"]], decorate=more)).sheets, {})

    assert (sheet.name, heading.first, heading.columns[0].index) == ("HS", 4, 2)


@pytest.mark.parametrize("rows", [[["Bìa"]], [["Họ và tên"]], [["a", "b"], ["c", "d"]], [["Lớp", "Ngày sinh"]]])
def test_a_sheet_without_a_heading_is_refused(rows) -> None:
    with pytest.raises(refusals.NoHeading):
        found(rows)


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(NoSheet):
        found([])


def test_forty_blank_columns_are_no_columns() -> None:
    heading = found([[*[None] * 40, "Họ và tên", "Lớp", *[" "] * 40]])

    assert heading.mapping == {40: Field.FULL_NAME, 41: Field.CLASS_NAME}
