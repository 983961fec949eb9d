"""The pages of versions, bells, calendars and .fet files in a real browser: nothing for axe, nothing too wide."""

import pytest

from khue.timetable.models import TimetableVersion
from khue.timetable.tests.test_week import lesson, publish
from tests.journeys.pages import ORIGIN, answer_by, unsound, violations
from tests.world import World, organisation

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser_page):
    return browser_page(width=360, reduced_motion="reduce")


def look(page, path: str) -> None:
    page.goto(ORIGIN + path)
    assert unsound(page) == [], path


@pytest.mark.parametrize("kind", ["", "print/school/", "print/teachers/", "print/classes/"])
def test_a_version_on_the_screen_and_for_paper(world: World, client_of, page, kind: str) -> None:
    publish(world.here, *(lesson(world.here, weekday, period) for weekday in range(1, 7) for period in range(1, 6)))
    answer_by(client_of(world.here.head), page)

    look(page, f"/timetable/versions/{TimetableVersion.objects.get().public_id}/{kind}")


@pytest.mark.parametrize("path", ["versions/", "bells/", "bells/ways/", "fet/", "drafts/", "wishes/"])
def test_pages_of_the_office(world: World, client_of, page, path: str) -> None:
    organisation("campus", "Điểm Mỹ Đông", world.here.organisation)
    answer_by(client_of(world.here.clerk), page)

    look(page, f"/timetable/{path}")


def test_a_family_gets_its_address_once(world: World, client_of, page) -> None:
    answer_by(client_of(world.here.guardians[0]), page)
    look(page, "/timetable/calendar/")

    page.get_by_role("button", name="Lấy địa chỉ lịch").click()

    assert "/timetable/calendar/" in page.get_by_label("Địa chỉ", exact=True).input_value()
    assert violations(page) == []
    page.goto(f"{ORIGIN}/timetable/calendar/")
    assert page.get_by_label("Địa chỉ", exact=True).count() == 0
    assert page.get_by_role("button", name="Đổi địa chỉ khác").count() == 1
