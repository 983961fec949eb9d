"""A clerk draws a procedure in a real browser with bpmn-js, publishes it, and a case runs through it."""

import re

import pytest
from django.test import Client

from khue.procedures.models import Case, Definition, Step
from tests.journeys.pages import ORIGIN, answer_by, overflow, violations
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


@pytest.fixture
def opened(browser_page):
    """Opens pages that remember what the content policy refused."""

    def page_of(client: Client, width: int = 1280):
        page = browser_page(width=width, height=900)
        page.refused = []
        page.on("console", lambda said: page.refused.append(said.text) if "Security Policy" in said.text else None)
        answer_by(client, page)
        return page

    return page_of


def sound(page) -> None:
    """Nothing was refused by the content policy before axe, which brings styles of its own, looks at the page."""
    assert page.refused == []
    assert (violations(page), overflow(page)) == ([], 0)


def begun(clerk: Client) -> str:
    return clerk.post("/procedures/drawn/new/", {"title": "Mượn hội trường"})["Location"]


def choose(page, name: str) -> None:
    page.get_by_label("Phần đang chọn").select_option(label=name)


def add(page, what: str, name: str) -> None:
    page.get_by_role("button", name=what).click()
    page.get_by_label("Tên của phần này").fill(name)
    page.get_by_label("Tên của phần này").press("Enter")


def draw_two_steps(page) -> None:
    """Review, a choice, then the head signs or it is turned down: partly by the mouse, partly by the panel."""
    page.locator(".djs-palette").wait_for()
    page.locator("[data-element-id=StartEvent_1]").first.click()
    page.locator(".djs-context-pad .bpmn-icon-user-task").click()  # beside the start, as in any modeller
    choose(page, "Bước (việc của người)")
    page.get_by_label("Tên của phần này").fill("Xem xét")
    page.get_by_label("Tên của phần này").press("Enter")
    add(page, "Thêm cổng chọn nhánh", "Đồng ý?")
    add(page, "Thêm bước", "Duyệt")
    add(page, "Thêm điểm kết thúc", "Đã duyệt")
    choose(page, "Đồng ý?")
    add(page, "Thêm điểm kết thúc", "Không cho mượn")
    choose(page, "Đồng ý? → Không cho mượn")
    page.get_by_label("Đi nhánh này trong mọi trường hợp còn lại").check()
    choose(page, "Đồng ý? → Duyệt")
    page.get_by_label("Đi nhánh này khi").fill('ket_qua = "dong_y"')
    page.get_by_label("Đi nhánh này khi").press("Enter")
    choose(page, "Xem xét")
    assert "ket_qua: dong_y" in page.locator("[data-asks]").inner_text()


def test_a_clerk_draws_publishes_and_a_case_runs_through_it(world: World, client_of, opened) -> None:
    clerk = client_of(world.here.clerk)
    page = opened(clerk)
    page.goto(ORIGIN + begun(clerk))
    draw_two_steps(page)
    mark = page.locator(".bjs-powered-by")
    assert mark.is_visible()
    assert mark.get_attribute("href") == "http://bpmn.io"
    page.get_by_label("Câu hỏi cho người nộp").fill("Ngày mượn *: ngày\nĐơn có chữ kí: tệp")
    page.get_by_label("Thời hạn").fill("3")
    page.get_by_label("Căn cứ").fill("Quy chế của trường")
    sound(page)

    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("heading", name="Ai làm bước nào").wait_for()
    page.get_by_label("Xem xét").select_option("clerk")
    page.get_by_label(re.compile("^Duyệt")).select_option("head")
    page.get_by_label("Không cho mượn").select_option("refused")
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Công bố").click()
    page.get_by_text("Đã công bố.").wait_for()

    kept = Definition.objects.get(organisation=world.here.organisation)
    family = Client().post(f"/procedures/{kept.procedure.public_id}/file/", {
        "subject_name_": "Lê Văn Bình", "born_on_": "02/03/2015", "applicant_name_": "Lê Thị Hoa", "phone_": "0901",
        "ngay_muon": "02/12/2026",
    })  # fmt: skip
    assert family.status_code == 200, family.content.decode()
    case = Case.objects.get()
    for doer, given in ((clerk, {"ket_qua": "dong_y"}), (client_of(world.here.head), {})):
        step = Step.objects.get(case=case, done_at=None)
        assert doer.post(f"/procedures/steps/{step.public_id}/", given).status_code == 303
    case.refresh_from_db()
    assert case.ends == "granted"
    assert [step.title for step in Step.objects.filter(case=case).order_by("id")] == ["Xem xét", "Duyệt"]

    again = opened(clerk)  # a new version begins with the drawing of the last one
    again.goto(f"{ORIGIN}/procedures/drawn/{kept.procedure.public_id}/draw/")
    again.locator(".djs-palette").wait_for()
    choose(again, "Duyệt")


def test_what_is_wrong_with_a_drawing_is_said_and_the_drawing_stays(world: World, client_of, opened) -> None:
    clerk = client_of(world.here.clerk)
    page = opened(clerk)
    page.goto(ORIGIN + begun(clerk))
    page.locator(".djs-palette").wait_for()
    choose(page, "Bắt đầu")
    add(page, "Thêm bước", "Xem xét")
    page.get_by_label("Căn cứ").fill("Quy chế")
    page.get_by_role("button", name="Tiếp tục").click()

    page.get_by_text("bước này không dẫn tới đâu").first.wait_for()

    page.locator(".djs-palette").wait_for()
    choose(page, "Xem xét")
    assert not Definition.objects.filter(organisation__isnull=False).exists()


def test_a_phone_takes_the_file_and_does_not_fetch_the_library(world: World, client_of, opened) -> None:
    clerk = client_of(world.here.clerk)
    page = opened(clerk, width=360)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(ORIGIN + begun(clerk))

    page.get_by_text("cần màn hình rộng hơn").wait_for()

    assert page.get_by_label("Tệp bản vẽ BPMN").is_visible()
    assert not page.locator("[data-canvas]").is_visible()
    assert not [url for url in asked if "/bpmn/" in url]
    sound(page)
