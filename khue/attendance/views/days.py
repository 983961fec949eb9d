"""Days and weeks as they stand in addresses."""

from datetime import date, timedelta

from khue.foundation import clock
from khue.foundation.errors import NotFound

#: Years that may be asked for; the ends of the calendar have no neighbours.
YEARS = range(2000, 2100)


def day_of(text: str) -> date:
    """The day written in an address, today where nothing is. Raises NotFound for what is no day."""
    if not text:
        return clock.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
    if day.year not in YEARS:
        raise NotFound
    return day


def monday_of(text: str) -> date:
    """The Monday of the week of that day."""
    day = day_of(text)
    return day - timedelta(days=day.weekday())
