"""A job while it runs: steps that commit, progress that others see at once, a place to go on from.

def run_import(work: Work) -> None:
    rows = read(work.arguments["import"])
    for chunk in chunks_from(rows, work.position or 0, size=500):
        with work.step():                      # one transaction, in the scope of who started the job
            actions.import_rows(actor=work.actor, rows=chunk.rows)
            work.position = chunk.end          # committed with the rows: a killed worker goes on here
        work.progress(done=chunk.end, total=len(rows))
    work.finish(summary=_("Đã nhập %(count)s dòng.") % {"count": len(rows)})
"""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import translation
from django.utils.translation import gettext as _

from khue.foundation import clock, jobs, live, scope
from khue.foundation.actor import EVERYTHING, SYSTEM, Actor
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.extensions import actor_of_account
from khue.foundation.models import Job, StoredFile

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
REPORT_EVERY_SECONDS = 0.25


class Cancelled(Exception):
    """The person has asked the job to stop. Rises from progress(); let it."""


class TakenOver(Exception):
    """This worker was believed dead and another has the job. What it does from now on must not count."""


class Work:
    """What a kind of job gets to work with.

    actor      who started it, with today's rights
    arguments  as they were given to jobs.start
    position   what the last committed step left here; None at the beginning. Anything JSON can carry
    """

    def __init__(self, job: Job, actor: Actor) -> None:
        self.job = job
        self.actor = actor
        self.arguments: dict[str, Any] = job.arguments
        self.position: Any = job.position
        # Progress must be seen while a step is still open, so it has a connection of its own; in a test, which keeps
        # everything in one transaction, there is only one.
        self._shares = connection.in_atomic_block
        self._outside = connection if self._shares else _connection_in_every_scope()
        self._reported_at = 0.0
        self._ending: dict[str, object] = {}

    @contextmanager
    def step(self) -> Iterator[None]:
        """One transaction in the actor's scope. `position`, if set inside, is committed with it."""
        with scope.of(self.actor):
            yield
            scope.enter(EVERYTHING)
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE foundation_job SET position = %s WHERE id = %s AND attempts = %s",
                    [json.dumps(self.position), self.job.id, self.job.attempts],
                )
                if cursor.rowcount == 0:
                    raise TakenOver

    def progress(self, *, done: int, total: int | None = None, failed: int = 0) -> None:
        """Say how far it is: seen at once by whoever watches. Cheap to call often, not inside the end of a step.

        raises  Cancelled once the person has asked to stop
        """
        moment = time.monotonic()
        if moment - self._reported_at < REPORT_EVERY_SECONDS and done != total:
            return
        self._reported_at = moment
        self.job.done_count, self.job.failed_count, self.job.total_count = done, failed, total
        with self._outside.cursor() as cursor:
            cursor.execute(
                "UPDATE foundation_job SET done_count = %s, failed_count = %s, total_count = %s WHERE id = %s"
                " RETURNING cancel_asked_at IS NOT NULL",
                [done, failed, total, self.job.id],
            )
            row = cursor.fetchone()
        self._tell("progress")
        if row and row[0]:
            raise Cancelled

    def finish(self, *, summary: str, report_file: StoredFile | None = None, result_url: str = "") -> None:
        """Say how it ended: a sentence, the file of what failed and why, and where to see the result."""
        self._ending = {"summary": summary, "report_file": report_file, "result_url": result_url}

    def close(self, state: Job.State, **fields: object) -> None:
        """Write the end. Only the runner below calls it."""
        with scope.of_organisation(None):
            Job.objects.filter(id=self.job.id, attempts=self.job.attempts).update(
                state=state, **{**self._ending, **fields}
            )
        self._tell("over")
        self.leave()

    def leave(self) -> None:
        """Give back what the work held."""
        if not self._shares:
            self._outside.close()

    def _tell(self, event: str) -> None:
        """Let the pages that show this job ask for it again."""
        live.send(jobs.channel_of(self.job), event, {"done": self.job.done_count}, through=self._outside)


def _connection_in_every_scope() -> BaseDatabaseWrapper:
    made = connections.create_connection(DEFAULT_DB_ALIAS)
    with made.cursor() as cursor:
        cursor.execute("SELECT set_config('khue.scope', '*', false)")
    return made


def run(job_id: int) -> bool:
    """Do a job once. Returns False if it failed and is to be tried again later. A job that is over is left alone."""
    job = _begin(job_id)
    if job is None:
        return True
    work = Work(job, SYSTEM)
    try:
        work.actor = _actor_of(job)
        with translation.override(work.actor.language):
            jobs.kind_of(job.kind).run(work)
    except TakenOver:
        logger.warning("job %s goes on in another worker", job.id)
        work.leave()
    except Cancelled:
        work.close(Job.State.CANCELLED, finished_at=clock.now())
    except (Refusal, Forbidden, NotFound) as error:
        work.close(Job.State.FAILED, finished_at=clock.now(), summary=str(error))
    except Exception as error:
        # The outermost door of this process: what went wrong is kept with the job, and tried again a few times.
        logger.exception("job %s (%s) failed", job.id, job.kind)
        return _failed(work, f"{type(error).__name__}: {error}")
    else:
        work.close(Job.State.DONE, finished_at=clock.now(), last_error="")
    return True


def run_now(job: Job) -> Job:
    """For tests and commands: do a job here and now. Returns it as it is afterwards."""
    run(job.id)
    job.refresh_from_db()
    return job


def _begin(job_id: int) -> Job | None:
    with scope.of_organisation(None):
        job = Job.objects.select_for_update().filter(id=job_id).first()
        if job is None or job.is_over:
            return None
        if job.cancel_asked_at or job.attempts >= MOST_ATTEMPTS:
            job.state = Job.State.CANCELLED if job.cancel_asked_at else Job.State.FAILED
            job.summary = job.summary or _("Việc bị ngắt nhiều lần. Hãy báo người quản trị hệ thống.")
            job.finished_at = clock.now()
        else:
            job.state = Job.State.RUNNING
            job.started_at = job.started_at or clock.now()
            job.attempts += 1
        job.save(update_fields=["state", "summary", "finished_at", "started_at", "attempts"])
    return None if job.is_over else job


def _actor_of(job: Job) -> Actor:
    if job.account_id is None:
        return SYSTEM
    with scope.of_organisation(None):
        return replace(actor_of_account.filling(job.account_id), door="job")


def _failed(work: Work, reason: str) -> bool:
    if work.job.attempts < MOST_ATTEMPTS:
        work.close(Job.State.WAITING, last_error=reason[:4000])
        return False
    work.close(
        Job.State.FAILED,
        last_error=reason[:4000],
        finished_at=clock.now(),
        summary=_("Có lỗi trong hệ thống nên việc không hoàn thành. Người quản trị đã có thông tin về lỗi này."),
    )
    return True
