"""A5 over three nodes: a lesson at a school moves the department's and the Ministry's figure, and is found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from khue.attendance.events import RollTaken
from khue.attendance.models import LessonLog
from khue.exchange.tests.nodes import Node, introduce, node
from khue.foundation import clock, events, haste, scope
from khue.foundation.actor import SYSTEM
from khue.identity import actions as identity
from khue.identity.models import Account
from khue.indicators import tasks
from khue.indicators.models import IndicatorCount
from khue.indicators.tests.test_indicators import hold_lessons
from khue.moves.tests.country import Line, Place, _departments_of, _place, own_node
from khue.registry.models import Organisation
from khue.schools.models import SchoolClass
from tests import world as worlds
from tests.journeys.pages import ORIGIN, answer_by, unsound

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
#: The way to the indicator, from wherever it is offered.
A5 = 'main a[href$="/A5/"]'


class Nodes:
    """A primary school on its own node, its department with another one, the Ministry."""

    def __init__(self, ministry: Node, department: Place, school: Place) -> None:
        self.ministry, self.department, self.school = ministry, department, school

    def lesson(self, place: Place, online: int, classroom: int) -> None:
        """Lessons are held, and the school's clock counts them."""
        with place.node.inside():
            SchoolClass.objects.update(grade=4)
            hold_lessons(place.school, online=online, classroom=classroom)
            events.publish(RollTaken(organisation_id=place.school.organisation.id, lesson_id=1, newly_missing=[]))
        self.count(place)

    def count(self, place: Place) -> None:
        with place.node.at():
            turn()
            tasks.count_stale_schools()
            haste.taken(tasks.REPORT)

    def travel(self) -> None:
        """Both report, and each above takes what came."""
        self.school.report()
        self.take(self.department.node)
        self.department.report()
        self.take(self.ministry)

    def take(self, at: Node) -> None:
        with at.at():
            turn()
            assert haste.taken(tasks.TAKE)
            tasks.take_figures()


def turn() -> None:
    with scope.of(SYSTEM):
        events.deliver_now()


def figure(at: Node, kind: str, code: str = "A5") -> tuple[int, int]:
    """What an indicator comes to at the one body of that kind."""
    with at.inside():
        place = Organisation.objects.filter(kind=kind).earliest("id")
        return IndicatorCount.objects.values_list("numerator", "denominator").get(organisation=place, code=code)


@contextmanager
def opened(page: Page, at: Node, kind: str, head: Account | None = None) -> Iterator[None]:
    """The indicators of the body of that kind at a node, signed in as its officer, or as the head."""
    with at.inside():
        place = Organisation.objects.filter(kind=kind).earliest("id")
        account = head or worlds.account(None, f"{kind}_officer", place)
        token = identity.open_session(
            account=account, at=clock.now(), address="127.0.0.1", agent="test", second_factor=True
        )
    client = Client()
    client.cookies["khue_session"] = token
    with at.at():
        answer_by(client, page)
        page.goto(f"{ORIGIN}/indicators/{place.public_id}/")
        yield


@pytest.fixture
def nodes(django_db_setup, django_db_blocker) -> Iterator[Nodes]:
    with django_db_blocker.unblock(), node("ministry") as ministry, node("dept") as dept, node("school") as below:
        built = _place(dept, "Đồng Tháp", "TH Số 9", "82300099")
        with dept.inside():
            top = built.organisation.parent
        introduce(dept, ministry, _departments_of(ministry)[0], top)
        department = Place(dept, built, Line(ministry))
        yield Nodes(ministry, department, own_node(below, department, "TH Mỹ An", "82300011"))


def test_a_lesson_moves_the_ministrys_figure_over_two_nodes_and_is_found_again_from_there(
    nodes: Nodes, browser_page: Callable[..., Page]
) -> None:
    nodes.lesson(nodes.department, online=1, classroom=1)
    nodes.lesson(nodes.school, online=1, classroom=3)
    nodes.travel()
    assert figure(nodes.school.node, "school") == (1, 4)
    assert figure(nodes.department.node, "department") == (2, 6)
    assert figure(nodes.ministry, "ministry") == (2, 6)

    down_from_the_ministry(nodes, browser_page(width=1280))
    at_the_department(nodes, browser_page(width=360))
    the_rows_at_the_school(nodes, browser_page(width=1280))

    with nodes.school.node.inside():
        LessonLog.objects.filter(mode="classroom").update(mode="online")
        events.publish(RollTaken(nodes.school.school.organisation.id, lesson_id=2, newly_missing=[]))
    nodes.count(nodes.school)
    nodes.travel()
    assert [figure(nodes.department.node, "department"), figure(nodes.ministry, "ministry")] == [(5, 6), (5, 6)]


def down_from_the_ministry(nodes: Nodes, page: Page) -> None:
    """Country, province, and there school by school: who said it, in which version of which record."""
    with opened(page, nodes.ministry, "ministry"):
        page.locator(A5).first.click()
        page.get_by_role("link", name="Sở GD&ĐT Đồng Tháp").first.click()
        page.get_by_text("2 trường giữ dữ liệu ở hệ thống riêng").wait_for()
        page.get_by_role("link", name="Xem số từng trường đã báo").click()
        rows = page.locator("#results tbody tr").all_inner_texts()
        assert len(rows) == 2
        assert "TH Mỹ An" in rows[0]
        assert "25" in rows[0]
        assert "TH Số 9" in rows[1]
        assert all("Sở GD&ĐT Đồng Tháp" in row and "phiên bản 1" in row for row in rows)
        assert unsound(page) == []
        page.locator(A5).first.click()
        page.get_by_role("link", name="Số này từ đâu?").first.click()
        page.get_by_text("ký và gửi lên").wait_for()
        assert unsound(page) == []


def at_the_department(nodes: Nodes, page: Page) -> None:
    """Both schools below; of the one on its own node the figure and its record, of the other the classes."""
    with opened(page, nodes.department.node, "department"):
        page.locator(A5).first.click()
        page.get_by_role("link", name="TH Mỹ An").click()
        page.get_by_text("1 trường giữ dữ liệu ở hệ thống riêng").wait_for()
        assert unsound(page) == []


def the_rows_at_the_school(nodes: Nodes, page: Page) -> None:
    """The same figure on the school's own node opens into its class and there into the lessons."""
    with opened(page, nodes.school.node, "school", nodes.school.school.head):
        page.locator(A5).first.click()
        page.get_by_role("link", name="6A").click()
        modes = page.locator("#results tbody tr").all_inner_texts()
        assert len(modes) == 4
        assert sum("Trực tuyến" in row for row in modes) == 1
