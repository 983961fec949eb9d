"""The pages of the exchange in a real browser: on a phone and on a desk, nothing for axe, nothing too wide."""

import os
from pathlib import Path

import pytest

from khue.exchange import actions
from khue.exchange.models import Peer, ReportedRecord
from khue.exchange.tests.conftest import NodeBelow
from khue.exchange.tests.test_keeper_pages import handed as handed
from khue.exchange.tests.test_keeper_pages import own as own
from khue.exchange.tests.test_pages import collected as collected
from khue.foundation import scope
from khue.foundation.actor import SYSTEM
from tests.journeys.pages import ORIGIN, WIDTHS, answer_by, unsound
from tests.world import NOON, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def looked_at(collected: World, below: NodeBelow) -> list[tuple]:
    """Who looks at which page of a department with a school that has things to mend."""
    below.accept(below.batch(below.record("a"), below.record("b", makhoi="99", tenlop="")))
    with scope.of(SYSTEM):
        actions.note_contact(actor=SYSTEM, peer=below.peer, error="", clock_seconds=86_400, at=NOON)
    ReportedRecord.objects.filter(kind="pupil").update(recovered_hash=b"1")
    officer, clerk, head = collected.department_officer, collected.here.clerk, collected.here.head
    school, peer = collected.here.organisation.public_id, below.peer.public_id
    return [
        (officer, "/exchange/"), (officer, f"/exchange/peers/{peer}/"), (officer, "/exchange/quality/"),
        (officer, "/exchange/work/"), (officer, "/exchange/log/"), (clerk, "/exchange/"), (clerk, "/exchange/work/"),
        (head, "/exchange/recovered/"), (head, f"/exchange/schools/{school}/"), (head, "/exchange/facts/"),
        (collected.elsewhere.head, "/exchange/"),
    ]  # fmt: skip


def look(looked_at: list[tuple], client_of, browser_page, front: str = "") -> dict:
    """What is wrong with each page at each width; pictures of them all where a folder is named for them."""
    wrong, pages = {}, {}
    for number, (who, address) in enumerate(looked_at):
        if who not in pages:
            pages[who] = browser_page(reduced_motion="reduce")
            answer_by(client_of(who), pages[who])
        page = pages[who]
        page.set_viewport_size({"width": WIDTHS[0], "height": 800})
        page.goto(ORIGIN + address)
        page.wait_for_load_state("networkidle")
        for width in WIDTHS:
            if found := unsound(page, (width,)):
                wrong[address, width] = found
            if pictures := os.environ.get("KHUE_PICTURES"):
                page.screenshot(path=str(Path(pictures) / f"{front}{number:02}-{width}.png"), full_page=True)
    return wrong


def test_every_page_fits_and_axe_finds_nothing(looked_at, client_of, browser_page) -> None:
    assert look(looked_at, client_of, browser_page) == {}


@pytest.mark.parametrize("state", ["open", "ready", "handed back", "settled"])
def test_the_page_of_a_school_that_hands_back(own: Peer, world: World, client_of, browser_page, state: str) -> None:
    found = Peer.objects.filter(id=own.id)
    if state == "open":
        found.update(handed_over_at=NOON)
        ReportedRecord.objects.filter(kind="pupil").update(recovered_hash=b"1")
    elif state != "ready":
        found.update(handed_back_at=NOON, back_settled_at=NOON if state == "settled" else None)
    pages = [(world.here.head, f"/exchange/peers/{own.public_id}/"), (world.here.head, "/exchange/")]

    assert look(pages, client_of, browser_page, f"school-{state}-") == {}


@pytest.mark.parametrize("state", ["handed over", "handed back", "taken back"])
def test_the_page_of_an_officer_who_takes_back(
    handed: NodeBelow, named: World, client_of, browser_page, state: str
) -> None:
    if state == "handed over":
        Peer.objects.filter(id=handed.peer.id).update(handed_over_at=NOON, handed_back_at=None)
    elif state == "taken back":
        Peer.objects.filter(id=handed.peer.id).update(is_active=False, back_settled_at=NOON)
    officer = named.department_officer
    pages = [(officer, f"/exchange/peers/{handed.peer.public_id}/"), (officer, "/exchange/")]

    assert look(pages, client_of, browser_page, f"office-{state}-") == {}
