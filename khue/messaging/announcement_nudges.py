"""What the clock does about announcements: a day before the end it reminds those who have not answered."""

from datetime import timedelta

from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.messaging import actions, queries
from khue.messaging.quiet import next_loud

BEFORE_END = timedelta(hours=24)


def nudge_due() -> int:
    """Remind of what ends within a day, by day only. returns how many announcements it looked after."""
    at = clock.now()
    if next_loud(at) != at:
        return 0
    with scope.of(SYSTEM):
        due = queries.due_to_nudge(at, at + BEFORE_END)
        for announcement in due:
            actions.nudge(actor=SYSTEM, announcement=announcement, at=at)
    return len(due)
