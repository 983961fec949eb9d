"""A guardian signs a consent sheet with the finger on a phone: a passkey, as a device really makes and answers it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from khue.foundation import clock
from khue.identity.models import Account, Passkey
from khue.messaging.models import Announcement, AnnouncementCopy, ConsentSignature
from khue.messaging.tests.classes import asked_sheet, copy_for
from tests.journeys.pages import overflow, violations
from tests.journeys.test_sign_in import address, type_password, with_authenticator, with_password, world  # noqa: F401
from tests.world import World

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

Opens = Callable[..., "Page"]


@pytest.fixture
def copy(world: World) -> AnnouncementCopy:  # noqa: F811  the fixture
    """The first guardian's copy of a sheet that runs now."""
    sheet = asked_sheet(world.here)
    Announcement.objects.filter(id=sheet.announcement_id).update(due_at=clock.now() + timedelta(days=3))
    return copy_for(world.here.pupils[0], sheet.announcement)


def with_passkey(page: Page, at: str, who: Account) -> tuple[CDPSession, str]:
    """Signed in, with a passkey that the phone keeps: the phone, and where it keeps keys."""
    device, keys = with_authenticator(page)
    type_password(page, at, who.user_name)
    page.wait_for_load_state("networkidle")
    page.goto(f"{at}/account/second-factor/")
    page.get_by_role("button", name="Thêm khóa truy cập").click()
    page.wait_for_url(f"{at}/account/")
    assert Passkey.objects.filter(account=who).count() == 1
    return device, keys


def sign(page: Page, at: str, copy: AnnouncementCopy, decision: str = "Tôi đồng ý") -> None:
    page.goto(f"{at}/messages/consents/copies/{copy.public_id}/")
    form = page.locator("form[data-passkey=proof]")
    form.get_by_label(decision, exact=True).check()
    assert (overflow(page), violations(page)) == (0, [])
    form.get_by_role("button", name="Kí bằng khoá truy cập").click()


@pytest.mark.parametrize("width", [360, 1280])
def test_a_guardian_signs_with_a_passkey(
    world: World, copy: AnnouncementCopy, address: str, browser_page: Opens, width: int  # noqa: F811
) -> None:  # fmt: skip
    mother = with_password(world.here.guardians[0])
    page = browser_page(width=width)
    with_passkey(page, address, mother)

    sign(page, address, copy)
    page.get_by_text("xác thực bằng khoá truy cập").wait_for()

    made = ConsentSignature.objects.get()
    assert (made.copy_id, made.guardian_id, made.decision, made.proved_by) == (
        copy.id, mother.person_id, "yes", "passkey",
    )  # fmt: skip
    assert violations(page) == []


def test_a_passkey_of_another_guardian_signs_nothing(
    world: World, copy: AnnouncementCopy, address: str, browser_page: Opens  # noqa: F811
) -> None:  # fmt: skip
    mother, other = (with_password(who) for who in world.here.guardians[:2])
    page = browser_page(width=360)
    with_passkey(page, address, mother)
    Passkey.objects.update(account=other)
    Passkey.objects.create(
        account=mother, credential_id=b"of another device", data=Passkey.objects.get().data, name="Máy khác",
        created_at=clock.now(),
    )  # fmt: skip

    sign(page, address, copy)
    page.get_by_text("Không xác nhận được khóa truy cập này").wait_for()

    assert not ConsentSignature.objects.exists()
    assert not AnnouncementCopy.objects.filter(answered=True).exists()


def test_a_phone_that_lost_its_passkey_says_so_and_the_password_still_signs(
    world: World, copy: AnnouncementCopy, address: str, browser_page: Opens  # noqa: F811
) -> None:  # fmt: skip
    mother = with_password(world.here.guardians[0])
    page = browser_page(width=360)
    device, keys = with_passkey(page, address, mother)
    device.send("WebAuthn.clearCredentials", {"authenticatorId": keys})

    sign(page, address, copy)
    page.get_by_text("Hãy kí bằng mật khẩu.").wait_for()
    assert not ConsentSignature.objects.exists()

    password = page.locator("form#sign")
    password.get_by_label("Tôi không đồng ý", exact=True).check()
    password.get_by_label("Mật khẩu của Quý phụ huynh").fill("lúa chín vàng đồng")
    password.get_by_role("button", name="Kí phiếu").click()
    page.get_by_text("Đã kí phiếu").wait_for()
    assert [(row.decision, row.proved_by) for row in ConsentSignature.objects.all()] == [("no", "password")]
