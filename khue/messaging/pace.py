"""How many deliveries a channel may make now: a leaky bucket kept as one instant (the generic cell rate algorithm)."""

from datetime import datetime, timedelta


def granted(*, at: datetime, next_at: datetime, per_minute: int, burst: int, wanted: int) -> tuple[int, datetime]:
    """How many of those wanted may go at this instant, and the instant to remember.

    next_at     as remembered from the last time: when the bucket is empty again
    per_minute  the long-term rate, more than 0
    burst       how many may go at once after a pause, at least 1
    """
    step = timedelta(minutes=1) / per_minute
    begin = max(next_at, at)
    room = int((at + burst * step - begin) / step)
    count = max(0, min(wanted, room))
    return count, begin + count * step
