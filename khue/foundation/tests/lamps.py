"""A worker with two handlers and one kind of job, started by the tests as a real process and killed.

Its argument says where it is slow: "good" (nowhere), "slow-first", "slow-second", "slow-job"; "grown" may hold nothing.
"""

import sys
import time
from dataclasses import dataclass

from django.db import connection

from khue.foundation import events, jobs, worker
from khue.foundation.events import Event
from khue.foundation.work import Work

STEPS = 12


@dataclass(frozen=True)
class LampLit(Event):
    name = "test.lamp_lit"


@dataclass(frozen=True)
class Trace(Event):
    """What a handler or a step leaves behind: one row, committed with it."""

    name = "test.trace"

    by: str


def leave(by: str) -> None:
    events.publish(Trace(None, by))


def first(event: LampLit) -> None:
    leave("first")
    pause("slow-first")


def second(event: LampLit) -> None:
    leave("second")
    pause("slow-second")


def pause(mode: str) -> None:
    if mode in sys.argv:
        sys.stdout.write("reached\n")
        sys.stdout.flush()
        time.sleep(60)


def count(work: Work) -> None:
    for number in range(work.position or 0, STEPS):
        with work.step():
            leave(f"step {number}")
            work.position = number + 1
            work.progress(done=number, total=STEPS)
            time.sleep(0.3 if "slow-job" in sys.argv else 0)
    work.finish(summary="Đã đếm xong.")


def define() -> None:
    events.subscribe(LampLit, first)
    events.subscribe(LampLit, second)
    jobs.define("test.count", "Đếm đèn", count)


def traces() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('khue.scope', '*', false)")
        cursor.execute("SELECT payload->>'by' FROM foundation_outboxevent WHERE name = 'test.trace' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def main() -> None:
    define()
    often = {"poll": 0.2, "seal": 0.2, "heartbeat": 0.3, "stalled_after": 2.0, "reconnect": 0.2}
    worker.run(worker.Pace(**often, measure=1.0, may_grow=0 if "grown" in sys.argv else 1_000_000_000))
