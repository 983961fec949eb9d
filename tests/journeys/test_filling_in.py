"""Hands on the long forms of a school, in Chromium: conduct of a class, who was at a meeting."""

import pytest

from khue.gradebook.models import TermConduct
from tests.journeys.pages import ORIGIN, answer_by, unsound
from tests.world import enrol, staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def opened(browser_page, client, address, **options):
    page = browser_page(reduced_motion="reduce", **options)
    answer_by(client, page)
    page.goto(ORIGIN + address)
    page.wait_for_load_state("networkidle")
    return page


def test_conduct_of_a_class_is_filled_in_by_letters(browser_page, world, client_of):
    here = world.here
    address = f"/marks/classes/{here.school_class.public_id}/conduct/1/"
    page = opened(browser_page, client_of(here.teacher), address)
    lines = page.locator(".conduct li")
    lines.first.locator("[type=radio]").first.focus()
    for letter in "tkc":
        page.keyboard.press(letter)
    assert page.locator("#conduct-state").inner_text() == "3/3 em đã có mức"
    lines.first.locator(".comment").fill("Em tiến bộ")
    page.keyboard.press("Enter")  # goes on, and sends nothing
    page.keyboard.type("Em cần cố gắng")
    assert not TermConduct.objects.exists()

    page.get_by_role("button", name="Lưu rèn luyện").click()
    page.wait_for_url("**/marks/classes/*/")

    rows = TermConduct.objects.order_by("enrolment__person__sort_key").values_list("level", "comment")
    assert list(rows) == [(3, "Em tiến bộ"), (2, "Em cần cố gắng"), (0, "")]


def test_conduct_on_a_phone_is_a_line_a_pupil_of_which_one_opens(browser_page, world, client_of):
    here = world.here
    for number in range(38):
        enrol(here, f"Trần Văn {number}")
    address = f"/marks/classes/{here.school_class.public_id}/conduct/1/"
    page = opened(browser_page, client_of(here.teacher), address, width=360, height=740)
    lines = page.locator(".conduct li")

    assert lines.count() == 41
    assert page.evaluate("document.documentElement.scrollHeight") < 2_600
    assert page.locator(".conduct fieldset:visible").count() == 0
    lines.nth(0).get_by_role("button").click()
    lines.nth(0).get_by_text("Khá").click()
    lines.nth(0).get_by_label("Số buổi nghỉ").fill("2")
    lines.nth(1).get_by_role("button").click()
    lines.nth(1).locator("fieldset").wait_for()
    lines.nth(0).locator(".badge").wait_for()

    assert page.locator(".conduct fieldset:visible").count() == 1
    assert lines.nth(0).locator(".line").inner_text().split("\n")[-2:] == ["2 buổi", "Khá"]
    assert page.locator("#conduct-state").inner_text() == "1/41 em đã có mức"
    assert unsound(page) == []


def test_conduct_is_sound_at_both_widths(browser_page, world, client_of):
    address = f"/marks/classes/{world.here.school_class.public_id}/conduct/1/"
    page = opened(browser_page, client_of(world.here.teacher), address, width=360, height=740)

    assert unsound(page) == []


def test_all_of_many_are_ticked_at_once(browser_page, world, client_of):
    for number in range(8):
        staff(f"Trần Văn {number}", world.here.organisation, "teacher")
    page = opened(browser_page, client_of(world.here.head), "/work/meetings/write/")
    everybody = page.locator("[name=present]").count()
    assert everybody > 8

    page.get_by_role("button", name="Chọn tất cả", exact=True).click()
    assert page.locator("[name=present]:checked").count() == everybody
    page.get_by_role("button", name="Bỏ chọn tất cả").click()
    assert page.locator("[name=present]:checked").count() == 0


def test_of_a_crowd_those_are_found_and_ticked_whose_names_are_typed(browser_page, world, client_of):
    for number in range(30):
        staff(f"{'Đỗ Thị' if number % 3 else 'Trần Văn'} Bé {number}", world.here.organisation, "teacher")
    page = opened(browser_page, client_of(world.here.head), "/work/meetings/write/", width=360, height=740)
    everybody = page.locator("[name=present]").count()
    box = page.locator(".options.crowd")
    assert box.bounding_box()["height"] <= 0.6 * 740 + 2

    page.get_by_role("searchbox", name="Tìm trong danh sách").fill("do thi be")
    assert page.locator("[name=present]:visible").count() == 20
    page.get_by_role("button", name=f"Chọn tất cả (1/{everybody})").click()
    page.get_by_role("searchbox", name="Tìm trong danh sách").fill("")

    assert page.locator("[name=present]:checked").count() == 21  # and who writes
    assert page.get_by_role("button", name=f"Chọn tất cả (21/{everybody})").is_visible()
    assert unsound(page) == []
