"""What the pages of records cost, and how they look: on a telephone, on a screen, and to a screen reader."""

from __future__ import annotations

import asyncio
from asyncio import events
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from khue.foundation import clock, work
from khue.identity.models import Account
from khue.records import actions, sharing
from khue.records.actions import NewDiploma
from khue.records.models import Deposit, ReceivedPackage, ReceivedSheet, SigningBatch, SigningKey
from khue.records.sharing import Part
from khue.records.tests.authority import PASSWORD
from tests.journeys.pages import ORIGIN, WIDTHS, answer_by, unsound
from tests.world import TODAY, School, actor

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("press")]
ClientOf = Callable[[Account], Client]


def diploma(of: School, number: int):
    given = NewDiploma("thpt", "Bằng tốt nghiệp THPT", f"A {number:04}", "QĐ 5 ngày 01/11/2026", TODAY)
    return actions.record_diploma(
        actor=actor(of.clerk), organisation=of.organisation, person=of.enrolments[number % 3].person, given=given,
        at=clock.now(),
    )  # fmt: skip


def copied(model, number: int, **changed) -> None:
    """The first row of a table again, so many times, with these columns different."""
    first = model.objects.order_by("id").first()
    for n in range(number):
        first.pk, first.id, first.public_id = None, None, model._meta.get_field("public_id").get_default()
        for name, value in changed.items():
            setattr(first, name, value.format(n) if isinstance(value, str) else value)
        first.save(force_insert=True)


@pytest.fixture
def _signing_beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's event loop counts as running in this thread; signing has one of its own."""
    run = asyncio.run

    def beside(coroutine):
        running = events._get_running_loop()
        events._set_running_loop(None)
        try:
            return run(coroutine)
        finally:
            events._set_running_loop(running)

    monkeypatch.setattr(asyncio, "run", beside)


@pytest.fixture
def full(at, hands, sealed, _signing_beside_the_browser):
    """A year that was sealed and handed in, a code, a package from elsewhere, a register. Addresses by person."""
    sheet = sealed[0]
    now, family = clock.now(), actor(at.guardians[0])
    carried = actions.download_whole_record(actor=family, transcript=sheet.transcript, at=now)
    share = actions.share(
        actor=family, transcript=sheet.transcript, parts=list(Part), years=["2026-2027"], days=30, to="Trường mới",
        at=now,
    )  # fmt: skip
    package = actions.take_in_package(
        actor=actor(at.clerk), organisation=at.organisation, person=sheet.transcript.person, data=carried, at=now
    )
    batch = actions.begin_batch(
        actor=actor(at.clerk), school_year=at.year, school_class=None, role="deposit", key=hands.seal, secret=PASSWORD,
        at=now, recipient="Kho học bạ số của Sở",
    )  # fmt: skip
    assert work.run_now(batch.job).state == "done"
    lines = [diploma(at, number) for number in range(2)]
    actions.withdraw_diploma(actor=actor(at.clerk), diploma=lines[1], reason="In sai", on=TODAY, at=now)
    office = [
        "/records/", f"/records/classes/{at.school_class.public_id}/", f"/records/sheets/{sheet.public_id}/",
        "/records/deposits/", "/records/received/", f"/records/received/{package.public_id}/", "/records/keys/",
        "/records/diplomas/", "/records/diplomas/?kind=thpt&year=2026", "/records/diplomas/new/",
        f"/records/diplomas/{lines[0].public_id}/", f"/records/diplomas/{lines[1].public_id}/",
        f"/records/diplomas/{lines[0].public_id}/replace/",
        f"/records/transcripts/{sheet.transcript.public_id}/package/",
    ]  # fmt: skip
    code = sharing.code_of(share.public_id)
    return {
        at.head: [*office, f"/records/keys/{hands.head.public_id}/"],
        at.clerk: [*office, f"/records/keys/{hands.seal.public_id}/"],
        at.teacher: [*office[:3], "/records/keys/", f"/records/received/{package.public_id}/"],
        at.pupils[0]: ["/records/mine/", f"/records/sheets/{sheet.public_id}/"],
        at.guardians[0]: [
            "/records/mine/", f"/records/sheets/{sheet.public_id}/", f"/records/shares/{share.public_id}/",
        ],
        None: ["/verify/", f"/verify/{code}/", "/verify/AAAA/"],
    }  # fmt: skip


def cost(client: Client, path: str) -> int:
    assert client.get(path).status_code in (200, 404), path
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return sum(not query["sql"].startswith(("BEGIN", "SAVEPOINT", "RELEASE")) for query in asked.captured_queries)


def test_every_list_costs_the_same_for_two_and_for_twenty(at, full, client_of: ClientOf):
    clerk, family = client_of(at.clerk), client_of(at.guardians[0])
    paths = [path for path in full[at.clerk] if "/keys/" not in path or path == "/records/keys/"]
    few = {path: cost(clerk, path) for path in paths} | {"mine": cost(family, "/records/mine/")}

    copied(SigningKey, 20, title="Khoá {}")
    copied(Deposit, 20, recipient="Kho {}")
    copied(ReceivedPackage, 20, digest="{:064}", issuer="Trường {}")
    copied(ReceivedSheet, 20, digest="{:064}", year="2025-2026")
    copied(SigningBatch, 20, ended_at=clock.now() - timedelta(days=1), secret=None)
    for number in range(2, 22):
        diploma(at, number)

    assert {path: cost(clerk, path) for path in paths} | {"mine": cost(family, "/records/mine/")} == few
    assert {path: count for path, count in few.items() if count > 25} == {}


def test_every_page_fits_and_reads_well(
    full,
    client_of: ClientOf,
    client: Client,
    browser_page: Callable[..., Page],
):
    found: dict[str, list[str]] = {}
    for who, paths in full.items():
        page = browser_page(width=WIDTHS[0])
        answer_by(client if who is None else client_of(who), page)
        for path in paths:
            page.set_viewport_size({"width": WIDTHS[0], "height": 800})
            page.goto(ORIGIN + path)
            if wrong := unsound(page):
                found[path] = wrong
        page.close()
    assert found == {}
