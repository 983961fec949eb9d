"""Quiet hours: what may wait does not ring at night."""

from datetime import datetime, time, timedelta

from khue.foundation.clock import VIETNAM

#: Where a school has said nothing else.
QUIET_FROM = time(21, 0)
QUIET_TO = time(6, 0)


def next_loud(at: datetime, *, quiet_from: time = QUIET_FROM, quiet_to: time = QUIET_TO) -> datetime:
    """The instant itself when it is loud in Vietnam, else the end of the quiet hours it falls into.

    quiet_from, quiet_to  wall clock; the same twice means that there are none. The end is loud.
    """
    local = at.astimezone(VIETNAM)
    clock = local.time()
    over_midnight = quiet_from > quiet_to
    is_quiet = clock >= quiet_from or clock < quiet_to if over_midnight else quiet_from <= clock < quiet_to
    if not is_quiet:
        return at
    morning = local.replace(hour=quiet_to.hour, minute=quiet_to.minute, second=0, microsecond=0)
    if over_midnight and clock >= quiet_from:
        morning += timedelta(days=1)
    return morning.astimezone(at.tzinfo)
