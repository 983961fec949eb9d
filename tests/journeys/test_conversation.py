"""A teacher and a guardian write to each other in two browsers: live, through a lost line, on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from khue.foundation import scope
from khue.foundation.tests.conftest import Node, node, wait_until  # noqa: F401  a fixture
from khue.messaging.models import Conversation, Line, Reading
from tests.journeys.day import Day, running
from tests.world import world as a_world

if TYPE_CHECKING:
    from playwright.sync_api import Page

Opens = Callable[..., "Page"]


@pytest.mark.resilience
def test_a_conversation(node: Node, tmp_path: Path, browser_page: Opens) -> None:  # noqa: F811  the fixture
    with scope.of_organisation(None):
        world = a_world(pupils=2)
    with running(node, tmp_path) as day:
        teacher = day.open(browser_page(), world.here.teacher)
        guardian = day.open(browser_page(width=360), world.here.guardians[0])

        the_teacher_begins(day, teacher)
        the_guardian_opens_it(day, guardian)
        it_is_live(teacher, guardian)
        nothing_typed_is_lost(guardian)
        a_file_goes_along(guardian, teacher)
        a_lost_line_makes_one_message(guardian, teacher)
        other_pages_keep_their_promises(day, teacher, day.open(browser_page(), world.here.head))


def the_teacher_begins(day: Day, page: Page) -> None:
    page.goto(f"{day.address}/conversations/")
    day.look(page)
    page.get_by_role("link", name="Nhắn tin mới").click()
    page.wait_for_url("**/new/")
    day.look(page)
    page.get_by_role("searchbox", name="Tên học sinh, phụ huynh, thầy cô hoặc lớp").fill("van a")
    wait_until(lambda: page.locator("#partners li").count() == 1)
    page.get_by_role("button", name="Nhắn tin: Nguyễn Văn A").click()
    page.get_by_label("Viết tin nhắn").wait_for()
    day.look(page)
    page.get_by_label("Viết tin nhắn").fill("Chào anh chị, hôm nay cháu quên vở Toán.")
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.locator(".line.own").wait_for()
    assert page.get_by_label("Viết tin nhắn").input_value() == ""


def the_guardian_opens_it(day: Day, page: Page) -> None:
    page.goto(f"{day.address}/conversations/")
    page.get_by_text("1 tin mới").wait_for()
    day.look(page)
    page.get_by_role("link", name="Lê Thị Hoa").click()
    page.locator(".line").wait_for()
    day.look(page)


def it_is_live(teacher: Page, guardian: Page) -> None:
    teacher.get_by_text("Đã xem").wait_for()
    teacher.get_by_label("Viết tin nhắn").fill("Anh chị nhắc cháu giúp nhé.")
    teacher.keyboard.press("Control+Enter")
    guardian.get_by_text("Anh chị nhắc cháu giúp nhé.").wait_for()
    guardian.get_by_label("Viết tin nhắn").fill("Vâng, cảm ơn cô.")
    guardian.get_by_role("button", name="Gửi", exact=True).click()
    teacher.get_by_text("Vâng, cảm ơn cô.").wait_for()
    with scope.of_organisation(None):
        wait_until(lambda: Reading.objects.filter(last_line_id=Line.objects.order_by("-id")[0].id).count() == 2)


def nothing_typed_is_lost(page: Page) -> None:
    page.get_by_label("Viết tin nhắn").fill("Đang viết dở")
    page.reload()
    assert page.get_by_label("Viết tin nhắn").input_value() == "Đang viết dở"


def a_file_goes_along(guardian: Page, teacher: Page) -> None:
    guardian.get_by_text("Gửi kèm tệp, điểm, buổi vắng, khoản thu").click()
    guardian.get_by_label("Tệp gửi kèm").set_input_files(
        {"name": "giấy khám.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + bytes(2000)}
    )
    guardian.get_by_text("Đã gửi xong tệp.").wait_for()
    guardian.get_by_label("Viết tin nhắn").fill("Giấy khám của cháu")
    guardian.get_by_role("button", name="Gửi", exact=True).click()
    teacher.get_by_role("link", name="giấy khám.pdf").wait_for()
    guardian.get_by_label("Viết tin nhắn").fill("Không kèm tệp nữa")
    guardian.get_by_role("button", name="Gửi", exact=True).click()
    teacher.get_by_text("Không kèm tệp nữa").wait_for()


def a_lost_line_makes_one_message(guardian: Page, teacher: Page) -> None:
    guardian.context.set_offline(True)
    guardian.get_by_label("Viết tin nhắn").fill("Cháu về muộn cô ạ")
    guardian.get_by_role("button", name="Gửi", exact=True).click()
    guardian.get_by_text("Chưa gửi được, tin còn trên máy.").wait_for()
    assert guardian.get_by_label("Viết tin nhắn").input_value() == "Cháu về muộn cô ạ"
    guardian.context.set_offline(False)
    teacher.get_by_text("Cháu về muộn cô ạ").wait_for()
    wait_until(lambda: guardian.get_by_label("Viết tin nhắn").input_value() == "")
    with scope.of_organisation(None):
        assert (Conversation.objects.count(), Line.objects.count()) == (1, 6)


def other_pages_keep_their_promises(day: Day, teacher: Page, head: Page) -> None:
    for width in (1280, 360):
        teacher.set_viewport_size({"width": width, "height": 800})
        for path in ("/conversations/", "/conversations/away/", "/messages/"):
            teacher.goto(f"{day.address}{path}")
            day.look(teacher)
        head.set_viewport_size({"width": width, "height": 800})
        for path in ("/conversations/reports/", "/conversations/rules/", "/messages/"):
            head.goto(f"{day.address}{path}")
            day.look(head)
    teacher.goto(f"{day.address}/conversations/")
    teacher.get_by_role("link", name="Phụ huynh em Nguyễn Văn A").click()
    teacher.get_by_role("link", name="Báo nhà trường").first.click()
    day.look(teacher)
    teacher.get_by_label("Lí do").fill("Thử báo")
    teacher.get_by_role("button", name="Báo nhà trường").click()
    head.goto(f"{day.address}/conversations/reports/")
    day.look(head)
    head.get_by_role("link", name="Phụ huynh Nguyễn Văn A").click()
    day.look(head)
