"""The player in a real browser against real servers: a phone, a lost network, a reload, a hand-in."""

from datetime import timedelta

import pytest

from khue.assessment.models import Attempt, Response
from khue.assessment.tests.builders import set_test
from khue.foundation import clock, scope
from khue.foundation.tests.conftest import node, wait_until  # noqa: F401  a fixture
from khue.foundation.tests.processes import server
from khue.identity import actions as identity
from tests.world import world as a_world


@pytest.fixture
def address(node, tmp_path, monkeypatch):  # noqa: F811  the fixture
    """The node's one address, with web and front as they run in earnest."""
    urls = {"DATABASE_URL": url_of(node, "default"), "DATABASE_OWNER_URL": url_of(node, "owner")}
    common = {**urls, "KHUE_VAR": str(tmp_path), "KHUE_DEBUG": "1"}
    with (
        server("wsgi", "khue.wsgi:application", "--blocking-threads", "2", log=tmp_path / "web", **common) as web,
        server("asgi", "khue.asgi:application", log=tmp_path / "front", KHUE_WEB=web.address, **common) as front,
    ):
        yield front.url


def url_of(node, alias: str) -> str:  # noqa: F811  the fixture
    from khue.foundation.tests.conftest import _url

    return _url(alias, node.name)


def stored() -> dict[int, str]:
    with scope.of_organisation(None):
        return dict(Response.objects.filter(is_late=False).values_list("question_id", "answer"))


def test_a_pupil_on_a_phone_loses_the_line_reloads_and_hands_in(address, browser_page):
    with scope.of_organisation(None):
        world = a_world(pupils=1)
        made = set_test(world.here, opens_at=clock.now() - timedelta(minutes=1), shuffle=False)
        token = identity.open_session(account=world.here.pupils[0], at=clock.now(), address=None, agent="test")
    page = browser_page(width=360)
    page.context.add_cookies([{"name": "khue_session", "value": token, "url": address}])

    page.goto(f"{address}/do/{made.assignment.public_id}/")
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.wait_for_selector(".player-ready")
    page.check('input[name="q1"][value="2"]')
    wait_until(lambda: stored() == {made.questions[0].id: "2"})

    page.context.set_offline(True)
    page.check('input[name="q2"][value="3"]')
    page.check('input[name="q3"][value="1"]')
    page.check('input[name="q3"][value="4"]')
    page.wait_for_selector('#saved[data-state="waiting"]')
    assert "chờ gửi" in page.inner_text("#saved")
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector(".player-ready")
    wait_until(lambda: stored() == {q.id: a for q, a in zip(made.questions, "234", strict=False)})

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Nộp bài").click()
    assert "chưa trả lời" in page.inner_text("#message")
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/result/")

    with scope.of_organisation(None):
        assert Attempt.objects.get().score == 75
    assert "7,5" in page.inner_text("main")
