"""All cookies are gone while somebody writes: the refusal leads back to the form, and what was typed is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from khue.attendance.models import LeaveRequest
from tests.journeys.test_sign_in import SECRET, address, type_password, with_password, world  # noqa: F401  fixtures
from tests.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_what_was_typed_is_there_again_when_all_cookies_were_gone(
    world: World, address: str, browser_page: Callable[..., Page]  # noqa: F811
) -> None:  # fmt: skip
    guardian = with_password(world.here.guardians[0])
    form = f"{address}/attendance/pupils/{world.here.enrolments[0].public_id}/leave/"
    page = browser_page(width=360)
    type_password(page, address, guardian.user_name)
    page.wait_for_url(f"{address}/")
    page.goto(form)
    page.get_by_label("Nghỉ từ ngày").fill("01/12/2026")
    page.get_by_label("Lí do").fill("Cháu sốt, gia đình đưa đi khám")
    page.context.clear_cookies()
    page.get_by_role("button", name="Gửi đơn").click()

    page.get_by_role("link", name="Mở lại trang vừa gửi").click()
    page.wait_for_url("**/sign-in/?next=**")
    assert not LeaveRequest.objects.exists()
    page.get_by_label("Tên đăng nhập").fill(guardian.user_name)
    page.get_by_label("Mật khẩu", exact=True).fill(SECRET)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(form)

    page.get_by_text("Những gì đã gõ được điền lại").wait_for()
    assert page.get_by_label("Lí do").input_value() == "Cháu sốt, gia đình đưa đi khám"
    assert page.get_by_label("Nghỉ từ ngày").input_value() == "01/12/2026"
    assert not LeaveRequest.objects.exists()
