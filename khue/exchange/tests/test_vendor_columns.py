"""Files of other programs without a database: what a heading is, what a cell says, how rows stand to each other."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khue.exchange import sheets
from khue.exchange.catalogue import Field, Kind, by_name, fields_of
from khue.exchange.vendor.cells import Unread, read
from khue.exchange.vendor.columns import SETS, FieldSet, Found, found_in, known_headings, targets_of
from khue.exchange.vendor.comparing import FileRow, OwnRow, Standing, Trouble, compared, rows_of
from khue.foundation.workbooks import workbook
from khue.foundation.workbooks.workbook import Sheet

EVERYTHING = frozenset(field.name for kind in Kind for field in fields_of(kind))
cells = st.one_of(
    st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(),
    st.timedeltas(),
)  # fmt: skip


def sheet(*rows: Sequence[object], name: str = "Sheet1") -> Sheet:
    return Sheet(name, [list(row) for row in rows])  # type: ignore[arg-type]  # cells of a test


def found(*rows: Sequence[object], wanted: FieldSet | None = None) -> Found:
    result = found_in([sheet(*rows)], wanted, {})
    assert result is not None
    return result


# Figures are counted here and by other nodes; no other program has sheets of them.
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind != Kind.FIGURE])
def test_the_sheets_we_write_are_read_again(kind: Kind) -> None:
    titles = [title for title, _width in sheets.headings(kind, EVERYTHING)]

    columns = found(titles, ["x"] * len(titles), wanted=next(w for w in SETS if kind in SETS[w].kinds)).columns

    assert [column.target for column in columns].count(None) == 0


def test_the_set_is_told_by_the_headings_wherever_they_stand() -> None:
    school = found(["SỞ GD&ĐT ĐỒNG THÁP"], [], ["STT", "Mã trường", "Tên trường", "Có điện lưới"], [1, "823", "A", "x"])
    pupils = found(["Mã học sinh", "Họ và tên", "Ngày sinh", "Lớp"], ["1", "An", "02/03/2015", "6A"])
    staff = found(["Mã giáo viên", "Họ tên", "Trạng thái"], ["1", "An", "Đang làm việc"])

    assert (school.set, school.heading) == (FieldSet.SCHOOL, 2)
    assert [column.target for column in school.columns] == [None, "matruong", "tentruong", "CoDienLuoi"]
    assert (pupils.set, staff.set) == (FieldSet.PUPIL, FieldSet.STAFF)


def test_a_heading_of_two_rows_is_one() -> None:
    heading = (["Mã trường", "Địa chỉ", "Địa chỉ"], ["Mã trường", "Chi tiết", "Mã xã"])

    columns = found(*heading, ["823", "Ấp 1", "29869"]).columns

    assert [column.target for column in columns] == ["matruong", "address.detail", "address.maxa"]


def test_nothing_is_no_heading_and_what_was_said_before_is_kept() -> None:
    odd = sheet(["Mã cơ quan", "Điện"], ["823", "x"])

    assert found_in([odd], None, {}) is None
    assert found_in([], FieldSet.SCHOOL, {}) is None
    told = found_in([odd], FieldSet.SCHOOL, {("school", "ma co quan"): "matruong", ("school", "dien"): None})
    assert told is not None
    assert [column.target for column in told.columns] == ["matruong", None]


@pytest.mark.parametrize("which", list(FieldSet))
def test_every_alias_names_a_field_of_its_set(which: FieldSet) -> None:
    targets = targets_of(which)

    assert set(known_headings(which).values()) <= set(targets)
    for fields in SETS[which].keys:
        assert set(fields) <= set(targets)
    assert SETS[which].title in targets


@pytest.mark.parametrize(
    ("kind", "name", "cell", "said"),
    [
        (Kind.SCHOOL, "CoDienLuoi", "Có", 1), (Kind.SCHOOL, "CoDienLuoi", "X", 1),
        (Kind.SCHOOL, "CoDienLuoi", 0.0, 0), (Kind.SCHOOL, "CoDienLuoi", "không", 0),
        (Kind.SCHOOL, "CoDienLuoi", True, 1), (Kind.SCHOOL, "maloaihinhtruong", "Công lập", "1"),
        (Kind.SCHOOL, "matruong", 82300011.0, "82300011"), (Kind.SCHOOL, "DienTich", "12,5", 12.5),
        (Kind.SCHOOL, "sodiemtruong", "3", 3), (Kind.SCHOOL, "makhuvuc", "KV2-NT", "3"),
        (Kind.PUPIL_IDENTITY, "gioitinh", "Nữ", "2"), (Kind.PUPIL_IDENTITY, "dantoc", "Khơ-me", "05"),
        (Kind.PUPIL_IDENTITY, "ngaythangnamsinh", "2/3/2015", "2015-03-02"),
        (Kind.PUPIL_IDENTITY, "ngaythangnamsinh", date(2015, 3, 2), "2015-03-02"),
        (Kind.PUPIL_IDENTITY, "sodinhdanh", 82315000001, "082315000001"),
        (Kind.PUPIL, "makhoi", 6, "06"), (Kind.PUPIL, "makhoi", "Khối 10", "10"),
        (Kind.RESULT, "hocky", "HKII", "2"), (Kind.RESULT, "mahocluc", "Khá", "2"), (Kind.SCHOOL, "fax", "  ", None),
    ],
)  # fmt: skip
def test_words_and_numbers_are_read_as_the_specification_has_them(
    kind: Kind, name: str, cell: object, said: object
) -> None:
    assert read(by_name(kind)[name], "", cell) == said  # type: ignore[arg-type]  # a cell of a test


@pytest.mark.parametrize(
    ("name", "cell"),
    [("CoDienLuoi", "có thể"), ("DienTich", "rộng"), ("sodiemtruong", "1,5"), ("matruong", "8" * 21)],
)
def test_what_cannot_be_read_says_why(name: str, cell: str) -> None:
    unread = read(by_name(Kind.SCHOOL)[name], "", cell)

    assert isinstance(unread, Unread)
    assert unread.text
    assert str(unread.why)


@given(st.sampled_from([field for kind in Kind for field in fields_of(kind) if field.type not in ("object", "list")]),
       cells)  # fmt: skip
def test_no_cell_breaks_the_reading_and_what_is_read_fits_the_field(field: Field, cell: object) -> None:
    from khue.exchange.shapes import misshapen

    said = read(field, "", cell)  # type: ignore[arg-type]  # a cell of a test

    if said is not None and not isinstance(said, Unread):
        assert list(misshapen(field.kind, [{field.name: said}])) == []


OURS = OwnRow("1", "823", {"matruong": "823", "malop": "6A-2026-2027", "tenlop": "6A", "makhoi": "06"})


def row(line: int, **said: str | int) -> FileRow:
    return FileRow(line, said, {})


def test_rows_are_found_by_code_or_name_and_differ_field_by_field() -> None:
    ours = {"823": [OURS, OwnRow("2", "823", {"malop": "6B-2026-2027", "tenlop": "6B"})]}
    rows = [row(2, tenlop="6a", makhoi="07"), row(3, malop="7C"), row(4, malop="6A"), row(5), row(6, matruong="9")]

    done = compared(FieldSet.CLASS, rows, ours, "823")

    assert [(each.line, each.standing) for each in done] == [
        (2, Standing.DIFFERS), (3, Standing.UNKNOWN), (4, Standing.WRONG), (5, Standing.WRONG), (6, Standing.WRONG),
        (0, Standing.ABSENT),
    ]  # fmt: skip
    assert [(d.target, d.theirs, d.ours) for d in done[0].differences] == [("makhoi", "07", "06")]
    assert [each.troubles for each in done[2:5]] == [[Trouble.TWICE], [Trouble.NO_KEY], [Trouble.NO_SCHOOL]]
    assert done[5].title == "6B"


def test_two_of_one_name_are_neither() -> None:
    birth = {"hovaten": "Trần Thị An", "ngaythangnamsinh": "2015-03-02"}
    ours = {"823": [OwnRow("1", "823", birth), OwnRow("2", "823", birth)]}

    done = compared(FieldSet.PUPIL, [row(2, **birth)], ours, "823")

    assert done[0].standing is Standing.UNKNOWN


texts = st.text("6AB0 -x", max_size=6)
said_rows = st.dictionaries(st.sampled_from(["matruong", "malop", "tenlop", "makhoi"]), texts, max_size=4)


@given(st.lists(said_rows, max_size=12))
def test_every_row_has_one_standing_and_no_record_is_met_twice(said: list[dict[str, str]]) -> None:
    rows = [row(line, **each) for line, each in enumerate(said, start=2)]

    done = compared(FieldSet.CLASS, rows, {"823": [OURS]}, "823")

    assert [each.line for each in done if each.line] == [each.line for each in rows]
    met = [each for each in done if each.standing in (Standing.SAME, Standing.DIFFERS)]
    assert len(met) + sum(each.standing is Standing.ABSENT for each in done) <= 1 or not rows
    assert len(met) <= 1


def test_a_row_compared_with_itself_is_the_same() -> None:
    payload = {"matruong": "823", "tentruong": "THCS Mỹ An", "CoDienLuoi": 1, "DienTich": 12.5}
    titles = ["Mã trường", "Tên trường", "Có điện lưới", "Diện tích (m²)"]

    rows = list(rows_of(found(titles, ["823", "THCS  Mỹ An", "x", "12,5"]), EVERYTHING))

    done = compared(FieldSet.SCHOOL, rows, {"823": [OwnRow("s", "823", payload)]}, "")
    assert [each.standing for each in done] == [Standing.SAME]


@given(st.lists(st.lists(cells, max_size=8), max_size=8), st.none() | st.sampled_from(FieldSet))
def test_no_table_breaks_the_search_for_a_heading(table: list[list[object]], wanted: FieldSet | None) -> None:
    result = found_in([sheet(*table)], wanted, {})

    if result is not None:
        for each in rows_of(result, EVERYTHING):
            assert each.said or each.unread


def test_a_real_workbook_with_a_formula_and_a_merged_area() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Mã trường", "Tên lớp", "Khối"])
    page.append(["823", "6A", "=3+3"])
    page.append([None, "6B", 6])
    page.merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)

    read_book = workbook.read(file.getvalue())
    result = found_in(read_book.sheets, None, {})

    assert read_book.formulas == 1
    assert result is not None
    said = [dict(each.said) for each in rows_of(result, EVERYTHING)]
    assert said == [{"matruong": "823", "tenlop": "6A"}, {"matruong": "823", "tenlop": "6B", "makhoi": "06"}]


def test_cells_of_every_type_are_written_as_text() -> None:
    field = by_name(Kind.SCHOOL)["website"]

    for cell in (datetime(2026, 1, 2), date(2026, 1, 2), time(1, 2), timedelta(1), True, 1.5):
        assert isinstance(read(field, "", cell), str)
