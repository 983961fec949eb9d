"""How values look on screen and paper: days, clock times, numbers, marks, money, sizes."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache

from django.utils.translation import get_language, gettext, ngettext

from khue.foundation import clock

NOTHING = "–"
_SIZES = ("B", "kB", "MB", "GB", "TB")


def as_date(day: date | datetime | None) -> str:
    """dd/mm/yyyy; an instant is shown as its day in Vietnam."""
    if day is None:
        return NOTHING
    if isinstance(day, datetime):
        day = _local(day)
    return f"{day.day:02}/{day.month:02}/{day.year}"


def as_time(moment: datetime | time | None) -> str:
    """14:05, on the Vietnamese wall clock."""
    if moment is None:
        return NOTHING
    if isinstance(moment, datetime):
        moment = _local(moment)
    return f"{moment.hour:02}:{moment.minute:02}"


def as_datetime(moment: datetime | None) -> str:
    """14:05 23/11/2026, on the Vietnamese wall clock."""
    return NOTHING if moment is None else f"{as_time(moment)} {as_date(moment)}"


def as_number(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """1.250 or 8,5 in Vietnamese, 1,250 or 8.5 in English.

    decimals  how many stand behind the decimal sign; None keeps what the value has
    """
    if value is None:
        return NOTHING
    if type(value) is int and -1000 < value < 1000 and not decimals:
        return str(value)  # most numbers of a page: written alike in every language
    plain = f"{value:,}" if decimals is None else f"{value:,.{decimals}f}"
    if get_language() == "en":
        return plain
    return plain.replace(",", " ").replace(".", ",").replace(" ", ".")


def as_mark(tenths: int | None) -> str:
    """A mark kept in tenths: 85 is "8,5", 70 is "7", nothing is a dash."""
    if tenths is None:
        return NOTHING
    whole, rest = divmod(tenths, 10)
    if not rest:
        return str(whole)
    return f"{whole}.{rest}" if get_language() == "en" else f"{whole},{rest}"


def as_money(dong: int | None) -> str:
    """1.250.000 ₫."""
    return NOTHING if dong is None else f"{as_number(dong)}\N{NO-BREAK SPACE}₫"


def as_file_size(size: int | None) -> str:
    """A size in bytes to three digits: 1,2 MB. A kilobyte has 1000 bytes, as on a disk's box."""
    if size is None:
        return NOTHING
    amount, unit = float(size), 0
    while amount >= 999.5 and unit < len(_SIZES) - 1:
        amount, unit = amount / 1000, unit + 1
    return f"{as_number(amount, 0 if unit == 0 or amount >= 9.95 else 1)}\N{NO-BREAK SPACE}{_SIZES[unit]}"


def as_relative_time(moment: datetime | None, at: datetime | None = None) -> str:
    """How long ago or how soon, in the reader's words; the date once it is more than a week away."""
    if moment is None:
        return NOTHING
    seconds = int(((at or clock.now()) - moment).total_seconds())
    minutes = abs(seconds) // 60
    if minutes >= 8 * 24 * 60:
        return as_date(moment)
    hours = minutes // 60
    days = hours // 24
    return _in_words(get_language(), seconds >= 0, days, 0 if days else hours, 0 if hours else minutes)


@lru_cache(maxsize=512)
def _in_words(_language: str | None, is_past: bool, days: int, hours: int, minutes: int) -> str:
    """A list asks for each of its rows: one of the three is not 0, or none."""
    if days:
        amount = ngettext("%(count)s ngày", "%(count)s ngày", days) % {"count": days}
    elif hours:
        amount = ngettext("%(count)s giờ", "%(count)s giờ", hours) % {"count": hours}
    elif minutes:
        amount = ngettext("%(count)s phút", "%(count)s phút", minutes) % {"count": minutes}
    else:
        return gettext("vừa xong") if is_past else gettext("ngay bây giờ")
    sentence = gettext("%(amount)s trước") if is_past else gettext("sau %(amount)s")
    return sentence % {"amount": amount}


FILTERS = {
    "date": as_date,
    "time": as_time,
    "datetime": as_datetime,
    "number": as_number,
    "mark": as_mark,
    "money": as_money,
    "filesize": as_file_size,
    "relative_time": as_relative_time,
}


def _local(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(clock.VIETNAM)
