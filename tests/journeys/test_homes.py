"""The home page of every role in a real browser: on a phone, at a desk, enlarged, by keyboard, without a jump."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from khue.portal.tests.test_homes import day  # noqa: F401  a fixture
from tests.journeys.pages import ORIGIN, answer_by, overflow, unsound
from tests.world import World, account

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

ROLES = ("pupil", "guardian", "teacher", "head", "clerk", "department", "ministry", "operator", "public")
#: What is left of a window of 1280 pixels at 200 %.
ENLARGED = 640

#: By how much letters that come later may move lines of the first visit: what the web calls good.
MOST_MOVED = 0.1
#: What moved since the page began, and how far: the browser's own measure of layout shift.
MOVED = """() => new Promise(done => {
    const moved = [];
    const shown = ({node}) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 120);
    new PerformanceObserver(list => list.getEntries().forEach(each =>
        moved.push([each.value, each.sources.map(shown)])
    )).observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(moved), 300);
})"""
#: What one could press or fill in that the keyboard has not come to, going on with Tab alone.
WATCH = """() => {
    window.reached = new Set();
    document.addEventListener("focusin", ({target}) => window.reached.add(target));
    const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    window.offered = () => [...document.querySelectorAll(pressed)]
        .filter(each => !each.disabled && each.checkVisibility({visibilityProperty: true}) && each.tabIndex >= 0);
    return window.offered().length;
}"""
MISSED = "() => window.offered().filter(each => !window.reached.has(each)).map(each => each.outerHTML.slice(0, 160))"


@pytest.fixture
def opened(day: World, client_of, browser_page):  # noqa: F811  the fixture
    """Opens the home of a role, signed in, at a width; letters: with those of the product."""
    people = {
        "pupil": day.here.pupils[0], "guardian": day.here.guardians[0], "teacher": day.here.teacher,
        "head": day.here.head, "clerk": day.here.clerk, "department": day.department_officer,
        "ministry": day.ministry_officer, "operator": account(None, "operator", day.ministry),
    }  # fmt: skip

    def home(role: str, width: int, *, letters: bool = True) -> Page:
        page = browser_page(width=width, height=740)
        answer_by(client_of(people[role]) if role in people else Client(), page)
        if not letters:
            page.route("**/*.woff2", lambda route: route.abort())
        page.goto(ORIGIN, wait_until="networkidle")
        return page

    return home


@pytest.mark.parametrize("role", ROLES)
def test_a_home_is_sound_and_small_on_a_phone_at_a_desk_and_enlarged(opened, role: str) -> None:
    page = opened(role, 360)

    assert sum(value for value, _what in page.evaluate(MOVED)) <= MOST_MOVED
    assert unsound(page) == []
    page.set_viewport_size({"width": ENLARGED, "height": 400})
    assert overflow(page) == 0


@pytest.mark.parametrize("role", ROLES)
def test_nothing_on_a_home_moves_when_its_parts_arrive(opened, role: str) -> None:
    """But for the letters, which are left out here: they are the test's above."""
    page = opened(role, 360, letters=False)

    assert page.evaluate(MOVED) == []


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("width", [360, 1280])
def test_the_keyboard_alone_comes_to_everything_on_a_home(opened, role: str, width: int) -> None:
    page = opened(role, width)
    offered = page.evaluate(WATCH)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')"), "the way past the menu comes first"
    for _ in range(offered + 5):
        page.keyboard.press("Tab")

    assert offered >= 5
    assert page.evaluate(MISSED) == []
