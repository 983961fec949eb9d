"""A family files on a phone and sends a photograph: the line breaks in the middle; and without JavaScript."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from khue.foundation import clock, scope
from khue.foundation.tests.conftest import Node, node, wait_until  # noqa: F401  a fixture
from khue.foundation.tests.test_upload_page import Line
from khue.identity import actions as identity
from khue.identity.models import Account
from khue.procedures.models import Definition
from khue.procedures.tests.drawn import published
from khue.procedures.tests.test_attachments import ASKING
from tests import world as worlds
from tests.journeys.pages import overflow, violations

SIZE = 3_000_000
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + (bytes(i * 7 % 251 for i in range(251)) * (SIZE // 251 + 1))[11:SIZE]


@dataclass
class Site:
    """The whole product served by a process of its own, with a school and a procedure that asks for a paper."""

    address: str
    node: Node
    definition: Definition
    mother: Account
    clerk: Account
    child: str

    def signed_in(self, page: Page, account: Account) -> Page:
        with scope.of_organisation(None):
            token = identity.open_session(account=account, at=clock.now(), address="127.0.0.1", agent="test")
        page.context.add_cookies([{"name": "khue_session", "value": token, "url": self.address}])
        return page

    def arrived(self) -> int:
        return self.node.as_owner('SELECT coalesce(max("offset"), 0) FROM foundation_upload')[0][0]

    def counted(self) -> list[tuple[object, ...]]:
        return self.node.as_owner(
            "SELECT (SELECT count(*) FROM procedures_case), (SELECT count(*) FROM procedures_attachment),"
            " (SELECT count(*) FROM foundation_upload)"
        )


@pytest.fixture
def site(node: Node) -> Site:  # noqa: F811
    with scope.of_organisation(None):
        world = worlds.world(pupils=1)
        definition = published(world.here.organisation, sheet=ASKING)
        child = world.here.enrolments[0].person.full_name
    server = node.start("khue.foundation.tests.upload_page")
    address = f"http://127.0.0.1:{int(server.stdout.readline())}"
    return Site(address, node, definition, world.here.guardians[0], world.here.clerk, child)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "Trích lục khai sinh.jpg"
    path.write_bytes(PHOTO)
    return path


def form_filled(site: Site, page: Page) -> None:
    """The mother comes to the form of her child and writes why."""
    page.goto(f"{site.address}/procedures/{site.definition.procedure.public_id}/")
    page.get_by_role("link", name="Nộp hồ sơ").click()
    page.get_by_role("link", name=site.child).click()
    page.get_by_label("Lý do").fill("Về quê sống với ông bà")
    for label, text in (("Địa chỉ", "Ấp 2, xã Mỹ An"), ("Số điện thoại", "0901234567")):
        if page.get_by_label(label).count():
            page.get_by_label(label).fill(text)


def sound(page: Page) -> None:
    """From its top: a link that is half under the header, because somebody scrolled, is too small for axe."""
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    assert (violations(page), overflow(page)) == ([], 0)


def whole_file(site: Site, page: Page) -> None:
    """What the office opens from the case page is the photograph, to its last byte."""
    office = site.signed_in(page, site.clerk)
    office.goto(f"{site.address}/procedures/cases/")
    office.get_by_role("link", name=site.child).click()
    link = office.get_by_role("link", name="Trích lục khai sinh.jpg")
    answer = office.request.get(site.address + link.get_attribute("href"))
    assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
    assert hashlib.sha256(answer.body()).hexdigest() == hashlib.sha256(PHOTO).hexdigest()


def test_the_line_breaks_in_the_middle_and_the_case_holds_the_whole_photograph(site, browser_page, photo) -> None:
    page = site.signed_in(browser_page(width=360), site.mother)
    form_filled(site, page)
    sound(page)
    line = Line(page)
    page.locator("input[type=file]").first.set_input_files(photo)
    page.get_by_role("button", name="Nộp hồ sơ").click()  # waits for the photograph
    wait_until(lambda: 0 < site.arrived() < SIZE)

    line.cut()
    expect(page.locator(".progress output").first).to_contain_text("Mất mạng", timeout=20_000)
    sound(page)
    stopped = site.arrived()
    assert 0 < stopped < SIZE
    assert site.counted() == [(0, 0, 1)]
    line.restore()

    expect(page.get_by_text("Giấy tiếp nhận hồ sơ")).to_be_visible(timeout=60_000)
    sound(page)
    assert site.counted() == [(1, 1, 1)]  # it went on: no second upload was begun
    kept = page.evaluate("['khue:typed', 'khue:sent'].filter(name => sessionStorage.getItem(name))")
    assert kept == []  # who goes back is told of no lost session, and sends another
    whole_file(site, browser_page())


def test_without_javascript_the_form_sends_the_photograph_with_it(site, browser_page, photo) -> None:
    page = site.signed_in(browser_page(width=360, java_script_enabled=False), site.mother)
    form_filled(site, page)
    page.locator("input[type=file]").first.set_input_files(photo)
    page.get_by_role("button", name="Nộp hồ sơ").click()

    expect(page.get_by_text("Giấy tiếp nhận hồ sơ")).to_be_visible(timeout=60_000)
    assert site.counted() == [(1, 1, 0)]
    whole_file(site, browser_page())
