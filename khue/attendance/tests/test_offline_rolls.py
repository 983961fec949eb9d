"""The roll on a phone in a real browser: taken without a line, the page closed, sent once when the line is back."""

from datetime import timedelta

import pytest

from khue.assessment.tests.test_browser import address, kept_pages, node  # noqa: F401  fixtures
from khue.attendance import actions
from khue.attendance.actions import RollStamp
from khue.attendance.models import Absence, LessonLog, RollCall
from khue.foundation import clock, scope
from khue.foundation.ids import uuid7
from khue.foundation.tests.conftest import wait_until
from khue.identity import actions as identity
from khue.identity.models import Account
from khue.schools.models import TeachingAssignment
from tests.journeys.day import make_today_a_school_day
from tests.world import account, actor, staff
from tests.world import world as a_world


@pytest.fixture
def lesson(node):  # noqa: F811  the fixture
    """A class of forty, its teacher's session, today's lesson."""
    with scope.of_organisation(None):
        world = a_world(pupils=40)
        slot = make_today_a_school_day(world)
        return world.here, slot, session_of(world.here.teacher)


def session_of(who: Account) -> str:
    return identity.open_session(account=who, at=clock.now(), address=None, agent="test", second_factor=True)


def noted() -> list[tuple[str, str, int | None]]:
    with scope.of_organisation(None):
        rows = Absence.objects.order_by("enrolment__person__sort_key")
        return list(rows.values_list("enrolment__person__full_name", "kind", "minutes"))


def rolls() -> int:
    with scope.of_organisation(None):
        return RollCall.objects.count()


def open_list(browser_page, address: str, token: str):  # noqa: F811  the fixture
    page = browser_page(width=360)
    page.context.add_cookies([{"name": "khue_session", "value": token, "url": address}])
    page.goto(f"{address}/attendance/")
    return page


def test_a_roll_taken_without_a_line_outlives_the_page_and_is_sent_once(address, browser_page, lesson):  # noqa: F811
    _here, slot, token = lesson
    page = open_list(browser_page, address, token)
    path = f"/attendance/{slot.public_id}/{clock.today()}/"
    wait_until(lambda: set(kept_pages(page)) == {"/attendance/", path})

    page.context.set_offline(True)
    page.goto(f"{address}{path}")
    page.locator("form.roll-ready").wait_for()
    taps = page.locator(".roll .tap")
    assert taps.count() == 40
    assert min(box["height"] for box in (taps.nth(n).bounding_box() for n in (0, 20, 39))) >= 44
    taps.nth(0).click()
    for _ in range(3):
        taps.nth(1).click()
    page.locator(".roll li").nth(1).locator("input[type=number]").fill("10")
    assert page.inner_text("#roll-state") == "39/40"
    page.get_by_role("button", name="Lưu điểm danh").click()
    page.wait_for_selector('#roll-state[data-state="waiting"]')
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    context = page.context
    page.close()
    page = context.new_page()
    page.goto(f"{address}{path}")
    page.wait_for_selector('#roll-state[data-state="waiting"]')
    assert "Không phép" in page.locator(".roll .tap").nth(0).inner_text()
    assert rolls() == 0
    context.set_offline(False)
    wait_until(lambda: rolls() == 1)
    page.wait_for_url("**/attendance/")
    page.get_by_text("Đã điểm danh", exact=True).wait_for()

    assert noted() == [("Nguyễn Văn A", "K", None), ("Nguyễn Văn A1", "M", 10)]
    page.reload()
    assert rolls() == 1


def test_an_answer_lost_on_the_way_takes_the_roll_once(address, browser_page, lesson):  # noqa: F811
    _here, slot, token = lesson
    page = browser_page(width=360, service_workers="block")
    page.context.add_cookies([{"name": "khue_session", "value": token, "url": address}])
    page.goto(f"{address}/attendance/{slot.public_id}/{clock.today()}/")
    lost = []

    def lose_the_first_answer(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/send/", lose_the_first_answer)
    page.locator("form.roll-ready").wait_for()
    page.locator(".roll .tap").nth(0).click()
    page.get_by_role("button", name="Lưu điểm danh").click()
    page.wait_for_url("**/attendance/")

    assert lost == [200]
    assert rolls() == 1
    assert [kind for _name, kind, _minutes in noted()] == ["K"]


def test_a_colleagues_roll_is_shown_beside_the_own_and_a_person_decides(address, browser_page, lesson):  # noqa: F811
    here, slot, token = lesson
    page = open_list(browser_page, address, token)
    path = f"/attendance/{slot.public_id}/{clock.today()}/"
    wait_until(lambda: path in kept_pages(page))
    page.context.set_offline(True)
    page.goto(f"{address}{path}")
    page.locator("form.roll-ready").wait_for()
    page.locator(".roll .tap").nth(0).click()
    page.get_by_role("button", name="Lưu điểm danh").click()
    page.wait_for_selector('#roll-state[data-state="waiting"]')
    with scope.of_organisation(None):
        other = staff("Võ Thị Lan", here.organisation, "teacher")
        TeachingAssignment.objects.create(
            organisation=here.organisation, class_subject=here.maths, staff=other,
            starts_on=clock.today() - timedelta(days=1),
        )  # fmt: skip
        colleague = account(other.person, "subject_teacher", here.organisation)
        actions.take_roll(
            actor=actor(colleague), slot=slot, day=clock.today(), absences={here.enrolments[2].id: "P"},
            mode="classroom", title="", at=clock.now(), stamp=RollStamp(uuid7(), None, clock.now()),
        )  # fmt: skip

    page.context.set_offline(False)
    page.locator("#roll-standing").get_by_text("Võ Thị Lan đã điểm danh").wait_for()
    assert page.locator(".differences li").all_inner_texts() == [
        "Nguyễn Văn A: máy chủ: Có mặt · của tôi: Không phép",
        f"{here.enrolments[2].person.full_name}: máy chủ: Có phép · của tôi: Có mặt",
    ]
    assert [kind for _name, kind, _minutes in noted()] == ["P"]
    page.get_by_role("button", name="Dùng bản của tôi").click()
    page.wait_for_url("**/attendance/")

    assert [kind for _name, kind, _minutes in noted()] == ["K"]
    with scope.of_organisation(None):
        assert LessonLog.objects.get().taken_by_name == "Lê Thị Hoa"
