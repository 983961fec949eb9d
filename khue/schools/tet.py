"""When Tết is: the first day of the moon's year, and the school days that rest around it."""

from datetime import date, timedelta

#: The first day of the first lunar month in Vietnam (UTC+7). In 2030 it is a day before China's: the new moon of
#: 02/02/2030 falls at 23:07 in Hà Nội. tests/test_tet.py compares each with the moon.
FIRST_DAYS = {
    each.year: each
    for each in (
        date(2025, 1, 29), date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 2),
        date(2031, 1, 23), date(2032, 2, 11), date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8), date(2036, 1, 28),
        date(2037, 2, 15), date(2038, 2, 4), date(2039, 1, 24), date(2040, 2, 12),
    )
}  # fmt: skip


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
