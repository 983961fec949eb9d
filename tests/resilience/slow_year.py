"""A worker that rests between the two halves of storing a year, and says so, so that it can be killed there."""

import time
from typing import Any

from khue.foundation import worker
from khue.gradebook import year_table

_pupil_values = year_table._pupil_values


def _slowly(*arguments: Any) -> dict[str, Any]:
    """The subjects' years are written, the pupils' are not."""
    print("half", flush=True)
    time.sleep(1.5)
    return _pupil_values(*arguments)


def main() -> None:
    """Work until killed."""
    year_table._pupil_values = _slowly
    worker.run(worker.Pace(poll=0.1, heartbeat=0.3, stalled_after=1.0))
