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
    cells_of(other).first.focus()
    other.keyboard.type("6")
    other.keyboard.press("Enter")
    saved(other)
    assert list(Mark.objects.values_list("tenths", flat=True)) == [60]
