"""The queue's door to jobs. The queue library finds this module by its name."""

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app as queue

from khue.foundation import jobs, work


class TryAgain(Exception):
    """Tells the queue to bring the job back after a while; the reason is kept with the job."""


@queue.task(
    name=jobs.TASK,
    queue=jobs.QUEUE,
    retry=RetryStrategy(max_attempts=work.MOST_ATTEMPTS, exponential_wait=3, retry_exceptions={TryAgain}),
)
def run_job(job_id: int) -> None:
    """Do one job. The number is all that the queue knows of it."""
    try:
        if not work.run(job_id):
            raise TryAgain
    finally:
        connection.close()  # jobs are rare; an idle connection costs the server megabytes
