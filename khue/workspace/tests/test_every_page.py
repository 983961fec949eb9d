"""What the pages of the desk cost, and how they look: on a telephone, on a screen, and to a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.identity.models import Account
from khue.workspace import actions
from khue.workspace.models import Document, Meeting, SharedFile, StaffLeave, Venue
from khue.workspace.tests.test_documents import arrive, colleague_named, released
from khue.workspace.tests.test_files import group, put, scan
from khue.workspace.tests.test_leave import ask, grant
from khue.workspace.tests.test_meetings import write
from khue.workspace.tests.test_tasks_and_week import hall, plan, task
from tests.journeys.pages import ORIGIN, answer_by, unsound
from tests.world import NOON, TODAY, School, World, actor

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db
ClientOf = Callable[[Account], Client]


@pytest.fixture(autouse=True)
def _at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)


def fill(at: School, venue: Venue, number: int) -> None:
    """A day's work more on every desk."""
    scan(at, arrive(at, f"{number}/SGDĐT"))
    released(at)
    task(at)
    plan(at, venue, 24 * (number % 5) + number // 5, 1)
    put(at.clerk, at, "Văn phòng", f"Báo cáo {number}.pdf")
    meeting = write(at)
    actions.agree_to_minutes(actor=actor(at.head), meeting=meeting, at=NOON)
    first = TODAY + timedelta(days=number)
    ask(at, first, first, half_days=1, cover=colleague_named(at, "Phạm Thu Cúc"))
    grant(at, StaffLeave.objects.order_by("-id")[0])


def addresses(at: School) -> list[str]:
    incoming, outgoing = Document.objects.filter(way="in")[0], Document.objects.filter(way="out")[0]
    return [
        "/work/documents/", "/work/documents/?way=out", f"/work/documents/{incoming.public_id}/",
        f"/work/documents/{outgoing.public_id}/", "/work/tasks/", "/work/meetings/",
        f"/work/meetings/{Meeting.objects.all()[0].public_id}/", "/work/week/", "/work/venues/", "/work/leave/",
        f"/work/leave/{StaffLeave.objects.all()[0].public_id}/", "/work/leave/days/", "/work/folders/",
        f"/work/folders/{at.organisation.public_id}/office/", f"/work/files/{SharedFile.objects.all()[0].public_id}/",
        "/work/search/?q=bao+cao", "/work/documents/draft/", "/work/meetings/write/", "/work/leave/ask/",
        "/work/week/plan/", "/",
    ]  # fmt: skip


def test_every_page_costs_the_same_for_two_and_for_twenty(world: World, client_of: ClientOf):
    here, place = world.here, hall(world.here)
    group(here)
    for number in range(2):
        fill(here, place, number)
    head, paths = client_of(here.head), addresses(here)

    few = {path: cost(head, path) for path in paths}
    for number in range(2, 20):
        fill(here, place, number)

    assert {path: cost(head, path) for path in paths} == few
    assert {path: count for path, count in few.items() if count > 15 and path != "/"} == {}


def cost(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200, path
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return sum(not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE")) for query in asked.captured_queries)


def test_every_page_fits_and_reads_well(world: World, client_of: ClientOf, browser_page: Callable[..., Page]):
    here = world.here
    group(here)
    fill(here, hall(here), 0)
    page = browser_page(width=360)
    answer_by(client_of(here.head), page)

    for path in addresses(here):
        page.set_viewport_size({"width": 360, "height": 800})
        page.goto(ORIGIN + path)
        assert unsound(page) == [], path
