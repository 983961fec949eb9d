"""A family moves to another province: it files there, two nodes speak, and the child's whole record arrives signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from khue.foundation import clock
from khue.identity import actions as identity
from khue.moves.models import Move
from khue.moves.tests.conftest import built_country, sealed, sealed_country  # noqa: F401  fixtures
from khue.moves.tests.country import NUMBER, Country, Place
from khue.procedures.models import Case
from khue.records.models import ReceivedSheet
from khue.records.tests.conftest import ca  # noqa: F401  a fixture
from khue.schools.models import Enrolment
from tests.browser import chromium
from tests.journeys.pages import ORIGIN, WIDTHS, answer_by, look
from tests.world import Account

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("press")]
STEP_DONE = "Đã xong bước này."


def test_a_family_moves_from_one_province_to_another(sealed: Country) -> None:  # noqa: F811
    """The family has a phone, the offices a desk; every page of the story is looked at as both."""
    with chromium() as browser:
        travel(sealed, browser)


def travel(sealed: Country, browser: Browser) -> None:  # noqa: F811
    old, new, errors = sealed.old, sealed.new, list[str]()

    def signed_in(place: Place, account: Account | None):
        client = Client()
        width = WIDTHS[account is not None]
        if account is not None:
            with place.node.inside():
                client.cookies["khue_session"] = identity.open_session(
                    account=account, at=clock.now(), address="127.0.0.1", agent="test", second_factor=True
                )
        page = browser.new_page(viewport={"width": width, "height": 800}, locale="vi-VN")
        page.on("pageerror", lambda error: errors.append(str(error)))
        answer_by(client, page)
        return page

    with new.node.at():
        family = signed_in(new, None)
        family.goto(f"{ORIGIN}/procedures/?q=tinh+khac")
        family.get_by_role("link", name="Chuyển đến từ trường ở tỉnh khác").click()
        look(family)
        family.get_by_role("link", name="Nộp hồ sơ").click()
        family.get_by_role("link", name="THCS Vỹ Dạ").click()
        look(family)
        for label, text in (
            ("Họ và tên học sinh", sealed.child.full_name), ("Ngày sinh của học sinh", "02/03/2015"),
            ("Họ và tên người nộp", "Nguyễn Thị Mẹ"), ("Số điện thoại", "0901234567"),
            ("Trường đang học", "Mỹ An"), ("Mã định danh của học sinh", NUMBER), ("Lý do chuyển trường", "Chuyển nhà"),
        ):  # fmt: skip
            family.get_by_label(label).fill(text)
        family.get_by_role("button", name="Nộp hồ sơ").click()
        family.get_by_text("Giấy tiếp nhận hồ sơ").wait_for()
        with new.node.inside():
            code = Case.objects.get().code

        head = signed_in(new, new.school.head)
        head.goto(f"{ORIGIN}/procedures/desk/")
        head.get_by_role("link", name="Xem xét tiếp nhận").click()
        head.get_by_label("Đồng ý").check()
        head.get_by_label("Trường học sinh đang học").select_option("82300011")
        head.get_by_label("Xếp vào lớp").select_option(str(new.school.school_class.id))
        look(head)
        head.get_by_role("button", name="Xong bước này").click()
        head.get_by_text(STEP_DONE).wait_for()
        head.goto(f"{ORIGIN}/procedures/desk/")
        assert head.get_by_role("link", name="Trường cũ cho chuyển đi").count() == 0  # nobody here does that step

        def followed():
            page = signed_in(new, None)
            page.goto(f"{ORIGIN}/procedures/follow/?code={code}")
            page.get_by_label("Ngày sinh của học sinh").fill("02/03/2015")
            page.get_by_role("button", name="Xem hồ sơ").click()
            page.get_by_text("Hẹn trả kết quả", exact=True).wait_for()
            look(page)
            return page

        assert followed().get_by_text("Yêu cầu đang được gửi tới hệ thống của trường").count() == 1
    sealed.turns(2)
    with new.node.at():
        assert followed().get_by_text("Đang chờ trường cho chuyển đi; em vẫn học ở đó").count() == 1

    with old.node.at():
        clerk = signed_in(old, old.school.clerk)
        clerk.goto(f"{ORIGIN}/procedures/desk/")
        look(clerk)
        clerk.get_by_role("link", name="Cho chuyển đi").click()
        clerk.get_by_label("Cho chuyển đi", exact=True).check()
        clerk.get_by_label("Học sinh chuyển đi").select_option(str(sealed.child.id))
        look(clerk)
        clerk.get_by_role("button", name="Xong bước này").click()
        clerk.get_by_text("Hồ sơ đã giải quyết xong.").wait_for()
        look(clerk)
    sealed.turns(3)

    with new.node.at():
        told = followed()
        assert told.get_by_text("Được giải quyết").count() == 1
        assert told.get_by_text("Đã nhận, chữ ký hợp lệ.").count() == 1
        office = signed_in(new, new.school.clerk)
        office.goto(f"{ORIGIN}/records/received/")
        look(office)
        assert office.get_by_text("THCS Mỹ An").count() >= 1
    with new.node.inside():
        sheet, move = ReceivedSheet.objects.get(), Move.objects.get()
        assert (sheet.verdict, sheet.person_id, move.record) == ("valid", move.person_id, "taken")
        place = Enrolment.objects.get(person_id=move.person_id, ends_on=None)
        assert place.school_class_id == new.school.school_class.id
        case = Case.objects.get()
        assert case.finished_on <= case.due_on < case.received_on + timedelta(days=20)
    with old.node.inside():
        assert Enrolment.objects.get(person_id=sealed.child.id).ends_on == clock.today()
    assert errors == []
