"""Refusals that several actions of a school's year share."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from khue.foundation.errors import Refusal
from khue.schools.models import SchoolYear


class DayOutsideYear(Refusal):
    code = "day_outside_year"
    message = _("Ngày phải nằm trong năm học %(year)s, từ %(first)s đến %(last)s.")
    field = "on"


class NameMissing(Refusal):
    code = "name_missing"
    message = _("Chưa có tên. Hãy ghi một tên ngắn, dễ nhận ra.")
    field = "name"


def refuse_day_outside(school_year: SchoolYear, day: date) -> None:
    """Refuse a day on which the year has not begun, or is over."""
    if not school_year.starts_on <= day <= school_year.ends_on:
        raise DayOutsideYear(
            year=school_year.code, first=f"{school_year.starts_on:%d/%m/%Y}", last=f"{school_year.ends_on:%d/%m/%Y}"
        )
