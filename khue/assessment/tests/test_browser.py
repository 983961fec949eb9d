"""The player in a real browser against real servers: a phone, a lost network, a reload, a hand-in."""

from datetime import timedelta

import pytest
from playwright.sync_api import Error

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


def begin(address: str, page, questions: int = 4):
    """A pupil of a small world on the player's page. Returns the test that was set."""
    with scope.of_organisation(None):
        world = a_world(pupils=1)
        made = set_test(world.here, questions, opens_at=clock.now() - timedelta(minutes=1), shuffle=False)
        token = identity.open_session(account=world.here.pupils[0], at=clock.now(), address=None, agent="test")
    page.context.add_cookies([{"name": "khue_session", "value": token, "url": address}])
    page.goto(f"{address}/do/{made.assignment.public_id}/")
    page.get_by_role("button", name="Bắt đầu làm bài").click()
    page.wait_for_selector(".player-ready")
    return made


def test_a_pupil_on_a_phone_loses_the_line_reloads_and_hands_in(address, browser_page):
    page = browser_page(width=360)

    made = begin(address, page)
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


def test_a_page_rendered_before_a_save_shows_what_the_page_before_it_sent(address, browser_page):
    page = browser_page(service_workers="block")  # requests of a service worker pass by the routes below
    made = begin(address, page, questions=2)
    held = []
    page.route("**/hot/answers", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/hot/answers"):
        page.check('input[name="q1"][value="2"]')
        page.check('input[name="q2"][value="3"]')
    rendered_before = page.request.get(page.url)
    held[0].continue_()
    page.wait_for_selector('#saved[data-state="saved"]')
    assert stored() == {made.questions[0].id: "2", made.questions[1].id: "3"}

    page.route(page.url, lambda route: route.fulfill(response=rendered_before))
    page.reload()
    page.wait_for_selector(".player-ready")

    assert page.is_checked('input[name="q1"][value="2"]')
    assert page.is_checked('input[name="q2"][value="3"]')
    assert page.inner_text("#answered") == "2"
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/result/")
    with scope.of_organisation(None):
        assert Attempt.objects.get().score == 50


def test_an_answer_from_another_device_is_not_covered_by_an_older_one_of_this(address, browser_page):
    phone, tablet = browser_page(width=360), browser_page()
    made = begin(address, phone, questions=2)
    tablet.context.add_cookies(phone.context.cookies())
    phone.check('input[name="q1"][value="1"]')
    wait_until(lambda: stored() == {made.questions[0].id: "1"})
    tablet.goto(phone.url)
    tablet.wait_for_selector(".player-ready")
    tablet.check('input[name="q1"][value="3"]')
    wait_until(lambda: stored() == {made.questions[0].id: "3"})

    phone.reload()
    phone.wait_for_selector(".player-ready")

    assert phone.is_checked('input[name="q1"][value="3"]')
    phone.check('input[name="q2"][value="2"]')
    wait_until(lambda: stored() == {made.questions[0].id: "3", made.questions[1].id: "2"})


def kept_pages(page) -> list[str]:
    """The paths of the pages that this device holds of anybody."""
    return page.evaluate(
        """async () => {
            const names = (await caches.keys()).filter((name) => name.startsWith("khue-pages:"));
            const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
            return requests.flat().map((request) => new URL(request.url).pathname);
        }"""
    )


def test_the_player_opens_without_a_line_and_sends_later_what_was_answered(address, browser_page):
    page = browser_page(width=360)
    made = begin(address, page)
    path = page.url.removeprefix(address)
    page.check('input[name="q1"][value="2"]')
    wait_until(lambda: stored() == {made.questions[0].id: "2"})
    wait_until(lambda: path in kept_pages(page))

    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector(".player-ready")
    assert page.is_checked('input[name="q1"][value="2"]')
    page.check('input[name="q2"][value="3"]')
    page.wait_for_selector('#saved[data-state="waiting"]')
    assert stored() == {made.questions[0].id: "2"}
    page.reload()
    page.wait_for_selector(".player-ready")
    assert page.inner_text("#answered") == "2"
    assert page.evaluate("getComputedStyle(document.querySelector('.player .bar')).position") == "sticky"
    assert page.evaluate("document.documentElement.scrollWidth") == 360

    page.context.set_offline(False)
    wait_until(lambda: stored() == {q.id: a for q, a in zip(made.questions, "23", strict=False)})
    page.check('input[name="q3"][value="4"]')
    page.check('input[name="q4"][value="1"]')
    page.get_by_role("button", name="Nộp bài").click()
    page.wait_for_url("**/result/")
    assert kept_pages(page) == []
    with scope.of_organisation(None):
        assert Attempt.objects.get().score == 100


def test_after_signing_out_the_device_holds_nothing_of_the_person_before(address, browser_page):
    page = browser_page(width=360)
    begin(address, page)
    attempt = page.url
    wait_until(lambda: kept_pages(page) == [attempt.removeprefix(address)])

    page.evaluate("""document.querySelector('form[action="/sign-out/"]').requestSubmit()""")
    page.wait_for_url("**/sign-in/**")

    assert kept_pages(page) == []
    page.context.set_offline(True)
    with pytest.raises(Error, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(attempt)
