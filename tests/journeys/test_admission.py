"""An admission in real browsers: the office publishes at a desk, a family applies on a phone and sees its place."""

from datetime import timedelta

import pytest
from django.test import Client

from khue.foundation import clock
from khue.foundation.clock import VIETNAM
from khue.procedures.models import Case
from khue.schools.dossiers import seats
from khue.schools.models import AdmissionPlan
from tests.journeys.pages import ORIGIN, WIDTHS, answer_by, look
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


def test_a_family_applies_and_sees_its_place(world: World, client_of, browser_page) -> None:
    """Every page of the story is looked at on a phone and on a desk."""
    phone, desk = WIDTHS

    def opened(client: Client, width: int):
        page = browser_page(width=width, height=800)
        answer_by(client, page)
        return page

    def at(hours: int) -> str:
        return f"{(clock.now() + timedelta(hours=hours)).astimezone(VIETNAM):%Y-%m-%dT%H:%M}"

    office = opened(client_of(world.here.head), desk)
    office.goto(f"{ORIGIN}/admissions/office/")
    look(office)
    office.get_by_role("link", name="Mở tuyển sinh").first.click()
    office.get_by_label("Tuyển sinh vào").select_option("sixth-grade-admission")
    office.get_by_label("Năm học").fill("2027-2028")
    office.get_by_label("Số chỗ").fill("40")
    office.get_by_label("Nhận hồ sơ từ").fill(at(-1))
    office.get_by_label("Đến", exact=True).fill(at(24))
    office.get_by_label("Ai được đăng kí").fill("Học sinh đã hoàn thành chương trình tiểu học, sinh năm 2016")
    office.get_by_label("Địa bàn tuyển sinh").fill("Mỹ An: Ấp 3\nMỹ An: Ấp 4\nTân Hộ")
    office.get_by_role("button", name="Chọn số bốc thăm").click()
    seed = office.locator("output.seed").inner_text(timeout=5_000)
    assert office.get_by_label("Mã băm").input_value() == seats.digest(seed)
    look(office)
    office.get_by_label("Mã băm").fill("")  # of these families each waits for its turn
    office.get_by_role("button", name="Công bố").click()
    office.get_by_text("Đã công bố kế hoạch.").wait_for()
    plan = AdmissionPlan.objects.get()

    family = opened(Client(), phone)
    family.goto(f"{ORIGIN}/admissions/")
    look(family)
    family.get_by_role("link", name=world.here.organisation.name).click()
    look(family)
    family.get_by_role("link", name="Nộp hồ sơ").click()
    family.get_by_label("Họ và tên học sinh").fill("Lê Văn Bình")
    family.get_by_label("Ngày sinh của học sinh").fill("02/01/2016")
    family.get_by_label("Họ và tên người nộp").fill("Lê Thị Hoa")
    family.get_by_label("Số điện thoại").first.fill("0901234567")
    family.get_by_label("Nam", exact=True).check()
    family.get_by_label("Mẹ", exact=True).first.check()
    family.get_by_label("Xã, phường").fill("Mỹ An")
    family.get_by_label("Thôn, tổ dân phố").fill("Ấp 3")
    look(family)
    family.get_by_role("button", name="Nộp hồ sơ").click()
    family.get_by_text("Giấy tiếp nhận hồ sơ").wait_for()
    look(family)
    case = Case.objects.get()
    family.goto(f"{ORIGIN}/admissions/{plan.public_id}/queue/?code={case.code}")
    family.get_by_text("Chỗ trong hàng chờ").wait_for()
    look(family)

    office.goto(f"{ORIGIN}/admissions/{plan.public_id}/office/")
    office.get_by_role("link", name="Lê Văn Bình").wait_for()
    look(office)
