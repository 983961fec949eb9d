import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, transaction

from khue.foundation import live
from khue.foundation.actor import Actor
from khue.foundation.tests.processes import Server, database_environment, server

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def front(django_db_setup: None, tmp_path: Path) -> Iterator[Server]:
    pages = server("wsgi", "khue.foundation.tests.front_pages:application", log=tmp_path / "pages.log")
    with (
        pages as behind,
        server(
            "asgi", "khue.asgi:application", log=tmp_path / "log", KHUE_WEB=behind.address, **database_environment()
        ) as running,
    ):
        yield running


def ring(number: int, unblock: Any) -> None:
    with unblock(), closing(connection), transaction.atomic():
        live.send("class.6A", "bell", {"number": number})


def test_a_page_hears_and_knows_when_it_has_missed_something(
    front: Server, browser_page: Callable[..., "Page"], django_db_blocker: Any
) -> None:
    from playwright.sync_api import expect

    page = browser_page(width=360)
    address = f"{front.url}/live-page?{live.ticket(Actor(account_id=1), ['class.6A'], 300)}"
    page.goto(address)
    heard = page.locator("#heard")
    expect(heard).to_have_text("resync")  # nobody listened yet when the page was made

    ring(1, django_db_blocker.unblock)
    expect(heard).to_have_text("resync bell1")

    front.kill()
    expect(heard).to_have_text("resync bell1 lost")
    front.start()
    expect(heard).to_have_text(re.compile("^resync bell1 lost resync *$"), timeout=30_000)

    ring(2, django_db_blocker.unblock)
    expect(heard).to_have_text(re.compile("^resync bell1 lost resync bell2 *$"))
