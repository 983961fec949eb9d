"""When something is due: working days, without weekends and public holidays, with the Saturdays worked instead."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from khue.foundation.clock import VIETNAM

SATURDAY = 6
#: Further than any deadline of the law reaches; a calendar without a working day in it is wrong.
FURTHEST = timedelta(days=400)

#: Days that are not what the weekday says: True is worked, False is not.
Exceptions = Mapping[date, bool]


def is_working_day(day: date, exceptions: Exceptions) -> bool:
    """Whether offices work that day."""
    return exceptions.get(day, day.isoweekday() < SATURDAY)


def next_working_day(day: date, exceptions: Exceptions) -> date:
    """The first working day after that day."""
    for number in range(1, FURTHEST.days):
        if is_working_day(day + timedelta(days=number), exceptions):
            return day + timedelta(days=number)
    raise ValueError("no working day within a year")


def received_on(at: datetime, until: time, exceptions: Exceptions) -> date:
    """The working day on which something counts as received.

    until   working hours end then: what comes later counts as received on the next working day
    source  domain §5.1, clock; for copies of diplomas "after 15:00" is the next working day
    """
    here = at.astimezone(VIETNAM)
    if here.time() <= until and is_working_day(here.date(), exceptions):
        return here.date()
    return next_working_day(here.date(), exceptions)


def due_on(received: date, days: int, exceptions: Exceptions) -> date:
    """The last day in time: that many working days after the day of receipt, which itself does not count.

    days  0 is the day of receipt itself
    """
    day = received
    for _ in range(days):
        day = next_working_day(day, exceptions)
    return day


def days_used(received: date, on: date, exceptions: Exceptions) -> int:
    """Working days gone from the day after receipt to that day, both included; 0 before."""
    span = (on - received).days
    return sum(is_working_day(received + timedelta(days=number), exceptions) for number in range(1, span + 1))


def moved(day: date, days: int, exceptions: Exceptions) -> date:
    """That many working days after a day, or before it where `days` is below zero."""
    if days >= 0:
        return due_on(day, days, exceptions)
    while days:
        day -= timedelta(days=1)
        days += is_working_day(day, exceptions)
    return day
