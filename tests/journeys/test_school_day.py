"""One school day with six people in real browsers, from the roster in the morning to the province's indicator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from khue.assessment.models import Attempt, Response
from khue.foundation import clock, scope
from khue.foundation.tests.conftest import Node, node, wait_until  # noqa: F401  a fixture
from khue.identity.models import Account
from khue.indicators.models import IndicatorCount
from khue.registry.models import Person
from khue.schools.models import Enrolment
from tests.journeys.day import PUPILS, Day, make_today_a_school_day, paper, roster_file, running
from tests.world import World, account
from tests.world import world as a_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opens = Callable[..., "Page"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.resilience
def test_a_school_day(node: Node, tmp_path: Path, browser_page: Opens) -> None:  # noqa: F811  the fixture
    with scope.of_organisation(None):
        world = a_world(pupils=0)
        slot = make_today_a_school_day(world)
    with running(node, tmp_path) as day:
        head = day.open(browser_page(), world.here.head)
        teacher = day.open(browser_page(), world.here.teacher)

        the_head_imports_the_roster(day, head)
        pupils, mothers = accounts_of_the_imported(world)
        assignment = the_teacher_imports_a_paper_and_sets_a_test(day, teacher)
        before = counted(world, "A2")
        the_pupils_take_the_test(day, browser_page, pupils, assignment)
        the_marks_appear(day, teacher)
        the_teacher_takes_the_roll(day, teacher, str(slot.public_id))
        the_guardian_sees_the_mark_and_hears_of_the_absence(day, browser_page, mothers)
        the_head_sees_how_far_the_news_came(day, head)
        the_indicator_moves(day, browser_page, world, before)
        nobody_elsewhere_finds_anything(day, browser_page, world)


def the_head_imports_the_roster(day: Day, page: Page) -> None:
    page.goto(f"{day.address}/rosters/")
    day.look(page)
    page.locator("input[type=file]").set_input_files({"name": "6A.xlsx", "mimeType": XLSX, "buffer": roster_file()})
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Xem trước").wait_for()
    day.look(page)
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Nhập 3 học sinh").wait_for()
    day.look(page)
    page.get_by_role("button", name="Nhập 3 học sinh").click()
    page.wait_for_url("**/jobs/**")
    page.get_by_role("link", name="Xem kết quả").wait_for()  # nobody reloads: the page follows its job
    day.look(page)
    with scope.of_organisation(None):
        wait_until(lambda: Enrolment.objects.count() == 3 + 2)  # class 6A elsewhere has two


def accounts_of_the_imported(world: World) -> tuple[list[Account], list[Account]]:
    """Accounts of the pupils and their mothers, in the order of the file: what the school's slips open."""
    with scope.of_organisation(None):
        people = [[Person.objects.get(full_name=name) for name in names] for names in zip(*PUPILS, strict=True)]
        return tuple(
            [of(person, role, world) for person in row] for row, role in zip(people, ("pupil", "guardian"), strict=True)
        )  # type: ignore[return-value]


def of(person: Person, role: str, world: World) -> Account:
    return Account.objects.filter(person=person).first() or account(person, role, world.here.organisation)


def the_teacher_imports_a_paper_and_sets_a_test(day: Day, page: Page) -> str:
    page.goto(f"{day.address}/bank/papers/")
    day.look(page)
    page.locator("input[type=file]").set_input_files({"name": "de.docx", "mimeType": DOCX, "buffer": paper()})
    page.get_by_role("button", name="Đọc đề").click()
    page.get_by_role("button", name="Nhận tất cả câu dùng được").wait_for()
    day.look(page)
    page.get_by_role("button", name="Nhận tất cả câu dùng được").click()

    page.goto(f"{day.address}/tests/new/")
    page.get_by_label("Tên đề").fill("Kiểm tra 15 phút")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Thêm vào đề").wait_for()
    for box in page.locator("input[name=question]").all():
        box.check()
    page.get_by_role("button", name="Thêm vào đề").click()
    page.get_by_role("button", name="Chia đều 10 điểm").click()
    day.look(page)
    page.get_by_role("link", name="Giao cho lớp").click()
    page.get_by_label("Đưa điểm vào sổ").select_option("regular")
    page.get_by_label("Trộn câu hỏi").uncheck()
    day.look(page)
    page.get_by_role("button", name="Giao bài").click()
    page.wait_for_url("**/assignments/**")
    day.look(page)
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def the_pupils_take_the_test(day: Day, browser_page: Opens, pupils: list[Account], assignment: str) -> None:
    """All right; eight right, the line lost in the middle on a phone; five right."""
    for number, (pupil, right) in enumerate(zip(pupils, (10, 8, 5), strict=True)):
        page = day.open(browser_page(width=360 if number == 1 else 1280), pupil)
        day.look(page)
        page.goto(f"{day.address}/do/{assignment}/")
        day.look(page)
        page.get_by_role("button", name="Bắt đầu làm bài").click()
        page.wait_for_selector(".player-ready")
        day.look(page)
        for question in range(1, 11):
            if number == 1 and question == 5:
                page.context.set_offline(True)
            choice = 2 if question <= right else 1
            page.check(f'input[name="q{question}"][value="{choice}"]')
        if number == 1:
            page.wait_for_selector('#saved[data-state="waiting"]')
            page.context.set_offline(False)
            page.reload()
            page.wait_for_selector(".player-ready")
        with scope.of_organisation(None):
            wait_until(lambda n=number: Response.objects.filter(is_late=False).count() == 10 * (n + 1))
        page.get_by_role("button", name="Nộp bài").click()
        page.wait_for_url("**/result/")
        day.look(page)
    with scope.of_organisation(None):
        assert list(Attempt.objects.order_by("id").values_list("mark", flat=True)) == [100, 80, 50]


def the_marks_appear(day: Day, page: Page) -> None:
    """Through the outbox into the first regular column of a mark-book that the result itself opened."""

    def marks() -> list[str]:
        page.goto(f"{day.address}/marks/")
        book = page.locator("main tbody th a")  # the class, where its book is open
        if not book.count():
            return []
        book.first.click()
        page.locator("#marks").wait_for()
        return page.locator("#marks tbody tr td:nth-child(2)").all_inner_texts()

    wait_until(lambda: sorted(marks()) == ["10", "5", "8"])
    day.look(page)


def the_teacher_takes_the_roll(day: Day, page: Page, slot: str) -> None:
    page.goto(f"{day.address}/attendance/{slot}/{clock.today()}/")
    page.locator("form.roll-ready").wait_for()
    row = page.locator("fieldset", has_text=PUPILS[0][0]).locator("button.tap")
    row.click()
    assert "Không phép" in row.inner_text()
    page.get_by_label("Trực tuyến").check()
    day.look(page)
    page.get_by_role("button", name="Lưu điểm danh").click()
    page.get_by_text("Đã điểm danh", exact=True).wait_for()
    day.look(page)


def the_guardian_sees_the_mark_and_hears_of_the_absence(day: Day, browser_page: Opens, mothers: list[Account]) -> None:
    page = day.open(browser_page(width=360), mothers[0])
    page.get_by_text(PUPILS[0][0]).first.wait_for()

    def shown() -> bool:
        page.reload()
        return page.get_by_text("vắng không phép").count() > 0 and page.get_by_text("có điểm Toán mới: 10").count() > 0

    wait_until(shown)
    day.look(page)
    page.goto(f"{day.address}/messages/")
    day.look(page)
    # At once, or at the latest with the worker's next minute.
    wait_until(lambda: len(day.mailbox.to("me1@example.vn")) >= 2, seconds=90)
    assert len(day.mailbox.to("me2@example.vn")) == 1


def the_head_sees_how_far_the_news_came(day: Day, page: Page) -> None:
    """Of the absence: the mother has it in the application and by mail; of three marks, all mails were sent."""
    page.goto(f"{day.address}/messages/told/?kind=absence")
    page.get_by_text("1 đã gửi").wait_for()
    day.look(page)
    page.locator("main tbody th a").first.click()
    page.get_by_text("me1@example.vn").wait_for()
    day.look(page)


def counted(world: World, code: str) -> tuple[int, int]:
    with scope.of_organisation(None):
        row = IndicatorCount.objects.filter(organisation=world.department, code=code).first()
        return (row.numerator, row.denominator) if row else (0, 0)


def the_indicator_moves(day: Day, browser_page: Opens, world: World, before: tuple[int, int]) -> None:
    """Three pupils learnt online, one lesson was held online: the department's page says so, down to the rows."""
    wait_until(lambda: counted(world, "A2") == (3, 3) and counted(world, "A6") == (1, 1))
    assert before[0] == 0
    page = day.open(browser_page(), world.department_officer)
    page.get_by_text("3 trên 3 người").wait_for()
    day.look(page)
    page.goto(f"{day.address}/indicators/{world.here.organisation.public_id}/A2/")
    day.look(page)
    page.get_by_role("link", name=world.here.school_class.name, exact=True).click()
    page.get_by_text(PUPILS[0][0]).wait_for()
    day.look(page)


def nobody_elsewhere_finds_anything(day: Day, browser_page: Opens, world: World) -> None:
    """A teacher of another school gets 404 on every address of the story that names something."""
    page = day.open(browser_page(), world.elsewhere.teacher)
    named = sorted(path for path in day.looked_at if any(len(part) == 36 for part in path.split("/")))
    found = {path: page.request.get(f"{day.address}{path}").status for path in named}

    assert len(named) >= 8
    assert set(found.values()) == {404}, found
