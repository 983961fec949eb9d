"""How long words are kept."""

import calendar
from datetime import date


def kept_from(today: date, months: int) -> date:
    """The first day that is kept: so many months before today, the last day of a month standing for one it lacks.

    months  1 or more
    """
    index = today.year * 12 + today.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
