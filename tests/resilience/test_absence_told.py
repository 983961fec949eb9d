"""A guardian hears of an unexplained absence within a minute of the record, once, and within a minute when it is
corrected: by the clock, with a real worker and a real mail server.
"""

import os
import time
from collections.abc import Mapping
from email import message_from_string
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from khue.attendance import actions
from khue.attendance.actions import RollStamp
from khue.attendance.models import AbsenceNotice
from khue.foundation import clock, scope
from khue.foundation.ids import uuid7
from khue.foundation.tests.conftest import Node, _url, node, wait_until  # noqa: F401  a fixture
from khue.foundation.tests.processes import free_port
from khue.messaging.models import Message
from khue.timetable.models import Slot
from tests import warm
from tests.journeys.day import Mailbox, make_today_a_school_day
from tests.world import World, actor
from tests.world import world as a_world

pytestmark = pytest.mark.resilience
PUPILS = 20
#: So many are missing without a reason; two have one, one is late, one left early.
MISSING = PUPILS - 4
#: What is promised, from the record to the mail server.
SECONDS = 60


@pytest.fixture
def school(node: Node) -> World:  # noqa: F811  the fixture
    with scope.of_organisation(None):
        return a_world(pupils=PUPILS)


def worker(at: Node, var: Path, port: int) -> warm.Process:
    urls = {"DATABASE_URL": _url("default", at.name), "DATABASE_OWNER_URL": _url("owner", at.name)}
    given = {**urls, "KHUE_VAR": str(var), "KHUE_DEBUG": "1", "KHUE_SMTP": f"smtp://127.0.0.1:{port}"}
    return warm.Process(warm.Program({**os.environ, **given}, module="khue.cli", arguments=("worker",)))


def take(school: World, slot: Slot, kinds: Mapping[int, str], stamp: RollStamp | None = None) -> None:
    """The roll of the whole class, committed at the end: the record from which the minute runs."""
    with scope.of_organisation(None):
        actions.take_roll(
            actor=actor(school.here.teacher), slot=slot, day=clock.today(), absences=kinds, mode="classroom", title="",
            at=clock.now(), stamp=stamp,
        )  # fmt: skip


def test_families_hear_within_a_minute_once_and_within_a_minute_when_it_is_corrected(
    node: Node, school: World, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    mailbox, port = Mailbox(), free_port()
    server = Controller(mailbox, hostname="127.0.0.1", port=port)
    server.start()
    running = worker(node, tmp_path, port)
    try:
        here = school.here
        with scope.of_organisation(None):
            slot = make_today_a_school_day(school)
            addresses = [guardian.person.email for guardian in here.guardians]
        pupils = [enrolment.id for enrolment in here.enrolments]
        unexplained, explained = pupils[:MISSING], dict(zip(pupils[MISSING:], "PMSP", strict=True))
        roll = dict.fromkeys(unexplained, "K") | explained
        stamp = RollStamp(uuid7(), None, clock.now())

        take(school, slot, roll, stamp)
        heard_in(mailbox, addresses[:MISSING], 1, "every family heard")
        take(school, slot, roll, stamp)  # the answer was lost, the device sends it again
        take(school, slot, roll)  # and the teacher saves the same once more
        time.sleep(5)
        assert letters(mailbox, addresses) == [1] * MISSING + [0] * len(explained)
        with scope.of_organisation(None):
            assert Message.objects.filter(kind="absence").count() == MISSING
            assert set(AbsenceNotice.objects.values_list("sequence", flat=True)) == {1}

        corrected = MISSING // 2
        take(school, slot, dict.fromkeys(unexplained[corrected:], "K") | explained)
        heard_in(mailbox, addresses[:corrected], 2, "every family heard the correction")
        time.sleep(5)
        assert letters(mailbox, addresses) == [2] * corrected + [1] * (MISSING - corrected) + [0] * len(explained)
        told = [subjects(mailbox, address) for address in addresses[:MISSING]]
        assert all("vắng không phép" in first for first, *_more in told)
        assert all("Đính chính điểm danh" in second for _first, second in told[:corrected])
    finally:
        running.terminate()
        running.wait()
        server.stop()


def heard_in(mailbox: Mailbox, addresses: list[str], count: int, what: str) -> None:
    """Wait until everybody has so many letters, and hold that to the minute that is promised."""
    recorded = time.monotonic()
    wait_until(lambda: letters(mailbox, addresses) == [count] * len(addresses), seconds=2 * SECONDS)
    took = time.monotonic() - recorded
    print(f"{what} after {took:.1f} s")
    assert took < SECONDS


def letters(mailbox: Mailbox, addresses: list[str]) -> list[int]:
    return [len(mailbox.to(address)) for address in addresses]


def subjects(mailbox: Mailbox, address: str) -> list[str]:
    return [message_from_string(text, policy=default)["Subject"] for text in mailbox.to(address)]
