"""A worker that tells a notice one school at a time, so that it can be killed in the middle."""

from khue.foundation import worker
from khue.messaging import tasks


def main() -> None:
    """Work until killed."""
    tasks.PLACES_AT_ONCE = 1
    worker.run(worker.Pace(poll=0.1, heartbeat=0.3, stalled_after=1.0))
