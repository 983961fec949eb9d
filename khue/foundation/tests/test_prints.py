"""Long documents: printed by the worker with today's rights, for whoever asked, for a week."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from khue.foundation import clock, files, jobs, prints, work
from khue.foundation.actor import Actor
from khue.foundation.errors import NotFound
from khue.foundation.models import Job, StoredFile
from khue.foundation.prints import Arguments, Sheet
from khue.identity.models import Account
from tests.world import NOON, World, actor

ClientOf = Callable[[Account], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A form that lists names; what is returned says who asked for it, and forbids it by a name."""
    asked: list[str] = []

    def made(by: Actor, arguments: Arguments) -> Sheet:
        if arguments["of"] == "nobody":
            raise NotFound
        asked.append(by.name)
        return Sheet("foundation/paper.html", {}, "danh-sach", 3)

    monkeypatch.setattr(jobs, "_kinds", {})
    monkeypatch.setattr(prints, "_forms", {})
    monkeypatch.setattr(clock, "now", lambda: NOON)
    prints.define("test.print", "In thử", made)
    return asked


def ask(by: Account, world: World, of: str = "6A") -> Job:
    return prints.ask(
        actor=actor(by), kind="test.print", about=of, organisation_id=world.here.organisation.id,
        arguments={"of": of}, at=NOON,
    )  # fmt: skip


@pytest.mark.usefixtures("press")
def test_it_is_printed_and_kept_for_whoever_asked(world: World, lists: list[str], client_of: ClientOf) -> None:
    here = world.here
    job = work.run_now(ask(here.teacher, world))

    assert (job.state, job.title, job.done_count, job.total_count) == (Job.State.DONE, "In thử: 6A", 3, 3)
    assert "30/11/2026" in job.summary
    file = StoredFile.objects.get()
    assert (file.name, file.purpose, job.report_file) == ("danh-sach.pdf", prints.PRINTED, file)
    page = client_of(here.teacher).get(f"/jobs/{job.public_id}/").content.decode()
    assert "Mở tệp PDF" in page
    assert client_of(here.teacher).get(f"/files/{file.public_id}/").getvalue().startswith(b"%PDF-")
    for other in (here.head, here.clerk, here.guardians[0], world.elsewhere.teacher):
        assert client_of(other).get(f"/files/{file.public_id}/").status_code == 404


def test_while_it_is_being_printed_a_second_press_leads_to_the_same_job(world: World, lists: list[str]) -> None:
    first, again, other = ask(world.here.teacher, world), ask(world.here.teacher, world), ask(world.here.head, world)

    assert (first, again.id == first.id, other.id == first.id) == (first, True, False)
    assert ask(world.here.teacher, world, of="6B").id != first.id


def test_what_may_not_be_seen_any_more_is_not_printed(world: World, lists: list[str]) -> None:
    job = work.run_now(ask(world.here.teacher, world, of="nobody"))

    assert (job.state, job.report_file) == (Job.State.FAILED, None)
    assert not StoredFile.objects.exists()


@pytest.mark.usefixtures("press")
def test_after_a_week_it_is_gone_and_its_job_still_tells_of_it(
    world: World, lists: list[str], client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = work.run_now(ask(world.here.teacher, world))
    address = f"/files/{StoredFile.objects.get().public_id}/"
    path = files.path_of(StoredFile.objects.get().sha256)
    assert Path(path).exists()
    client, later = client_of(world.here.teacher), NOON + timedelta(days=8)

    assert prints.forget(later - timedelta(minutes=1)) == 0
    monkeypatch.setattr(clock, "now", lambda: later)
    assert not prints.may_read(actor(world.here.teacher), StoredFile.objects.get())
    assert prints.forget(later + timedelta(minutes=1)) == 1

    assert not StoredFile.objects.exists()
    job.refresh_from_db()
    assert (job.state, job.report_file) == (Job.State.DONE, None)
    assert client.get(address).status_code in {302, 404}
