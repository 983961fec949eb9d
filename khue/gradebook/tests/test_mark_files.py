"""Marks by workbook: the template, a preview line by line, all or nothing; and whatever else people upload."""

from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from khue.foundation import files, scope
from khue.foundation.errors import Forbidden, Refusal
from khue.foundation.models import AuditRow
from khue.foundation.workbooks import workbook
from khue.gradebook import actions, queries
from khue.gradebook.actions import TypedCell
from khue.gradebook.marks_workbook import BookColumn, NoMarkSheet, read
from khue.gradebook.models import EntryWindow, Mark, MarkImport, TermResult
from khue.gradebook.refusals import BookIsLocked, ImportHasProblems, ImportTaken, MarksMovedOn, NoMarkColumns
from tests.world import NOON, TODAY, actor, enrol

pytestmark = pytest.mark.django_db
HEADING = ["STT", "Mã", "Họ và tên", "TX 1", "TX 2", "Giữa kì", "Cuối kì"]


@pytest.fixture
def at(world):
    return world.here


@pytest.fixture
def book(at):
    return actions.open_book(actor=actor(at.teacher), class_subject=at.maths, term=at.term)


def sheet(*lines):
    """A workbook with these lines."""
    file = BytesIO()
    made = xlsxwriter.Workbook(file)
    page = made.add_worksheet()
    for number, line in enumerate(lines):
        page.write_row(number, 0, line)
    made.close()
    return file.getvalue()


def line(at, number, *marks, name=None):
    pupil = at.enrolments[number]
    return [number + 1, pupil.id, name or pupil.person.full_name, *marks]


def stored(at, content):
    return files.store(
        actor=actor(at.teacher), stream=BytesIO(content), name="diem.xlsx", purpose="gradebook.marks",
        organisation_id=at.organisation.id, at=NOON,
    )  # fmt: skip


def bring(at, book, *lines):
    return actions.bring_marks(actor=actor(at.teacher), book=book, file=stored(at, sheet(*lines)), at=NOON)


def take(at, brought):
    seen = queries.preview_of(actor(at.teacher), brought).seen
    return actions.take_marks(actor=actor(at.teacher), found=brought, seen=seen, at=NOON)


def marks():
    return sorted(Mark.objects.values_list("enrolment_id", "column__kind", "column__position", "tenths"))


def test_a_filled_template_goes_into_the_book_as_it_would_be_typed(at, book, client_of):
    client = client_of(at.teacher)
    got = b"".join(client.get(f"/marks/books/{book.public_id}/marks.xlsx").streaming_content)
    rows = workbook.read(got).sheets[0].rows
    assert rows[0][:7] == ["STT", "Mã", "Họ và tên", "TX 1", "TX 2", "TX 3", "TX 4"]
    rows[1][3:6] = [85, "8,5", 10.0]
    rows[2][3:6] = [7.3, "m", 0]

    page = client.post(
        f"/marks/books/{book.public_id}/bring/", {"file": BytesIO(sheet(*rows))}, follow=True
    ).content.decode()
    assert "Ghi 6 điểm vào sổ" in page
    assert not Mark.objects.exists()
    brought = MarkImport.objects.get()
    seen = queries.preview_of(actor(at.teacher), brought).seen
    client.post(f"/marks/imports/{brought.public_id}/", {"seen": seen})

    shown = [row.cells[:3] for row in queries.grid_of(book).rows]
    assert shown == [["8,5", "8,5", "10"], ["7,3", "M", "0"], ["", "", ""]]
    assert TermResult.objects.get(enrolment=at.enrolments[0]).mean_tenths == 90
    assert set(AuditRow.objects.values_list("verb", flat=True)) >= {
        "mark_import.brought", "mark_import.taken", "marks.recorded",
    }  # fmt: skip


def test_every_wrong_line_is_named_and_nothing_is_written(at, book):
    brought = bring(
        at, book, ["Trường THCS Mỹ An"], HEADING,
        line(at, 0, "8", "10,1", "", ""),
        line(at, 1, "9", name="Trần Thị Khác"),
        line(at, 2, "7", "tốt"),
        [9, 999_999_999, "Không Ai", "5"],
        line(at, 2, "6"),
    )  # fmt: skip

    found = queries.preview_of(actor(at.teacher), brought)

    assert [problem.line for problem in found.problems] == [3, 4, 5, 6, 7]
    assert "10,1" in found.problems[0].text
    assert "sắp xếp lệch" in found.problems[1].text
    with pytest.raises(ImportHasProblems):
        take(at, brought)
    assert not Mark.objects.exists()
    assert MarkImport.objects.get().taken_at is None


def test_an_empty_cell_keeps_the_mark_that_stands(at, book):
    first = queries.columns_of(book)[0]
    cell = TypedCell(first.id, at.enrolments[0].id, "9")
    actions.record_marks(actor=actor(at.teacher), book=book, cells=[cell], at=NOON)

    take(at, bring(at, book, HEADING, line(at, 0, "", "7"), line(at, 1, "6")))

    assert [row[1:] for row in marks()] == [("regular", 1, 90), ("regular", 2, 70), ("regular", 1, 60)]


def test_marks_that_changed_since_the_preview_are_not_written_over(at, book):
    brought = bring(at, book, HEADING, line(at, 0, "8"))
    seen = queries.preview_of(actor(at.teacher), brought).seen
    first = queries.columns_of(book)[0]
    cell = TypedCell(first.id, at.enrolments[0].id, "3")
    actions.record_marks(actor=actor(at.teacher), book=book, cells=[cell], at=NOON)

    with pytest.raises(MarksMovedOn):
        actions.take_marks(actor=actor(at.teacher), found=brought, seen=seen, at=NOON)

    assert [row[3] for row in marks()] == [30]


def test_a_file_is_taken_once(at, book):
    brought = bring(at, book, HEADING, line(at, 0, "8"))
    take(at, brought)

    with pytest.raises(ImportTaken):
        actions.take_marks(actor=actor(at.teacher), found=brought, seen="", at=NOON)


def test_a_sheet_of_names_alone_is_read_unless_two_pupils_share_one(at, book):
    enrol(at, "Nguyễn Văn A")
    enrol(at, "Lê Thị Út")

    brought = bring(at, book, ["Họ tên", "ĐĐGtx1", "ĐĐGck"], ["Lê  Thị Út", 8, 9], ["Nguyễn Văn A", 5, 5])

    found = queries.preview_of(actor(at.teacher), brought)
    assert [(change.heading, change.after) for change in found.changes] == [("TX 1", "8"), ("Cuối kì", "9")]
    assert [problem.line for problem in found.problems] == [3]


def test_columns_that_the_book_lacks_or_the_sheet_has_twice_are_told(at, book):
    brought = bring(at, book, ["Họ và tên", "TX 9", "TX 1", "tx1"], ["Nguyễn Văn A", 8, 8, 9])

    problems = queries.preview_of(actor(at.teacher), brought).problems

    assert [problem.line for problem in problems] == [0, 0]
    assert "TX 9" in problems[0].text


def test_a_column_outside_its_window_is_told_before_anything_is_written(at, book):
    EntryWindow.objects.create(
        organisation=at.organisation, term=at.term, kind="end",
        opens_on=TODAY.replace(year=2030), closes_on=TODAY.replace(year=2030),
    )  # fmt: skip
    brought = bring(at, book, HEADING, line(at, 0, "8", "", "", "9"))

    found = queries.preview_of(actor(at.teacher), brought)

    assert ["Cuối kì" in problem.text for problem in found.problems] == [True]
    with pytest.raises(ImportHasProblems):
        take(at, brought)
    assert not Mark.objects.exists()


def test_a_locked_book_takes_no_file(at, book):
    actions.lock_book(actor=actor(at.head), book=book, at=NOON)
    book.refresh_from_db()

    with pytest.raises(BookIsLocked):
        bring(at, book, HEADING, line(at, 0, "8"))

    assert not MarkImport.objects.exists()


def test_who_does_not_teach_brings_and_takes_nothing(at, book, world, client_of):
    with pytest.raises(Forbidden):
        actions.bring_marks(
            actor=actor(at.head), book=book, file=stored(at, sheet(HEADING, line(at, 0, "8"))), at=NOON
        )  # fmt: skip
    brought = bring(at, book, HEADING, line(at, 0, "8"))
    seen = queries.preview_of(actor(at.teacher), brought).seen

    for other in (at.head, world.elsewhere.teacher, at.pupils[0], at.guardians[0]):
        client = client_of(other)
        assert client.post(f"/marks/imports/{brought.public_id}/", {"seen": seen}).status_code == 404
        assert client.get(f"/marks/books/{book.public_id}/bring/").status_code == 404

    assert not Mark.objects.exists()


WRONG = {
    "empty": b"",
    "text": b"Ho va ten,TX 1\nNguyen Van A,8\n",
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "cut off": sheet(HEADING, [1, 2, "A", "8"])[:900],
    "no archive": b"PK\x03\x04" + bytes(100),
    "no pupils": sheet(["Ngày", "Số tiền"], ["1/9", 5000]),
    "nothing": sheet([]),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_sheet_of_marks_is_refused_on_the_page(at, book, client_of, what):
    sent = BytesIO(WRONG[what])
    sent.name = "diem.xlsx"

    answer = client_of(at.teacher).post(f"/marks/books/{book.public_id}/bring/", {"file": sent})

    assert answer.status_code == 422
    assert not MarkImport.objects.exists()


CELLS = st.one_of(
    st.text(max_size=12), st.integers(-(10**20), 10**20), st.floats(), st.booleans(), st.dates(), st.times(),
    st.sampled_from(["", "8", "8,5", 8.5, "Đ", "Họ và tên", "TX 1", "tx99", "Cuối kì", "Mã", 1, 2]),
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_no_sheet_makes_the_reader_fail(table):
    columns = [BookColumn(10, "regular", 1), BookColumn(11, "end", 1)]
    try:
        found = read([["Mã", "Họ và tên", "TX 1", "Cuối kì"], *table], columns, {1: "An", 2: "Bình"})
    except NoMarkSheet:
        pytest.fail("the heading was there")

    assert {cell.enrolment_id for cell in found.written} <= {1, 2}
    keys = [(cell.column_id, cell.enrolment_id) for cell in found.written]
    assert len(keys) == len(set(keys))


GOOD = sheet(HEADING, [1, 1, "An", "8", "9"])


@given(st.data())
def test_a_damaged_workbook_is_refused_or_read_and_never_crashes(data):
    good = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    try:
        rows = workbook.read(bytes(good)).sheets[0].rows
        read(rows, [BookColumn(10, "regular", 1)], {1: "An"})
    except (Refusal, NoMarkSheet):
        return


def test_the_preview_costs_the_same_for_three_and_thirty_pupils(at, book, client_of, django_assert_num_queries):
    brought = bring(at, book, HEADING, *(line(at, number, "8") for number in range(3)))
    client = client_of(at.teacher)
    client.get(f"/marks/imports/{brought.public_id}/")
    with django_assert_num_queries(QUERIES):
        client.get(f"/marks/imports/{brought.public_id}/")
    for number in range(27):
        enrol(at, f"Trần Thị {number}")
    more = bring(at, book, HEADING, *(line(at, number, "8") for number in range(30)))

    with django_assert_num_queries(QUERIES):
        client.get(f"/marks/imports/{more.public_id}/")


QUERIES = 14


def test_another_schools_files_do_not_exist(at, book, world):
    bring(at, book, HEADING, line(at, 0, "8"))

    with scope.of(actor(world.elsewhere.head)):
        assert not MarkImport.objects.exists()


def test_a_book_without_the_columns_of_the_sheet_is_told(at, book):
    with pytest.raises(NoMarkColumns):
        bring(at, book, ["Họ và tên", "Ghi chú"], ["Nguyễn Văn A", "8"])
