"""The pages of the exchange in a real browser: on a phone and on a desk, nothing for axe, nothing too wide."""

import os
from pathlib import Path

import pytest

from khue.exchange import actions
from khue.exchange.models import ReportedRecord
from khue.exchange.tests.conftest import NodeBelow
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


def test_every_page_fits_and_axe_finds_nothing(looked_at, client_of, browser_page) -> None:
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
                page.screenshot(path=str(Path(pictures) / f"{number:02}-{width}.png"), full_page=True)

    assert wrong == {}
