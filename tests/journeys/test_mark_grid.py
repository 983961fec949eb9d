"""A teacher's hands on the mark grid, in Chromium."""

import pytest

from khue.foundation.models import AuditRow
from khue.gradebook import actions
from khue.gradebook.models import Mark
from tests.journeys.pages import ORIGIN, answer_by, violations
from tests.world import actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@pytest.fixture
def grid(browser_page, world, client_of):
    """The open mark-book of class 6A: the page, and the cells of its first pupil."""
    school = world.here
    book = actions.open_book(actor=actor(school.teacher), class_subject=school.maths, term=school.term)
    page = browser_page(reduced_motion="reduce")
    answer_by(client_of(school.teacher), page)
    page.goto(f"{ORIGIN}/marks/books/{book.public_id}/")
    page.wait_for_load_state("networkidle")
    return page


def cells_of(page, row=0):
    return page.locator("#marks tbody tr").nth(row).locator("td")


def saved(page):
    page.locator("#marks-state", has_text="Đã lưu").wait_for()


def test_a_column_is_typed_without_the_mouse(grid):
    cells_of(grid).first.focus()
    for typed in ("85", "7", "10"):
        grid.keyboard.type(typed)
        grid.keyboard.press("Enter")
    saved(grid)

    assert [cells_of(grid, row).first.inner_text() for row in range(3)] == ["8,5", "7", "10"]
    assert sorted(Mark.objects.values_list("tenths", flat=True)) == [70, 85, 100]
    assert violations(grid) == []


def test_a_block_from_excel_goes_in_at_once_and_comes_out_with_undo(grid):
    cells_of(grid).first.focus()
    grid.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "8,5\\t9\\r\\n6.5\\tM\\r\\n");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }"""
    )
    saved(grid)
    assert [cell for row in range(2) for cell in cells_of(grid, row).all_inner_texts()[:2]] == [
        "8,5", "9", "6,5", "M",
    ]  # fmt: skip
    assert Mark.objects.count() == 4

    grid.keyboard.press("Control+z")
    saved(grid)

    assert cells_of(grid).all_inner_texts()[:2] == ["", ""]
    assert Mark.objects.filter(tenths__isnull=False).count() == 0
    undone = AuditRow.objects.filter(verb="marks.recorded").order_by("-id")[0].details["cells"]
    assert sorted(cell[2:] for cell in undone) == [["6,5", ""], ["8,5", ""], ["9", ""], ["M", ""]]


def paste(page, text):
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        text,
    )


def shown(page, columns=2):
    return [cells_of(page, row).all_inner_texts()[:columns] for row in range(3)]


def test_a_block_with_names_before_its_marks_goes_to_the_rows_of_these_names(grid):
    names = grid.locator("#marks tbody th").all_inner_texts()
    cells_of(grid).first.focus()
    heading = "STT\tHọ và tên\tNgày sinh\tTX1\tTX2\r\n"
    paste(grid, f"{heading}1\t{names[2].upper()}\t02/03/2015\t85\t9\r\n2\t  {names[0]}\t5/6/2015\t7\t\r\n")
    saved(grid)

    assert shown(grid) == [["7", ""], ["", ""], ["8,5", "9"]]
    assert sorted(Mark.objects.values_list("tenths", flat=True)) == [70, 85, 90]


def test_names_that_are_not_of_the_class_are_told_and_their_marks_left_out(grid):
    first = grid.locator("#marks tbody th").first.inner_text()
    cells_of(grid).first.focus()
    paste(grid, f"{first}\t8\r\nĐỗ Thị Không Có\t3\r\n")
    saved(grid)

    grid.get_by_text("không rõ là em nào của lớp: Đỗ Thị Không Có").wait_for()
    assert shown(grid, 1) == [["8"], [""], [""]]
    assert list(Mark.objects.values_list("tenths", flat=True)) == [80]


def test_a_list_of_another_class_changes_nothing(grid):
    cells_of(grid).first.focus()
    paste(grid, "Đỗ Thị Không Có\t8\r\nĐỗ Văn Cũng Không\t3\r\n")

    grid.get_by_text("không tên nào trong bảng vừa chép có trong lớp này").wait_for()
    assert shown(grid) == [["", ""]] * 3
    assert not Mark.objects.exists()


def test_what_is_typed_without_a_line_is_sent_when_it_is_back(grid):
    grid.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no line')); }")
    cells_of(grid).first.focus()
    grid.keyboard.type("85")
    grid.keyboard.press("Enter")
    grid.locator("#marks-state", has_text="Mất mạng").wait_for()
    assert Mark.objects.count() == 0

    grid.reload()
    saved(grid)

    assert cells_of(grid).first.inner_text() == "8,5"
    assert list(Mark.objects.values_list("tenths", flat=True)) == [85]


def test_two_people_at_once_see_a_conflict_and_overwrite_nothing(grid, browser_page, world, client_of):
    other = browser_page(reduced_motion="reduce")
    answer_by(client_of(world.here.teacher), other)
    other.goto(grid.url)
    other.wait_for_load_state("networkidle")
    cells_of(grid).first.focus()
    grid.keyboard.type("8")
    grid.keyboard.press("Enter")
    saved(grid)

    cells_of(other).first.focus()
    other.keyboard.type("6")
    other.keyboard.press("Enter")
    other.locator("#marks-state", has_text="Người khác vừa ghi").wait_for()

    assert cells_of(other).first.inner_text() == "8"
    assert list(Mark.objects.values_list("tenths", flat=True)) == [80]
    other.keyboard.press("Control+z")  # there is nothing of one's own to undo
    other.wait_for_timeout(600)
    assert cells_of(other).first.inner_text() == "8"
    assert list(Mark.objects.values_list("tenths", flat=True)) == [80]
    cells_of(other).first.focus()
    other.keyboard.type("6")
    other.keyboard.press("Enter")
    saved(other)
    assert list(Mark.objects.values_list("tenths", flat=True)) == [60]
