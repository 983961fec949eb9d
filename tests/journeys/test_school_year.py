"""A school's year in real browsers, from August to June: the clock of every process is moved, nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from khue.attendance.models import RollCall
from khue.foundation import scope
from khue.foundation.tests.conftest import Node, node, wait_until  # noqa: F401  a fixture
from khue.timetable.models import Cover, Draft, TimetableVersion
from tests.journeys.day import Day, running
from tests.journeys.year import Clock, Faculty, make_ready_for_a_year, moved_clock
from tests.world import School, World
from tests.world import world as a_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opens = Callable[..., "Page"]
PHONE = 360


@dataclass
class Year:
    """The story so far: who is in it, and what runs."""

    day: Day
    clock: Clock
    world: World
    faculty: Faculty
    opens: Opens

    @property
    def here(self) -> School:
        return self.world.here

    def visit(self, page: Page, path: str) -> None:
        """Go to a page and hold it to what every page promises."""
        page.goto(f"{self.day.address}{path}")
        self.day.look(page)


@pytest.mark.resilience
def test_a_school_year(node: Node, tmp_path: Path, browser_page: Opens) -> None:  # noqa: F811  the fixture
    with moved_clock(tmp_path) as clock:
        with scope.of_organisation(None):
            world = a_world()
            faculty = make_ready_for_a_year(world.here)
        clock.move_to(date(2026, 8, 24))
        with running(node, tmp_path, **clock.environment) as day:
            year = Year(day, clock, world, faculty, browser_page)
            the_head_plans_and_publishes_the_week(year)
            a_teacher_is_ill_and_covered(year)
            a_roll_is_taken_without_a_line(year)


def the_head_plans_and_publishes_the_week(year: Year) -> None:
    page = year.day.open(year.opens(), year.here.head)
    year.visit(page, "/timetable/wishes/?kind=busy")
    page.get_by_label("Giáo viên").select_option(label="Ngô Minh Đức")
    page.locator("select[name=weekday]").select_option("1")
    page.get_by_role("button", name="Lưu yêu cầu").click()
    year.visit(page, "/timetable/drafts/")
    page.get_by_label("Tên bản nháp").fill("Thời khoá biểu số 1")
    page.get_by_label("Số tiết buổi sáng").fill("5")
    page.get_by_label("Số tiết buổi chiều").fill("2")
    page.get_by_label("Bắt đầu từ thời khoá biểu đang áp dụng").uncheck()
    page.get_by_role("button", name="Lập bản nháp").click()
    page.get_by_text("Máy xếp").click()
    page.get_by_label("Tối đa (giây)").fill("20")
    year.day.look(page)
    page.get_by_role("button", name="Bắt đầu xếp").click()
    with scope.of_organisation(None):
        wait_until(lambda: Draft.objects.get().conflicts == 0, seconds=60)
    page.goto(page.url)
    page.get_by_role("link", name="Công bố…").click()
    year.day.look(page)
    page.get_by_label("Tên thời khoá biểu").fill("Thời khoá biểu số 1")
    page.get_by_label("Áp dụng từ ngày").fill("07/09/2026")
    page.get_by_role("button", name="Công bố và báo tin").click()
    with scope.of_organisation(None):
        wait_until(lambda: TimetableVersion.objects.count() == 1)
    guardian = year.day.open(year.opens(width=PHONE), year.here.guardians[0])
    year.visit(guardian, "/timetable/?day=2026-09-07")


def a_teacher_is_ill_and_covered(year: Year) -> None:
    year.clock.move_to(date(2026, 9, 15), hour=6)
    page = year.day.open(year.opens(), year.here.head)
    year.visit(page, "/timetable/absences/")
    page.get_by_label("Giáo viên").select_option(label="Ngô Minh Đức")
    page.get_by_label("Từ ngày").fill("15/09/2026")
    page.get_by_label("Đến hết ngày").fill("15/09/2026")
    page.get_by_label("Lí do").fill("Ốm")
    page.get_by_role("button", name="Xem các tiết cần dạy thay").click()
    page.get_by_role("button", name="Phân công").first.wait_for()
    year.day.look(page)
    while page.get_by_role("button", name="Phân công").count():
        page.get_by_role("button", name="Phân công").first.click()
        page.wait_for_load_state()
    page.get_by_text("Mọi tiết đã có người dạy thay.").wait_for()
    with scope.of_organisation(None):
        assert Cover.objects.count() >= 1


def a_roll_is_taken_without_a_line(year: Year) -> None:
    """The cover's roll is taken on a phone without a line and sent once; the family hears of the absence."""
    year.clock.move_to(date(2026, 9, 15), hour=7)
    with scope.of_organisation(None):
        cover = Cover.objects.select_related("staff__person", "slot").first()
    assert cover is not None
    who = year.here.teacher if cover.staff == year.faculty.leads else year.faculty.other_account
    page = year.day.open(year.opens(width=PHONE), who)
    year.visit(page, "/attendance/")
    path = f"/attendance/{cover.slot.public_id}/2026-09-15/"
    wait_until(lambda: page.evaluate("caches.keys().then(keys => keys.length)") > 0)
    year.visit(page, path)
    page.context.set_offline(True)
    page.locator("form.roll-ready").wait_for()
    page.locator(".roll .tap").first.click()
    page.get_by_role("button", name="Lưu điểm danh").click()
    page.wait_for_selector('#roll-state[data-state="waiting"]')
    page.context.set_offline(False)
    with scope.of_organisation(None):
        wait_until(lambda: RollCall.objects.count() == 1)
