"""The one process that works in the background: tells what happened, does the jobs, seals the audit trail.

Two threads: the clock (events, seals, partitions, rubbish), which has one connection and listens on it, and the queue
of jobs. Any number of workers may run on any number of machines; whatever one does, another leaves alone.
"""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models.functions import Now
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import DjangoApp
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job as StalledJob
from procrastinate.jobs import Status

from khue.foundation import audit_chain, clock, extensions, haste, jobs, outbox, scope, uploads

logger = logging.getLogger(__name__)
TOLD_TO_STOP = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the worker looks; everything in seconds.

    jobs_at_once    a long import does not keep a short export waiting
    stalled_after   a worker that has not shown a sign of life for so long is dead, and its jobs are taken over
    leaving         how long it may take to leave when it is told to: a job under way comes to the end of its step
    reconnect       what a connection has planned stays in the server's memory for as long as it lives
    measure         how often it looks whether it has grown
    may_grow        bytes: a worker that holds so much more than at its beginning ends when it has nothing to do
    """

    poll: float = 2.0
    seal: float = 3.0
    deposit: float = 3600.0
    tidy: float = 3600.0
    jobs_at_once: int = 2
    heartbeat: float = 5.0
    stalled_after: float = 20.0
    leaving: float = 15.0
    reconnect: float = 60.0
    measure: float = 30.0
    may_grow: int = 16_000_000


@dataclass
class Duty:
    """Something the clock does again and again. What goes wrong is logged, and the other duties go on."""

    name: str
    every: float
    do: Callable[[], object]
    due_at: float = 0.0

    def perform_if_due(self, moment: float) -> None:
        """Do it if it is time, or if something happened that it is wanted for."""
        is_wanted = haste.taken(self.name)
        if moment < self.due_at and not is_wanted:
            return
        self.due_at = moment + self.every
        try:
            self.do()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            # The outermost door of this process: a duty that fails is tried again at its next turn.
            logger.exception("the duty %r failed", self.name)


@dataclass
class Clock:
    """The thread for everything that is not a job."""

    pace: Pace
    stopping: threading.Event = field(default_factory=threading.Event)
    began_with: int = field(default_factory=lambda: _memory())
    spent: float = 0.0

    def run(self) -> None:
        """Work until told to stop; go on after the database was away."""
        duties = self._duties()
        while not self.stopping.is_set():
            try:
                for duty in duties:
                    duty.perform_if_due(time.monotonic())
                self._wait_for_news()
            except (OperationalError, InterfaceError):
                logger.exception("the database does not answer; trying again")
                connection.close()
                self.stopping.wait(1)
        with scope.of_organisation(None):
            audit_chain.deposit(settings.VAR_DIR / audit_chain.DEPOSIT)
        connection.close()

    def _duties(self) -> list[Duty]:
        deposited = settings.VAR_DIR / audit_chain.DEPOSIT
        return [
            Duty("deliver events", 0, outbox.deliver_all),
            Duty("seal the audit trail", self.pace.seal, audit_chain.seal),
            Duty("prepare the months of the audit trail", self.pace.tidy, audit_chain.prepare_months),
            Duty("deposit the newest seal", self.pace.deposit, lambda: audit_chain.deposit(deposited)),
            Duty("forget delivered events", self.pace.tidy, lambda: outbox.prune(clock.now())),
            Duty("collect abandoned files", self.pace.tidy, lambda: uploads.collect_garbage(clock.now())),
            Duty("take a new connection", self.pace.reconnect, connection.close),
            Duty("give way to a new worker", self.pace.measure, self._give_way),
            *(Duty(name, chore.every, chore.do) for name, chore in extensions.chores.items()),
        ]

    def _give_way(self) -> None:
        """Heavy work leaves memory behind that Python keeps. At rest, end: whoever began us begins another."""
        before, self.spent = self.spent, time.process_time()
        grown = _memory() - self.began_with
        is_busy = (
            self.spent - before > 0.1 * self.pace.measure
            or ProcrastinateJob.objects.filter(status="doing").exists()
            or ProcrastinateJob.objects.filter(status="todo").exclude(scheduled_at__gt=Now()).exists()
        )
        if grown > self.pace.may_grow and not is_busy:
            logger.info("the worker has grown by %s MB and gives way to a new one", grown // 1_000_000)
            os.kill(os.getpid(), signal.SIGTERM)

    def _wait_for_news(self) -> None:
        """Sleep until an event is published, at most one poll."""
        connection.ensure_connection()
        raw = connection.connection
        raw.execute("LISTEN khue_outbox")
        for _ in raw.notifies(timeout=self.pace.poll, stop_after=1):
            pass


def _memory() -> int:
    """Bytes this process has asked for: a page is counted before it is written and after, whoever shares it."""
    rows = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Anonymous:"))


def catch_up() -> None:
    """Do once what the clock would find to do, in a process that ends: after very much was written at once.

    Such work leaves memory behind, here and in the session of the database, that a worker would keep.
    """
    outbox.deliver_all()
    for chore in extensions.chores:
        chore.do()
    outbox.deliver_all()
    audit_chain.seal()


def run(pace: Pace = Pace()) -> None:
    """Work until SIGTERM or SIGINT; a job under way may come to the end of its step."""
    ticking = Clock(pace)
    # Until the loop takes the signals over, one is only noted: an error raised wherever this process happens to be may
    # be swallowed there, and the worker would stay.
    for number in TOLD_TO_STOP:
        signal.signal(number, lambda *_: ticking.stopping.set())
    thread = threading.Thread(target=ticking.run, name="clock", daemon=True)
    thread.start()
    # Not asyncio.run(): it waits for every task that was told to end, and a statement that is cancelled at the moment
    # in which its answer comes may wait for that answer for ever.
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(_until_told(loop, ticking))
    finally:
        ticking.stopping.set()
        thread.join(timeout=10)
        loop.close()


async def _until_told(loop: asyncio.AbstractEventLoop, ticking: Clock) -> None:
    told, work = asyncio.Event(), loop.create_task(_do_jobs(ticking.pace))
    for number in TOLD_TO_STOP:
        loop.add_signal_handler(number, told.set)
    if ticking.stopping.is_set():
        told.set()
    await asyncio.wait({work, loop.create_task(told.wait())}, return_when=asyncio.FIRST_COMPLETED)
    ticking.stopping.set()
    work.cancel()
    await asyncio.wait({work}, timeout=ticking.pace.leaving)
    if work.done() and not work.cancelled():
        work.result()  # raises what ended it


async def _do_jobs(pace: Pace) -> None:
    # A second app with the same tasks: the first one keeps deferring in the transactions of whoever defers.
    app = DjangoApp(connector=PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=3))
    app.tasks = queue.tasks
    async with app.open_async():
        rescue = asyncio.create_task(_take_over_stalled(app, pace))
        try:
            await app.run_worker_async(
                queues=[jobs.QUEUE],
                concurrency=pace.jobs_at_once,
                name=f"khue-{os.getpid()}",
                delete_jobs="successful",
                update_heartbeat_interval=pace.heartbeat,
                stalled_worker_timeout=pace.stalled_after,
                shutdown_graceful_timeout=pace.leaving - 5,
                install_signal_handlers=False,
            )
        finally:
            rescue.cancel()


async def _take_over(app: App, job: StalledJob) -> None:
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        # Of such work one in the queue is enough, and the next waits there already, held back by this one's lock.
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


async def _take_over_stalled(app: App, pace: Pace) -> None:
    """Bring back jobs whose worker was killed. They go on after their last committed step."""
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=pace.stalled_after):
                logger.warning("taking over job %s from a worker that has died", job.id)
                await _take_over(app, job)
        except ConnectorException:  # the database is away, or another worker was first
            logger.info("no job taken over", exc_info=True)
        await asyncio.sleep(pace.heartbeat)
