"""A guardian hears of an absence within a minute of the record, by a real worker and a real mail server, and once."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from khue.attendance import actions
from khue.attendance.models import AbsenceNotice
from khue.foundation import clock, scope
from khue.foundation.tests.conftest import ROOT, Node, _url, node, wait_until  # noqa: F401  a fixture
from khue.foundation.tests.processes import free_port
from khue.messaging.models import Message
from tests.journeys.day import Mailbox, make_today_a_school_day
from tests.world import World, actor
from tests.world import world as a_world

pytestmark = pytest.mark.resilience
PUPILS = 20
#: What the issue promises, from the record to the mail server.
SECONDS = 60


@pytest.fixture
def school(node: Node) -> World:  # noqa: F811  the fixture
    with scope.of_organisation(None):
        return a_world(pupils=PUPILS)


def worker(at: Node, var: Path, port: int) -> subprocess.Popen[bytes]:
    urls = {"DATABASE_URL": _url("default", at.name), "DATABASE_OWNER_URL": _url("owner", at.name)}
    given = {**urls, "KHUE_VAR": str(var), "KHUE_DEBUG": "1", "KHUE_SMTP": f"smtp://127.0.0.1:{port}"}
    return subprocess.Popen([sys.executable, "-m", "khue.cli", "worker"], cwd=ROOT, env={**os.environ, **given})


def test_families_of_a_class_hear_within_a_minute_and_once(node: Node, school: World, tmp_path: Path) -> None:  # noqa: F811
    mailbox, port = Mailbox(), free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    running = worker(node, tmp_path, port)
    try:
        here = school.here
        with scope.of_organisation(None):
            slot = make_today_a_school_day(school)
            addresses = [guardian.person.email for guardian in here.guardians]
            missing = {enrolment.id: "K" for enrolment in here.enrolments}
            actions.take_roll(
                actor=actor(here.teacher), slot=slot, day=clock.today(), absences=missing, mode="classroom", title="",
                at=clock.now(),
            )  # fmt: skip
        recorded = time.monotonic()
        first = _heard(mailbox, addresses)
        print(f"every family of {PUPILS} heard after {first - recorded:.1f} s")
        assert first - recorded < SECONDS

        time.sleep(5)
        with scope.of_organisation(None):
            assert Message.objects.filter(kind="absence").count() == PUPILS
            assert set(AbsenceNotice.objects.values_list("sequence", flat=True)) == {1}
        assert [len(mailbox.to(address)) for address in addresses] == [1] * PUPILS
    finally:
        running.terminate()
        running.wait()
        server.stop()


def _heard(mailbox: Mailbox, addresses: list[str]) -> float:
    wait_until(lambda: all(mailbox.to(address) for address in addresses), seconds=2 * SECONDS)
    return time.monotonic()
