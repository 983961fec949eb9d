"""Python runs this first in every process whose PYTHONPATH names this folder: its clock stands where the story does.

Stories of a whole year move the clock: KHUE_MOVED_CLOCK names a file with the seconds to add. How long something takes
is measured by other clocks, which stay real.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

_really_now = timezone.now


def now() -> datetime:
    """This instant, as far away as the file says."""
    moved = os.environ.get("KHUE_MOVED_CLOCK", "")
    return _really_now() + timedelta(seconds=float(Path(moved).read_text())) if moved else _really_now()


timezone.now = now
