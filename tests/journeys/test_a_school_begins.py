"""A school that starts with nothing: its head is led from the first sign-in to the first roll, by the pages alone."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from khue.foundation import clock, work
from khue.schools.models import ClassSubject, Enrolment, RosterImport, SchoolYear, TeachingAssignment, Term
from khue.schools.tests.roster.workbooks import workbook
from khue.timetable import actions as timetable
from khue.timetable.actions import PlannedLesson
from tests.journeys.pages import ORIGIN, WIDTHS, answer_by, look
from tests.world import NOON, TODAY, account, actor, organisation, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

PUPILS = workbook([
    ["DANH SÁCH HỌC SINH NĂM HỌC 2026-2027"],
    ["STT", "Lớp", "Mã định danh Bộ GD&ĐT", "Họ tên", "Ngày sinh", "Giới tính", "Họ tên mẹ", "SĐT mẹ"],
    [1, "6A1", "9200000001", "Trần Gia Bảo", "02/03/2015", "Nam", "Lê Thị Hạnh", "0912345678"],
    [2, "6A2", "9200000002", "Nguyễn Ngọc Ánh", "29/02/2015", "Nữ", "Phạm Thu Hà", "0987654321"],
    [3, "6A2", "9200000003", "Đặng Minh Đức", "15/08/2015", "Nam", "Võ Thị Lan", "0909090909"],
])  # fmt: skip
STAFF = workbook([
    ["STT", "Họ và tên", "Ngày sinh", "Vị trí việc làm", "Tổ chuyên môn", "Phân công chuyên môn", "Chủ nhiệm"],
    [1, "Lê Hoàng Nam", "12/05/1972", "Hiệu trưởng", "", "", ""],
    [2, "Đỗ Thị Mai", "02/03/1985", "Giáo viên", "Toán - Tin", "Toán 6A1, 6A2; Các môn 6A1", "6A1"],
    [3, "Vũ Minh Anh", "05/09/1990", "Giáo viên", "Văn - Anh", "Các môn 6A2", "6A2"],
])  # fmt: skip


def test_a_school_begins(
    client_of: Callable[..., Client],
    browser_page: Callable[..., Page],
    monkeypatch: pytest.MonkeyPatch,
    settings,
    tmp_path,
) -> None:
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr(clock, "now", lambda: NOON)
    phone, desk = WIDTHS
    school = organisation("school", "Trường THCS Phong Điền", organisation("department", "Sở GD&ĐT Cần Thơ"))
    head = account(person("Lê Hoàng Nam", school, "staff"), "head", school)
    client = client_of(head)
    page = browser_page(width=desk)
    answer_by(client, page)

    the_year_is_opened(page)
    pupils_come_out_of_a_file(page, client)
    subjects_are_added_and_staff_come_with_their_duties(page, client)
    the_bells_are_taken_as_proposed(page)
    code = slips_are_printed(page)
    the_timetable_is_published(head, school.id)
    the_teacher_takes_the_first_roll(browser_page(width=phone), code)

    go_home(page)
    assert not page.get_by_text("Bắt đầu năm học").count()
    assert page.get_by_text("trên 1 tiết theo thời khoá biểu").count()


def go_home(page: Page, done: int | None = None) -> None:
    page.goto(f"{ORIGIN}/")
    if done is not None:
        page.get_by_text(f"{done} trong 12").wait_for()


def next_step(page: Page, done: int) -> None:
    """The home says how far the school is, and its one button leads on."""
    go_home(page, done)
    page.get_by_role("link", name="Làm tiếp").click()
    page.wait_for_load_state()


def the_year_is_opened(page: Page) -> None:
    go_home(page, 0)
    look(page)
    next_step(page, 0)
    look(page)
    page.get_by_role("button", name="Mở năm học").click()
    page.get_by_text("Đã mở năm học 2026-2027").wait_for()
    next_step(page, 1)
    page.get_by_role("button", name="Đưa các ngày đã chọn vào lịch").click()
    page.get_by_text("Tết Dương lịch").first.wait_for()


def brought(page: Page, client: Client, name: str, content: bytes) -> None:
    """The file is sent as without a script; the pages of the import are walked, and its job is done."""
    file = BytesIO(content)
    file.name = name
    year = SchoolYear.objects.get()
    sent = client.post(page.url.removeprefix(ORIGIN), {"school_year": str(year.public_id), "file": file})
    page.goto(f"{ORIGIN}{sent['Location']}")
    if content is STAFF:
        look(page)  # pupils' columns and preview are looked at in test_school_day
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_text("Chưa có gì thay đổi.").wait_for()
    if content is STAFF:
        look(page)
    page.get_by_role("button", name=re.compile(r"^Nhập \d")).click()
    page.wait_for_url("**/jobs/**")
    job = RosterImport.objects.select_related("job").latest("id").job
    assert job is not None
    work.run_now(job)


def pupils_come_out_of_a_file(page: Page, client: Client) -> None:
    next_step(page, 2)
    look(page)
    brought(page, client, "hoc-sinh.xlsx", PUPILS)
    assert Enrolment.objects.count() == 2  # 29/02/2015 is no day, and the file says so


def subjects_are_added_and_staff_come_with_their_duties(page: Page, client: Client) -> None:
    next_step(page, 3)
    look(page)
    page.get_by_role("button", name="Thêm môn theo chương trình").last.click()
    page.get_by_text("chưa có giáo viên").first.wait_for()
    next_step(page, 4)
    brought(page, client, "can-bo.xlsx", STAFF)
    go_home(page, 7)  # the list brought duties and homerooms too
    taught = TeachingAssignment.objects.filter(ends_on=None).values("class_subject")
    assert not ClassSubject.objects.exclude(id__in=taught).exists()


def the_bells_are_taken_as_proposed(page: Page) -> None:
    next_step(page, 7)
    look(page)
    page.get_by_role("button", name="Lưu giờ vào tiết").click()
    page.get_by_text("Đã lưu giờ vào tiết.").wait_for()


def slips_are_printed(page: Page) -> str:
    page.goto(f"{ORIGIN}/accounts/slips/")
    teachers = page.locator("select[name=role] option", has_text="Giáo viên bộ môn").get_attribute("value")
    page.get_by_label("Dành cho").select_option(teachers)
    page.get_by_role("button", name="Tạo mã và xem phiếu").click()
    slip = page.locator("li.slip", has_text="Đỗ Thị Mai")
    look(page)
    return slip.locator(".code").inner_text()


def the_timetable_is_published(head, school_id: int) -> None:
    """What the search finds is told in another story; here one lesson is enough."""
    term = Term.objects.get(organisation_id=school_id, number=1)
    maths = ClassSubject.objects.get(subject__code="TOAN", school_class__name="6A1")
    teacher = TeachingAssignment.objects.select_related("staff").get(class_subject=maths).staff
    lesson = PlannedLesson(maths, teacher, TODAY.isoweekday(), "am", 1)
    timetable.publish_timetable(actor=actor(head), term=term, title="Số 1", valid_from=TODAY, lessons=[lesson], at=NOON)


def the_teacher_takes_the_first_roll(page: Page, code: str) -> None:
    answer_by(Client(), page)
    page.goto(f"{ORIGIN}/activate/")
    page.get_by_label("Mã kích hoạt").fill(code)
    page.get_by_label("Mật khẩu mới").fill("cầu vồng trên sông Hậu")
    page.get_by_role("button", name=re.compile("Kích hoạt|Đặt mật khẩu")).click()
    page.get_by_role("link", name="Điểm danh", exact=True).first.wait_for()
    look(page)
    page.locator("main").get_by_role("link", name="Điểm danh", exact=True).first.click()
    page.locator("form.roll-ready").wait_for()
    page.get_by_role("button", name="Lưu điểm danh").click()
    page.wait_for_url("**/attendance/")
