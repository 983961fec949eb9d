"""Real worker processes against a real database, killed where it hurts most."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from khue.foundation import audit, events, jobs
from khue.foundation.actor import SYSTEM
from khue.foundation.models import Job
from khue.foundation.postgres import addresses
from khue.foundation.tests import lamps
from khue.foundation.tests.conftest import Node, wait_until
from khue.foundation.tests.lamps import LampLit, traces
from tests.world import NOON

pytestmark = pytest.mark.resilience
LAMPS = "khue.foundation.tests.lamps"


def undelivered(node: Node) -> int:
    return node.as_owner("SELECT count(*) FROM foundation_outboxevent WHERE name = %s AND delivered_at IS NULL",
                         LampLit.name)[0][0]  # fmt: skip


@contextmanager
def listening(node: Node) -> Iterator[Callable[[], list[str]]]:
    """What the live door is told meanwhile."""
    with psycopg.connect(addresses.url_of(settings.DATABASES["default"], node.name), autocommit=True) as ear:
        ear.execute("LISTEN khue_live")
        yield lambda: [notice.payload for notice in ear.notifies(timeout=0.5)]


@pytest.mark.parametrize("dies_in", ["slow-first", "slow-second"])
def test_a_worker_killed_before_the_mark_repeats_nothing_and_forgets_nothing(node: Node, dies_in: str) -> None:
    events.publish(LampLit(None))
    doomed = node.start(LAMPS, dies_in)
    assert doomed.stdout.readline() == "reached\n"
    node.kill(doomed)
    assert traces() == ([] if dies_in == "slow-first" else ["first"])
    assert undelivered(node) == 1

    node.start(LAMPS, "good")

    wait_until(lambda: undelivered(node) == 0)
    assert traces() == ["first", "second"]


def test_an_event_of_a_transaction_that_fails_is_never_told(node: Node) -> None:
    node.start(LAMPS, "good")
    with transaction.atomic():
        events.publish(LampLit(None))
        transaction.set_rollback(True)
    events.publish(LampLit(None))

    wait_until(lambda: len(traces()) == 2)

    assert node.as_owner("SELECT count(*) FROM foundation_outboxevent WHERE name = %s", LampLit.name) == [(1,)]


def test_a_job_whose_worker_is_killed_goes_on_elsewhere_and_does_no_step_twice(node: Node) -> None:
    lamps.define()
    job = jobs.start(actor=SYSTEM, kind="test.count", organisation_id=None, arguments={}, at=NOON)
    with listening(node) as heard:
        doomed = node.start(LAMPS, "slow-job")
        wait_until(lambda: len(traces()) >= 3)
        assert f'["{jobs.channel_of(job)}","progress",{{"done":0}}]' in heard()
    node.kill(doomed)
    job.refresh_from_db()
    assert (job.state, job.total_count) == (Job.State.RUNNING, lamps.STEPS)
    assert job.done_count == len(traces())  # seen while the step that reported it was still open, then lost with it

    node.start(LAMPS, "good")

    def is_done() -> bool:
        job.refresh_from_db()
        return job.state == Job.State.DONE

    wait_until(is_done)
    assert traces() == [f"step {number}" for number in range(lamps.STEPS)]
    assert (job.summary, job.attempts) == ("Đã đếm xong.", 2)


def test_a_job_that_was_cut_off_does_not_hold_up_the_next_of_its_kind(node: Node) -> None:
    lamps.define()
    job = jobs.start(actor=SYSTEM, kind="test.count", organisation_id=None, arguments={}, at=NOON)
    doomed = node.start(LAMPS, "slow-job")
    wait_until(lambda: len(traces()) >= 3)
    node.kill(doomed)
    # One of a kind may wait while one of the kind is at work, as rounds of mail do.
    node.as_owner("UPDATE procrastinate_jobs SET lock = 'lamp', queueing_lock = 'lamp.once' RETURNING id")
    node.as_owner(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status)"
        " SELECT queue_name, task_name, lock, queueing_lock, args, 'todo' FROM procrastinate_jobs RETURNING id"
    )

    node.start(LAMPS, "good")

    def is_done() -> bool:
        job.refresh_from_db()
        return job.state == Job.State.DONE

    wait_until(is_done)
    assert traces() == [f"step {number}" for number in range(lamps.STEPS)]
    # The work is done a moment before its worker says so.
    left = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    wait_until(lambda: node.as_owner(left) == [(0,)])


def test_the_worker_seals_what_happened_and_stops_when_told(node: Node) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('khue.scope', '*', false)")
    audit.record(SYSTEM, "lamp.lit", None)
    process = node.start(LAMPS, "good")

    wait_until(lambda: node.as_owner("SELECT count(*) FROM foundation_auditrow WHERE block_id IS NULL") == [(0,)])
    process.terminate()

    assert process.wait(timeout=60) == 0
    assert (node.var / "audit.deposit").read_text().startswith("1 ")


def test_a_worker_stops_whenever_it_is_told(node: Node) -> None:
    """In the tenths of a second in which it opens its connections, too: once it stayed for ever."""
    ended = []
    for number in range(12):
        process = node.start(LAMPS, "good")
        time.sleep(0.1 + number * 0.03)
        process.terminate()
        ended.append(process.wait(timeout=60))

    assert set(ended) <= {0, -signal.SIGTERM}  # before it listens at all, the system ends it
    assert ended[-1] == 0


def test_a_worker_that_has_grown_ends_when_it_has_nothing_to_do(node: Node) -> None:
    lamps.define()
    job = jobs.start(actor=SYSTEM, kind="test.count", organisation_id=None, arguments={}, at=NOON)
    process = node.start(LAMPS, "slow-job", "grown")

    assert process.wait(timeout=120) == 0

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 1)  # it went to its end first
    node.start(LAMPS, "good")
    events.publish(LampLit(None))
    wait_until(lambda: undelivered(node) == 0)
