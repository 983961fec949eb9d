import json
from collections.abc import Callable

import pytest
from django.db import connection

from khue.foundation import jobs, scope, work
from khue.foundation.actor import ANONYMOUS, SYSTEM
from khue.foundation.errors import NotFound, Refusal
from khue.foundation.models import AuditRow, Job
from khue.foundation.work import Work
from tests.world import NOON, World, actor

Run = Callable[[Work], None]


@pytest.fixture
def start(db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Job]:
    """Starts a job that does what the test says."""
    monkeypatch.setattr(jobs, "_kinds", {})

    def started(run: Run, by=SYSTEM, organisation_id: int | None = None, **arguments: object) -> Job:
        jobs.define("test.work", "Việc thử", run)
        return jobs.start(actor=by, kind="test.work", organisation_id=organisation_id, arguments=arguments, at=NOON)

    return started


def queued() -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'khue.run_job'")
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]


def test_a_job_is_queued_in_the_transaction_it_follows_from(start) -> None:
    job = start(lambda w: None, paper=12)

    assert queued() == [{"job_id": job.id}]
    assert (job.state, job.title, job.arguments) == (Job.State.WAITING, "Việc thử", {"paper": 12})


def test_a_job_ends_with_counts_a_summary_and_an_address(start) -> None:
    def count(w: Work) -> None:
        for row in range(10):
            with w.step():
                pass
            w.progress(done=row + 1, total=10, failed=1)
        w.finish(summary="Xong 10 dòng.", result_url="/classes/")

    job = work.run_now(start(count))

    assert (job.state, job.done_count, job.total_count, job.failed_count) == (Job.State.DONE, 10, 10, 1)
    assert (job.summary, job.result_url) == ("Xong 10 dòng.", "/classes/")


def test_a_job_that_was_cut_off_goes_on_where_the_last_step_was_committed(start) -> None:
    seen: list[int] = []

    def stumble(w: Work) -> None:
        for row in range(w.position or 0, 6):
            with w.step():
                w.position = row + 1
                seen.append(row)
                if row == 3 and seen.count(3) == 1:
                    raise OSError("the disk was full")

    job = work.run_now(start(stumble))
    assert (job.state, job.position, job.last_error) == (Job.State.WAITING, 3, "OSError: the disk was full")

    job = work.run_now(job)
    assert (job.state, job.position, job.last_error) == (Job.State.DONE, 6, "")
    assert seen == [0, 1, 2, 3, 3, 4, 5]


def test_a_job_that_keeps_failing_is_given_up_with_words_for_the_person(start) -> None:
    def fail(w: Work) -> None:
        raise RuntimeError("never works")

    job = start(fail)
    for _ in range(work.MOST_ATTEMPTS):
        assert job.state == Job.State.WAITING
        job = work.run_now(job)

    assert (job.state, job.attempts) == (Job.State.FAILED, 5)
    assert job.summary == (
        "Có lỗi trong hệ thống nên việc không hoàn thành. Người quản trị đã có thông tin về lỗi này."
    )


def test_a_refusal_ends_the_job_at_once_with_its_words(start) -> None:
    class TooLate(Refusal):
        message = "Hết hạn rồi. Hãy liên hệ nhà trường."

    def refuse(w: Work) -> None:
        raise TooLate

    job = work.run_now(start(refuse))

    assert (job.state, job.summary) == (Job.State.FAILED, "Hết hạn rồi. Hãy liên hệ nhà trường.")


def test_a_worker_that_was_believed_dead_commits_nothing_more(start) -> None:
    def sleep_too_long(w: Work) -> None:
        with w.step():
            w.position = 1
        Job.objects.filter(id=w.job.id).update(attempts=2)  # another worker has begun it
        with w.step():
            w.position = 2

    job = work.run_now(start(sleep_too_long))

    assert (job.state, job.position, job.attempts) == (Job.State.RUNNING, 1, 2)


def test_a_cancelled_job_stops_at_its_next_report_and_keeps_what_it_committed(start) -> None:
    def be_cancelled(w: Work) -> None:
        with w.step():
            w.position = 1
        jobs.cancel(actor=SYSTEM, job=w.job, at=NOON)
        with w.step():
            w.position = 2
            w.progress(done=1, total=1)

    job = work.run_now(start(be_cancelled))

    assert (job.state, job.position) == (Job.State.CANCELLED, 1)


def test_a_waiting_job_is_cancelled_at_once_and_then_does_nothing(start) -> None:
    done: list[int] = []
    job = jobs.cancel(actor=SYSTEM, job=start(lambda w: done.append(1)), at=NOON)

    assert work.run_now(job).state == Job.State.CANCELLED
    assert done == []
    with pytest.raises(jobs.JobIsOver):
        jobs.cancel(actor=SYSTEM, job=job, at=NOON)
    assert AuditRow.objects.filter(verb="job.cancelled").count() == 1


def test_a_job_is_seen_by_whoever_started_it_and_nobody_of_another_school(start, world: World) -> None:
    clerk, other = actor(world.here.clerk), actor(world.elsewhere.clerk)
    with scope.of(clerk):
        job = start(lambda w: None, by=clerk, organisation_id=world.here.organisation.id)

    assert jobs.job_of(clerk, job.public_id) == job
    assert list(jobs.visible_jobs(ANONYMOUS)) == []
    with scope.of(other):
        assert list(jobs.visible_jobs(other)) == []
        with pytest.raises(NotFound):
            jobs.job_of(other, job.public_id)
        with pytest.raises(NotFound):
            jobs.cancel(actor=other, job=job, at=NOON)
    job.refresh_from_db()
    assert job.cancel_asked_at is None
