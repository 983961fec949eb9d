"""A roll of 45 on a phone within twenty seconds: no tap for who is there, one for who is not, two around them."""

import time

from khue.assessment.tests.test_browser import address, node  # noqa: F401  fixtures
from khue.attendance.models import Absence
from khue.foundation import clock, scope
from khue.identity import actions as identity
from khue.schools import queries as schools
from tests.journeys.day import make_today_a_school_day
from tests.journeys.pages import overflow, violations
from tests.world import world as a_world

PUPILS = 45
#: Three are missing and two late, by their place on the list: top, middle and end of it.
MISSING, LATE = (3, 17, 44), (8, 30)
#: What a roll may take, and what the page itself may take of it: loading, answering taps, saving.
SECONDS, OWN_SECONDS = 20, 8


class Thumb:
    """Taps as a finger does and counts them."""

    def __init__(self):
        self.taps = 0

    def tap(self, place):
        place.tap()
        self.taps += 1


def open_phone(browser_page, address, account):  # noqa: F811  the fixture
    with scope.of_organisation(None):
        token = identity.open_session(account=account, at=clock.now(), address=None, agent="test", second_factor=True)
    page = browser_page(width=360, has_touch=True, is_mobile=True)
    page.context.add_cookies([{"name": "khue_session", "value": token, "url": address}])
    return page


def test_a_class_of_45_with_five_not_there_takes_seven_taps_and_leaves_the_time_to_the_teacher(
    address, browser_page  # noqa: F811  the fixture
):  # fmt: skip
    with scope.of_organisation(None):
        world = a_world(pupils=PUPILS)
        slot = make_today_a_school_day(world)
    page, thumb = open_phone(browser_page, address, world.here.teacher), Thumb()

    begun = time.monotonic()
    page.goto(f"{address}/attendance/")
    thumb.tap(page.get_by_role("link", name="Lớp 6A", exact=True))
    page.locator("form.roll-ready").wait_for()
    rows = page.locator(".roll li")
    for place in MISSING:
        thumb.tap(rows.nth(place).locator(".tap"))
    for place in LATE:
        thumb.tap(rows.nth(place).get_by_role("button", name="Muộn:"))
    assert page.inner_text("#roll-state") == f"{PUPILS - len(MISSING)}/{PUPILS}"
    thumb.tap(page.get_by_role("button", name="Lưu điểm danh"))
    page.get_by_text("Đã điểm danh", exact=True).wait_for()
    took = time.monotonic() - begun

    assert thumb.taps == len(MISSING) + len(LATE) + 2
    assert took < OWN_SECONDS < SECONDS / 2
    assert noted(slot) == {**dict.fromkeys(MISSING, "K"), **dict.fromkeys(LATE, "M")}


def test_the_button_for_late_is_large_named_and_taken_back_by_taps(address, browser_page):  # noqa: F811
    with scope.of_organisation(None):
        world = a_world(pupils=5)
        slot = make_today_a_school_day(world)
    page = open_phone(browser_page, address, world.here.teacher)
    page.goto(f"{address}/attendance/{slot.public_id}/{clock.today()}/")
    page.locator("form.roll-ready").wait_for()
    row = page.locator(".roll li").nth(1)
    late = row.get_by_role("button", name="Muộn: Nguyễn Văn B")
    for box in (late.bounding_box(), row.locator(".tap").bounding_box()):
        assert min(box["height"], box["width"]) >= 44
    assert not (found := violations(page)), found
    assert overflow(page) == 0

    late.focus()
    page.keyboard.press("Enter")

    assert "Muộn" in row.locator(".tap .kind").inner_text()
    assert late.is_hidden()
    assert row.locator("input[type=number]").is_visible()
    assert page.evaluate("document.activeElement.className") == "tap"
    assert overflow(page) == 0
    for _time in range(2):
        row.locator(".tap").tap()
    assert "Có mặt" in row.locator(".tap .kind").inner_text()
    assert late.is_visible()


def noted(slot):
    """Kinds of absence in the lesson of today, by the pupil's place on the list."""
    with scope.of_organisation(None):
        order = [member.enrolment_id for member in schools.learners(slot.class_subject, clock.today())]
        rows = Absence.objects.filter(lesson__slot=slot, lesson__day=clock.today())
        return {order.index(enrolment): kind for enrolment, kind in rows.values_list("enrolment_id", "kind")}
