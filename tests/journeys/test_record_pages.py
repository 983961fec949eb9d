"""Pages of transcripts in a real browser: nothing for axe, nothing wider than the window."""

import os

import pytest

from khue.foundation import clock
from khue.records import actions, sharing
from khue.records.sharing import Part
from khue.records.tests.conftest import ca  # noqa: F401  a fixture
from khue.records.tests.test_batches import at, hands, sealed_year, trusting  # noqa: F401  fixtures
from khue.records.tests.test_diplomas import recorded
from tests.journeys.pages import ORIGIN, answer_by, overflow, violations
from tests.world import actor

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.usefixtures("press")]


def test_every_page_is_sound_on_a_phone_and_on_a_desk(at, hands, client_of, client, browser_page):  # noqa: F811
    sheet = sealed_year(at, hands)[0]
    line = recorded(at, 1)
    share = actions.share(
        actor=actor(at.guardians[0]), transcript=sheet.transcript, parts=[Part.NAME, Part.MARKS, Part.RESULTS],
        years=["2026-2027"], days=30, to="Trường mới", at=clock.now(),
    )  # fmt: skip
    code, one = sharing.code_of(share.public_id), f"/records/sheets/{sheet.public_id}/"
    pages = {
        at.head: ["/records/", f"/records/classes/{at.school_class.public_id}/", one, "/records/keys/"],
        at.clerk: ["/records/diplomas/", "/records/diplomas/new/", f"/records/diplomas/{line.public_id}/",
                   f"/records/transcripts/{sheet.transcript.public_id}/package/"],
        at.guardians[0]: ["/records/mine/", f"/records/shares/{share.public_id}/", one],
        None: ["/verify/", f"/verify/{code}/", "/verify/AAAA/"],
    }  # fmt: skip
    for width in (360, 1280):
        for account, addresses in pages.items():
            page = browser_page(width=width, height=800)
            answer_by(client_of(account) if account else client, page)
            for number, address in enumerate(addresses):
                page.goto(ORIGIN + address)
                if folder := os.environ.get("KHUE_PICTURES"):
                    name = account.user_name if account else "public"
                    page.screenshot(path=f"{folder}/{name}-{number}-{width}.png", full_page=True)
                assert (violations(page), overflow(page)) == ([], 0), address
