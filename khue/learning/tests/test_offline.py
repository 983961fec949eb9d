"""A lesson opened before stays open to read without a line, for its reader alone."""

from khue.assessment.tests.test_browser import address, kept_pages, node  # noqa: F401  fixtures
from khue.foundation import clock, scope
from khue.foundation.tests.conftest import wait_until
from khue.identity import actions as identity
from khue.learning.tests.test_courses import add
from tests.world import world as a_world


def test_an_opened_lesson_is_there_without_a_line_until_another_person_signs_in(address, browser_page):  # noqa: F811
    with scope.of_organisation(None):
        here = a_world(pupils=2).here
        lesson = add(here, "Phân số bằng nhau")
        tokens = [
            identity.open_session(account=pupil, at=clock.now(), address=None, agent="test") for pupil in here.pupils
        ]
    page = browser_page(width=360)
    page.context.add_cookies([{"name": "khue_session", "value": tokens[0], "url": address}])
    path = f"/lessons/{lesson.public_id}/"
    page.goto(f"{address}{path}")
    wait_until(lambda: kept_pages(page) == [path])

    page.context.set_offline(True)
    page.reload()
    assert page.inner_text("h1") == "Phân số bằng nhau"
    assert page.get_by_text("Đọc rồi làm bài.").count() == 1

    page.context.set_offline(False)
    page.goto(f"{address}/sign-in/")
    assert kept_pages(page) == []
    page.context.add_cookies([{"name": "khue_session", "value": tokens[1], "url": address}])
    page.goto(f"{address}{path}")
    wait_until(lambda: kept_pages(page) == [path])
    assert page.evaluate("(async () => (await caches.keys()).filter((n) => n.startsWith('khue-pages:')).length)()") == 1
