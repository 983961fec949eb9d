"""A file sent from a real browser: over a line that breaks, after a reload, and without JavaScript."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from khue.foundation import clock, scope
from khue.foundation.tests.conftest import Node, wait_until
from khue.identity import actions
from tests.world import account, organisation, person

SIZE = 3_000_000
PAPER = b"%PDF-1.7\n" + bytes(i * 7 % 251 for i in range(SIZE))[9:]


@dataclass
class Site:
    """The served page, and what the database has of uploads."""

    address: str
    token: str
    node: Node

    def open(self, page: Page) -> None:
        page.context.add_cookies([{"name": "khue_session", "value": self.token, "url": self.address}])
        page.goto(f"{self.address}/paper/")

    def arrived(self) -> int:
        return self.node.as_owner('SELECT coalesce(max("offset"), 0) FROM foundation_upload')[0][0]


@pytest.fixture
def site(node: Node) -> Site:
    with scope.of_organisation(None):
        place = organisation("school", "THCS Mỹ An")
        someone = account(person("Lê Thị Hoa", place, "staff"), "subject_teacher", place)
        token = actions.open_session(account=someone, at=clock.now(), address="127.0.0.1", agent="test")
    server = node.start("khue.foundation.tests.upload_page")
    return Site(f"http://127.0.0.1:{int(server.stdout.readline())}", token, node)


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "Đề thi Toán 6.pdf"
    path.write_bytes(PAPER)
    return path


def expect_stored(page: Page) -> None:
    expect(page.locator("#stored")).to_have_text(f"Đề thi Toán 6.pdf {SIZE} {hashlib.sha256(PAPER).hexdigest()}")


class Line:
    """The browser's line to the world: slow, so that there is time to cut it."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("Network.enable")
        self.restore()

    def restore(self) -> None:
        self._set(offline=False)

    def cut(self) -> None:
        self._set(offline=True)

    def _set(self, *, offline: bool) -> None:
        conditions = {"latency": 20, "downloadThroughput": -1, "uploadThroughput": 700_000, "offline": offline}
        self._session.send("Network.emulateNetworkConditions", conditions)


def test_a_lost_line_is_waited_out_and_the_rest_follows(site: Site, browser_page, paper: Path) -> None:
    page = browser_page(width=360)
    site.open(page)
    line = Line(page)
    page.set_input_files("input[type=file]", paper)
    page.click("text=Nộp")  # waits for the file
    wait_until(lambda: 0 < site.arrived() < SIZE)

    line.cut()
    expect(page.locator(".progress output")).to_contain_text("Mất mạng")
    assert 0 < site.arrived() < SIZE
    line.restore()

    expect_stored(page)
    assert site.node.as_owner("SELECT count(*) FROM foundation_upload") == [(1,)]


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(site: Site, browser_page, paper: Path) -> None:
    page = browser_page()
    site.open(page)
    Line(page)
    page.set_input_files("input[type=file]", paper)
    wait_until(lambda: 0 < site.arrived() < SIZE)

    page.reload()
    expect(page.locator(".progress output")).to_contain_text("Đề thi Toán 6.pdf")
    page.set_input_files("input[type=file]", paper)
    expect(page.locator(".progress output")).to_have_text("Đã gửi xong tệp.")
    page.click("text=Nộp")

    expect_stored(page)
    assert site.node.as_owner("SELECT count(*) FROM foundation_upload") == [(1,)]


def test_a_file_that_is_refused_says_why_beside_the_field(site: Site, browser_page, tmp_path: Path) -> None:
    (tmp_path / "bài.pdf").write_bytes(b"MZ not a paper")
    page = browser_page(width=360)
    site.open(page)

    page.set_input_files("input[type=file]", tmp_path / "bài.pdf")

    expect(page.locator(".progress output")).to_have_text("Không nhận loại tệp này: “bài.pdf”. Hãy gửi tệp dạng .pdf.")
    assert site.node.as_owner("SELECT count(*) FROM foundation_storedfile") == [(0,)]


def test_without_javascript_the_form_sends_the_file_whole(site: Site, browser_page: Callable[..., Page], paper) -> None:
    page = browser_page(java_script_enabled=False)
    site.open(page)
    page.set_input_files("input[type=file]", paper)
    page.click("text=Nộp")

    expect_stored(page)
