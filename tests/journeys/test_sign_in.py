"""Signing in, as people do it: in a browser, on a phone, with a second factor, with a passkey."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pyotp
import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread

from khue.attendance.models import LeaveRequest
from khue.foundation import clock
from khue.identity import actions, passwords
from khue.identity.models import Account, Passkey, Password
from tests.journeys.pages import unsound
from tests.world import NOON, World, actor
from tests.world import world as make_world

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

SECRET = "lúa chín vàng đồng"


@pytest.fixture
def world(committed_db: str) -> World:
    return make_world()


@pytest.fixture
def address(committed_db: str) -> Iterator[str]:
    """A node at an address of its own; "localhost", because passkeys need a name."""
    server = LiveServerThread("localhost", StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://localhost:{server.port}"
    server.terminate()


def with_password(account: Account) -> Account:
    Password.objects.create(account=account, hash=passwords.hash_of(SECRET), set_at=NOON)
    return account


def type_password(page: Page, address: str, handle: str) -> None:
    page.goto(f"{address}/sign-in/")
    page.get_by_label("Tên đăng nhập").fill(handle)
    page.get_by_label("Mật khẩu", exact=True).fill(SECRET)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()


def with_authenticator(page: Page) -> tuple[CDPSession, str]:
    """A device that holds passkeys and always recognises its owner's finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def test_a_pupil_activates_an_account_on_a_phone(world: World, address: str, browser_page: Callable[..., Page]) -> None:
    pupil = world.here.pupils[0]
    code = actions.issue_codes(actor=actor(world.here.clerk), accounts=[pupil], at=clock.now())[pupil.id]
    page = browser_page(width=360)

    page.goto(f"{address}/sign-in/")
    page.get_by_role("link", name="Kích hoạt tài khoản").click()
    page.get_by_label("Mã kích hoạt").fill(code.lower())
    page.get_by_label("Mật khẩu mới").fill("con trâu đi trước")
    page.get_by_role("button", name="Đặt mật khẩu").click()
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/account/")

    page.get_by_text("Thiết bị này").wait_for()


def test_a_mailed_link_fills_in_its_code(world: World, address: str, browser_page: Callable[..., Page]) -> None:
    page = browser_page()

    page.goto(f"{address}/activate/#K7QM-2XRP-9TDW")

    page.wait_for_function("location.hash === ''")
    assert page.get_by_label("Mã kích hoạt").input_value() == "K7QM-2XRP-9TDW"


def test_an_officer_sets_up_an_application_before_anything_else(
    world: World, address: str, browser_page: Callable[..., Page]
) -> None:
    officer = with_password(world.department_officer)
    page = browser_page()

    type_password(page, address, officer.user_name)
    page.wait_for_url("**/account/second-factor/**")
    page.get_by_role("link", name="Thêm ứng dụng xác thực").click()
    assert page.get_by_alt_text("Mã QR").evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    secret = page.locator("code").inner_text().replace(" ", "")
    page.get_by_label("Mã sáu chữ số").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_role("heading", name="Mã dự phòng").wait_for()
    page.goto(f"{address}/account/")

    page.get_by_text("Còn 10 mã dự phòng").wait_for()


def test_a_passkey_is_added_and_then_opens_without_a_password(
    world: World, address: str, browser_page: Callable[..., Page]
) -> None:
    officer = with_password(world.department_officer)
    page = browser_page(width=360)
    device, authenticator = with_authenticator(page)

    type_password(page, address, officer.user_name)
    page.wait_for_url("**/account/second-factor/**")
    page.get_by_label("Tên gợi nhớ").fill("Máy ở phòng làm việc")
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    page.wait_for_url(f"{address}/account/")
    page.get_by_text("Máy ở phòng làm việc").wait_for()
    page.context.clear_cookies()
    page.goto(f"{address}/sign-in/?next=/account/")
    page.get_by_role("button", name="Dùng khóa truy cập").click()
    page.wait_for_url(f"{address}/account/")

    assert Passkey.objects.get().last_used_at is not None
    kept = device.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert [key["rpId"] for key in kept] == ["localhost"]


def test_a_copied_passkey_is_refused(world: World, address: str, browser_page: Callable[..., Page]) -> None:
    officer = with_password(world.department_officer)
    page = browser_page()
    with_authenticator(page)
    type_password(page, address, officer.user_name)
    page.wait_for_url("**/account/second-factor/**")
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    page.wait_for_url(f"{address}/account/")
    Passkey.objects.update(sign_count=1000)

    page.context.clear_cookies()
    page.goto(f"{address}/sign-in/")
    page.get_by_role("button", name="Dùng khóa truy cập").click()

    page.get_by_text("Không xác nhận được khóa truy cập này").wait_for()


def test_axe_finds_nothing_on_the_pages_of_signing_in(
    world: World, address: str, browser_page: Callable[..., Page]
) -> None:
    officer = with_password(world.department_officer)
    page = browser_page(width=360)
    with_authenticator(page)
    looked_at: list[str] = []

    def look() -> None:
        assert unsound(page, (1280, 360)) == [], page.url
        looked_at.append(page.url.removeprefix(address))

    for path in ("/sign-in/", "/activate/", "/activate/link/"):
        page.goto(address + path)
        look()
    page.goto(f"{address}/sign-in/")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_text("Hãy nhập mật khẩu.").first.wait_for()
    look()
    type_password(page, address, officer.user_name)
    page.wait_for_url("**/account/second-factor/**")
    look()
    page.goto(f"{address}/account/second-factor/app/")
    look()
    page.goto(f"{address}/account/second-factor/")
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    page.wait_for_url(f"{address}/account/")
    look()
    page.goto(f"{address}/account/password/")
    look()
    page.goto(f"{address}/account/confirm/")
    look()

    assert len(set(looked_at)) == 8


def test_what_was_typed_is_there_again_when_the_session_had_ended(
    world: World, address: str, browser_page: Callable[..., Page]
) -> None:
    guardian, other = with_password(world.here.guardians[0]), with_password(world.here.guardians[1])
    form = f"{address}/attendance/pupils/{world.here.enrolments[0].public_id}/leave/"
    page = browser_page(width=360)
    type_password(page, address, guardian.user_name)
    page.wait_for_url(f"{address}/")

    def send_without_a_session() -> None:
        page.goto(form)
        page.get_by_label("Nghỉ từ ngày").fill("01/12/2026")
        page.get_by_label("Buổi chiều").check()
        page.get_by_label("Lí do").fill("Cháu sốt, gia đình đưa đi khám")
        page.context.clear_cookies(name="khue_session")
        page.get_by_role("button", name="Gửi đơn").click()
        page.wait_for_url("**/sign-in/?next=**")

    def sign_in(who: Account) -> None:
        page.get_by_label("Tên đăng nhập").fill(who.user_name)
        page.get_by_label("Mật khẩu", exact=True).fill(SECRET)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()

    send_without_a_session()
    sign_in(guardian)
    page.wait_for_url(form)

    page.get_by_text("Những gì đã gõ được điền lại").wait_for()
    assert page.get_by_label("Lí do").input_value() == "Cháu sốt, gia đình đưa đi khám"
    assert page.get_by_label("Nghỉ từ ngày").input_value() == "01/12/2026"
    assert page.get_by_label("Buổi chiều").is_checked()
    assert not LeaveRequest.objects.exists()

    send_without_a_session()
    sign_in(other)
    page.wait_for_load_state()
    assert page.evaluate("sessionStorage.getItem('khue:typed')") is None
    assert "Cháu sốt" not in page.content()

    page.context.clear_cookies(name="khue_session")
    type_password(page, address, guardian.user_name)
    page.goto(form)
    assert page.get_by_label("Lí do").input_value() == ""
