"""How many days of leave there are between two days, and what is left of a year's."""

from datetime import date, timedelta

WORKDAYS = frozenset(range(5))


def half_days_between(first: date, last: date) -> int:
    """The halves of working days from a day to a day, both included: Monday to Friday.

    Whoever asks may say another number, because only the office knows who works on a Saturday or has a holiday.
    """
    span = (last - first).days + 1
    return 2 * sum((first + timedelta(days=each)).weekday() in WORKDAYS for each in range(span))


def left(allowed: int | None, used: int) -> int | None:
    """Halves of a day still there; None where nobody has said how many there are. Never below nothing."""
    return None if allowed is None else max(0, allowed - used)
