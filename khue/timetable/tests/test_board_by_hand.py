"""The board of a draft by hand: a lesson is moved by keyboard and by drag, and says at once what would be wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from khue.timetable.models import DraftLesson, DraftPart
from khue.timetable.tests.drafts import draft, places, planning, search
from tests.journeys.pages import ORIGIN, answer_by
from tests.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser


class Hand:
    """Somebody at the board, with one lesson of it."""

    def __init__(self, world: World, client_of: Callable, page: Page) -> None:
        given = planning(world)
        self.draft = search(given, draft(given))
        self.lesson: DraftLesson = DraftPart.objects.filter(class_subject=given.literature).first().lesson
        self.page, self.client = page, client_of(world.here.head)
        answer_by(self.client, page)
        page.goto(f"{ORIGIN}/timetable/drafts/{self.draft.public_id}/")

    @property
    def tile(self) -> Locator:
        return self.page.locator(f'.board [data-lesson="{self.lesson.public_id}"]')

    @property
    def state(self) -> Locator:
        return self.page.locator("#board [data-state]")

    def judged(self) -> dict[str, list[str]]:
        """What the server says of every place of the lesson."""
        address = f"/timetable/drafts/{self.draft.public_id}/lessons/{self.lesson.public_id}/"
        found: dict[str, list[str]] = json.loads(
            self.client.get(address, headers={"Accept": "application/json"}).content
        )["places"]
        return found

    def cell(self, when: str) -> Locator:
        return self.page.locator(f'.board td[data-class="{self.tile.get_attribute("data-of")}"][data-when="{when}"]')

    def shown(self) -> list[str]:
        """The places of the lesson's class on the board, in order."""
        column = self.page.locator(f'.board td[data-class="{self.tile.get_attribute("data-of")}"]')
        found: list[str] = column.evaluate_all("cells => cells.map(cell => cell.dataset.when)")
        return found

    def lies_at(self) -> str:
        return "-".join(map(str, places(self.draft)[self.lesson.id]))


@pytest.fixture
def hand(world: World, client_of: Callable, browser_page: Callable[..., Page]) -> Hand:
    return Hand(world, client_of, browser_page(width=1280))


def test_a_lesson_is_moved_by_keyboard_and_says_at_once_what_would_be_wrong(hand: Hand) -> None:
    before, judged = hand.lies_at(), hand.judged()
    order = hand.shown()
    wrong = next(when for when in order if judged.get(when))
    free = next(when for when in order if judged.get(when) == [] and when != before)

    def go(start: str, end: str) -> None:
        steps = order.index(end) - order.index(start)
        for _step in range(abs(steps)):
            hand.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    hand.tile.focus()
    hand.page.keyboard.press("Enter")
    hand.cell(free).and_(hand.page.locator(".free")).wait_for()
    assert "taken" in hand.cell(wrong).get_attribute("class")
    go(before, wrong)
    assert judged[wrong][0] in hand.state.text_content()

    hand.page.keyboard.press("Escape")
    assert hand.state.text_content() == ""
    assert hand.lies_at() == before

    hand.page.keyboard.press("Enter")
    hand.cell(free).and_(hand.page.locator(".free")).wait_for()
    go(before, free)
    hand.page.keyboard.press("Enter")
    hand.cell(free).locator(f'[data-lesson="{hand.lesson.public_id}"]').wait_for()
    assert hand.lies_at() == free
    assert hand.tile.evaluate("tile => tile === document.activeElement")


def test_a_lesson_is_moved_by_drag_and_says_at_once_what_would_be_wrong(hand: Hand) -> None:
    before, judged = hand.lies_at(), hand.judged()
    wrong = next(when for when in hand.shown() if judged.get(when) and when != before)
    free = next(when for when in hand.shown() if judged.get(when) == [] and when != before)

    hand.tile.hover()
    hand.page.mouse.down()
    hand.cell(free).hover()
    hand.cell(free).and_(hand.page.locator(".free")).wait_for()
    hand.cell(wrong).hover()
    hand.cell(wrong).hover()  # a browser tells of a drag that goes on over the same place
    hand.state.filter(has_text=judged[wrong][0]).wait_for()
    assert hand.lies_at() == before
    hand.cell(free).hover()
    hand.page.mouse.up()

    hand.cell(free).locator(f'[data-lesson="{hand.lesson.public_id}"]').wait_for()
    assert hand.lies_at() == free
