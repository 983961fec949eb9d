"""Dates of which only a part may be known: a year, a month and year, or a day."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal

FIRST_YEAR, LAST_YEAR = 1900, 2100
_SEPARATOR = r"\s*[/.\-]\s*"
_FORMS = (
    re.compile(r"(?P<year>[0-9]{4})"),
    re.compile(rf"(?P<month>[0-9]{{1,2}}){_SEPARATOR}(?P<year>[0-9]{{4}})"),
    re.compile(rf"(?P<day>[0-9]{{1,2}}){_SEPARATOR}(?P<month>[0-9]{{1,2}}){_SEPARATOR}(?P<year>[0-9]{{4}})"),
    re.compile(rf"(?P<year>[0-9]{{4}}){_SEPARATOR}(?P<month>[0-9]{{1,2}})"),
    re.compile(rf"(?P<year>[0-9]{{4}}){_SEPARATOR}(?P<month>[0-9]{{1,2}}){_SEPARATOR}(?P<day>[0-9]{{1,2}})"),
)
_TWO_DIGIT_YEAR = re.compile(rf"[0-9]{{1,2}}{_SEPARATOR}[0-9]{{1,2}}{_SEPARATOR}[0-9]{{2}}")


class UnclearDate(Refusal):
    """What was typed is not a date, or could be several. `reason` is stable: what exactly is wrong."""

    code = "unclear_date"
    field = "birth"
    reasons: dict[str, str | Promise] = {
        "form": _("“%(text)s” không phải là ngày. Hãy ghi ngày/tháng/năm, ví dụ 02/03/2015; 03/2015 hoặc 2015."),
        "two_digit_year": _("“%(text)s” có thể hiểu theo nhiều cách. Hãy ghi năm đủ bốn chữ số, ví dụ 01/02/2003."),
        "year": _("Năm trong “%(text)s” phải từ 1900 đến 2100."),
        "month": _("Không có tháng %(month)s trong “%(text)s”. Hãy ghi theo thứ tự ngày/tháng/năm."),
        "day": _("Tháng %(month)s năm %(year)s không có ngày %(day)s (“%(text)s”)."),
    }

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(**values)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reasons[self.reason]) % self.values


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year, as far as it is known. A day has a month, a month has a year."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if (self.day and not self.month) or (self.month and not self.year):
            raise ValueError("a day needs its month, a month needs its year")

    @classmethod
    def of(cls, day: date) -> Self:
        """The whole day."""
        return cls(day.year, day.month, day.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what people type: 2015, 03/2015, 02/03/2015, also with dots or dashes, and year first.

        returns  nothing known for an empty text
        refuses  UnclearDate for 29/02/2015, 1/2/03, 25/2015 and whatever is no date at all
        """
        text = text.strip()
        if not text:
            return cls()
        found = next(filter(None, (form.fullmatch(text) for form in _FORMS)), None)
        if found is None:
            raise UnclearDate("two_digit_year" if _TWO_DIGIT_YEAR.fullmatch(text) else "form", text=text)
        parts = {name: int(value) for name, value in found.groupdict().items()}
        return cls._checked(parts["year"], parts.get("month"), parts.get("day"), text)

    @classmethod
    def _checked(cls, year: int, month: int | None, day: int | None, text: str) -> Self:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise UnclearDate("year", text=text)
        if month is not None and not 1 <= month <= 12:
            raise UnclearDate("month", text=text, month=month)
        if day is not None and month is not None:
            try:
                date(year, month, day)
            except ValueError:
                raise UnclearDate("day", text=text, day=day, month=month, year=year) from None
        return cls(year, month, day)

    def __bool__(self) -> bool:
        return self.year is not None

    def __str__(self) -> str:
        """02/03/2015, 03/2015, 2015, or nothing."""
        if self.day:
            return f"{self.day:02}/{self.month:02}/{self.year}"
        if self.month:
            return f"{self.month:02}/{self.year}"
        return str(self.year or "")

    @property
    def whole(self) -> date | None:
        """The day, when all of it is known."""
        return date(self.year, self.month, self.day) if self.year and self.month and self.day else None

    def agrees_with(self, other: "PartialDate") -> bool:
        """Whether both could be the same day: no part that both know differs."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine is None or theirs is None or mine == theirs for mine, theirs in pairs)
