"""When Tết is: the first day of the moon's year, and the school days that rest around it."""

from datetime import date, timedelta

#: The first day of the first lunar month in Vietnam (UTC+7). In 2030 it is a day before China's: the new moon of
#: 02/02/2030 falls at 23:07 in Hà Nội. tests/test_tet.py compares each with the moon.
FIRST_DAYS = {
    each.year: each
    for each in map(
        date.fromisoformat,
        "2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02 2031-01-23 2032-02-11 2033-01-31 2034-02-19"
        " 2035-02-08 2036-01-28 2037-02-15 2038-02-04 2039-01-24 2040-02-12".split(),
    )
}


def school_rest(year: int) -> tuple[date, date] | None:
    """Two weeks, Monday to Saturday, around the first day, which is in the first of them or begins the second.

    A proposal: the province fixes the days. None for a year whose Tết this node does not know
    source  domain §2.4: term 2 has 17 teaching weeks and the two of Tết
    """
    first = FIRST_DAYS.get(year)
    if first is None:
        return None
    eve = first - timedelta(days=3)
    monday = eve - timedelta(days=eve.weekday())
    return monday, monday + timedelta(days=12)
