"""Pages of indicators in a real browser: nothing for axe, nothing wider than the window; a level on its way."""

import os
from pathlib import Path

import pytest

from khue.foundation import clock
from khue.indicators import actions
from khue.indicators.models import CubeRun, MonthlyCount
from khue.indicators.school_index import CRITERIA
from khue.indicators.tests.test_indicators import answer, count, hold_lessons, learn
from khue.registry.models import Territory
from tests.journeys.pages import ORIGIN, WIDTHS, answer_by, unsound
from tests.world import NOON, TODAY, World, actor

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
#: Where pictures of the pages go, for who wants to look at them.
PICTURES = os.environ.get("KHUE_PICTURES", "")


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A school with lessons, answers, a draft report, an assessment, a given device; a year of months in the cube."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    world.department.territory = Territory.objects.filter(level="province", code="82").first()
    world.department.save()
    hold_lessons(world.here, online=1, classroom=9)
    learn(world.here, 0)
    answer(world.here, world.here.enrolments[0].person_id, has_device=False)
    count(world.here, world.elsewhere)
    for number, month in enumerate(("2026-09", "2026-10", "2026-11")):
        run = CubeRun.objects.create(
            month=month, first_month="2026-07", engine="duckdb", milliseconds=9, counted_at=NOON,
            files=[{"table": "lessons", "month": month, "province": "82", "rows": 10, "sha256": "ab" * 32}],
        )  # fmt: skip
        for place in (world.ministry, world.department, world.commune_office, world.here.organisation):
            MonthlyCount.objects.create(
                organisation=place, code="A6", month=month, numerator=5 + number * 4, denominator=100, definition=1,
                run=run,
            )  # fmt: skip
    head = actor(world.here.head)
    actions.begin_assessment(actor=head, organisation=world.here.organisation, school_year="2026-2027", at=NOON)
    actions.prefill_report(
        actor=head, organisation=world.here.organisation, school_year="2026-2027", period="start", at=NOON
    )
    programme = actions.make_programme(
        actor=actor(world.department_officer), organisation=world.department, title="Sóng và máy tính",
        sponsor="Công ty A", starts_on=TODAY, ends_on=None, at=NOON,
    )  # fmt: skip
    actions.receive_devices(
        actor=head, programme=programme, school=world.here.organisation, kind="tablet", numbers=["MTB-1"], on=TODAY
    )
    return world


def look(page, addresses: list[str]) -> None:
    for address in addresses:
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        page.goto(ORIGIN + address)
        for width in WIDTHS:
            assert unsound(page, (width,)) == [], address
            if PICTURES:
                name = address.strip("/").replace("/", "-")[-60:]
                page.screenshot(path=Path(PICTURES) / f"{width}-{name}.png", full_page=True)


def test_pages_of_a_school_are_sound(here: World, client_of, browser_page) -> None:
    page, client = browser_page(height=800), client_of(here.here.head)
    answer_by(client, page)
    place = f"/indicators/{here.here.organisation.public_id}/"
    assessment = client.get(f"{place}index/").headers["Location"]
    report = client.post(f"{place}reports/start/").headers["Location"]

    look(page, [place, f"{place}A1/", f"{place}A6/", f"{place}B1/", f"{place}A6/lineage/", assessment,
                f"{place}reports/", report, f"{report}sign/", f"{place}support/"])  # fmt: skip


def test_pages_of_offices_and_of_everybody_are_sound(here: World, client_of, browser_page) -> None:
    page = browser_page(height=800)
    answer_by(client_of(here.ministry_officer), page)
    ministry, department = (f"/indicators/{x.public_id}/" for x in (here.ministry, here.department))

    look(page, [ministry, f"{ministry}A6/", f"{ministry}A6/lineage/", f"{department}A6/", f"{department}index/",
                f"{department}reports/", f"{department}support/", f"{ministry}reported/A4/", "/open-data/",
                "/school-index/"])  # fmt: skip


def test_an_assessment_goes_from_the_school_to_the_public_in_the_browser(here: World, client_of, browser_page) -> None:
    head, officer, everybody = browser_page(), browser_page(), browser_page(width=360, height=740)
    school = client_of(here.here.head)
    answer_by(school, head)
    answer_by(client_of(here.department_officer), officer)
    answer_by(client_of(here.here.guardians[0]), everybody)
    address = ORIGIN + school.get(f"/indicators/{here.here.organisation.public_id}/index/").headers["Location"]
    head.goto(address)
    for criterion in CRITERIA:
        field = head.locator(f"[name={criterion.field}_points]")
        field.select_option("1") if criterion.is_mandatory else field.fill(str(criterion.most))
    head.get_by_role("button", name="Lưu và gửi Sở").click()
    head.get_by_text("Đã gửi bản tự đánh giá tới Sở.").wait_for()

    officer.goto(address)
    officer.locator("[name=c1_5_1_points]").fill("5")
    officer.locator("[name=c1_5_1_remark]").fill("Mới có một phòng máy")
    officer.get_by_role("button", name="Lưu kết quả thẩm định").click()
    officer.locator("[name=decision]").fill("45/QĐ-SGDĐT")
    officer.get_by_role("button", name="Công nhận mức").click()
    officer.get_by_role("button", name="Công bố mức").click()
    officer.get_by_text("Đã công bố.").wait_for()

    everybody.goto(f"{ORIGIN}/school-index/")
    everybody.get_by_text("45/QĐ-SGDĐT").wait_for()
    assert everybody.get_by_text("Mức 3: đáp ứng tốt").count() == 1
