"""The calendar of a school: opening a year, its terms, holidays and make-up days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from khue.foundation import audit
from khue.foundation.actor import Actor, require
from khue.foundation.errors import Refusal
from khue.foundation.text import nfc
from khue.registry.models import Organisation
from khue.schools.access import Permission
from khue.schools.models import Enrolment, SchoolYear, SpecialDay, Term
from khue.schools.refusals import refuse_day_outside

LONGEST_HOLIDAY = 60
SHORTEST_YEAR, LONGEST_YEAR = 200, 366


class YearExists(Refusal):
    code = "school_year_exists"
    message = _("Nhà trường đã có năm học %(year)s. Hãy sửa các học kì của năm học đó.")


class YearsOverlap(Refusal):
    code = "school_years_overlap"
    message = _("Năm học mới chồng lên năm học %(year)s (%(first)s đến %(last)s). Hãy chọn ngày khác.")


class TermsOutOfOrder(Refusal):
    code = "terms_out_of_order"
    message = _("Mỗi học kì phải kết thúc sau khi bắt đầu, và học kì II bắt đầu sau khi học kì I kết thúc.")


class YearTooLong(Refusal):
    code = "school_year_length"
    message = _("Từ đầu học kì I đến hết học kì II là %(days)s ngày; một năm học dài từ 200 đến 366 ngày.")


class DaysLeftOutside(Refusal):
    code = "days_left_outside"
    message = _("Ngày %(day)s (%(title)s) sẽ nằm ngoài năm học. Hãy bỏ ngày đó trước.")


class PupilsLeftOutside(Refusal):
    code = "pupils_left_outside"
    message = _("Đã có học sinh vào lớp từ ngày %(day)s, trước ngày bắt đầu mới của năm học.")


class DayTaken(Refusal):
    code = "day_taken"
    message = _("Ngày %(day)s đã được ghi là “%(title)s”. Hãy bỏ ngày đó trước rồi ghi lại.")
    field = "first"


class HolidayOutOfOrder(Refusal):
    code = "holiday_out_of_order"
    message = _("Ngày cuối phải từ ngày đầu trở đi, và một kì nghỉ dài nhất 60 ngày.")
    field = "last"


class MakesNothingUp(Refusal):
    code = "makes_nothing_up"
    message = _("Ngày %(day)s vốn đã học theo thời khoá biểu của chính thứ đó. Hãy chọn ngày hoặc thứ khác.")
    field = "taught_as"


@dataclass(frozen=True, slots=True)
class TermDates:
    """A term as it is planned, both ends included. teaching_weeks is what the province decided: 18, then 17."""

    starts_on: date
    ends_on: date
    teaching_weeks: int


@transaction.atomic
def open_school_year(*, actor: Actor, organisation: Organisation, terms: Sequence[TermDates]) -> SchoolYear:
    """Open a school year with its terms; it is named after the calendar years in which it begins and ends.

    refuses  TermsOutOfOrder; YearTooLong; YearExists; YearsOverlap
    """
    require(actor, Permission.CALENDAR_WRITE, within=organisation)

    first, last = _whole(terms)
    code = f"{first.year}-{first.year + 1}"
    others = SchoolYear.objects.filter(organisation=organisation)
    if others.filter(code=code).exists():
        raise YearExists(year=code)
    _refuse_overlap(others, first, last)
    made = SchoolYear.objects.create(organisation=organisation, code=code, starts_on=first, ends_on=last)
    Term.objects.bulk_create(
        Term(
            organisation=organisation,
            school_year=made,
            number=number,
            starts_on=term.starts_on,
            ends_on=term.ends_on,
            teaching_weeks=term.teaching_weeks,
        )
        for number, term in enumerate(terms, start=1)
    )
    audit.record(actor, "school_year.opened", made, code=code, terms=[(t.starts_on, t.ends_on) for t in terms])
    return made


@transaction.atomic
def call_set_up(*, actor: Actor, school_year: SchoolYear, is_set_up: bool) -> None:
    """Put the steps of a beginning year away, for everybody of the school, or have them back."""
    require(actor, Permission.CALENDAR_WRITE, within=school_year)

    SchoolYear.objects.filter(id=school_year.id).update(is_set_up=is_set_up)
    audit.record(actor, "school_year.set_up" if is_set_up else "school_year.led_again", school_year)


@transaction.atomic
def change_terms(*, actor: Actor, school_year: SchoolYear, terms: Sequence[TermDates]) -> SchoolYear:
    """Change the dates of a year's terms, and with them those of the year.

    terms    as many as the year has, in order
    refuses  TermsOutOfOrder; YearTooLong; YearsOverlap; DaysLeftOutside; PupilsLeftOutside
    """
    require(actor, Permission.CALENDAR_WRITE, within=school_year)

    first, last = _whole(terms)
    school_year = SchoolYear.objects.select_for_update().get(id=school_year.id)
    _refuse_overlap(
        SchoolYear.objects.filter(organisation_id=school_year.organisation_id).exclude(id=school_year.id), first, last
    )
    _refuse_left_outside(school_year, first, last)
    before = [
        (term.number, term.starts_on, term.ends_on, term.teaching_weeks)
        for term in Term.objects.filter(school_year=school_year).order_by("number")
    ]
    for number, term in enumerate(terms, start=1):
        Term.objects.filter(school_year=school_year, number=number).update(
            starts_on=term.starts_on, ends_on=term.ends_on, teaching_weeks=term.teaching_weeks
        )
    school_year.starts_on, school_year.ends_on = first, last
    school_year.save(update_fields=["starts_on", "ends_on"])
    audit.record(actor, "terms.changed", school_year, before=before, after=[(t.starts_on, t.ends_on) for t in terms])
    return school_year


@transaction.atomic
def add_holiday(*, actor: Actor, school_year: SchoolYear, first: date, last: date, title: str) -> list[SpecialDay]:
    """Let there be no school from a day to a day, both included.

    refuses  HolidayOutOfOrder; DayOutsideYear; DayTaken
    """
    require(actor, Permission.CALENDAR_WRITE, within=school_year)

    length = (last - first).days + 1
    if not 1 <= length <= LONGEST_HOLIDAY:
        raise HolidayOutOfOrder
    for day in (first, last):
        refuse_day_outside(school_year, day)
    days = [first + timedelta(days=number) for number in range(length)]
    _refuse_taken(school_year, days)
    made = SpecialDay.objects.bulk_create(
        SpecialDay(
            organisation_id=school_year.organisation_id,
            school_year=school_year,
            day=day,
            kind=SpecialDay.Kind.HOLIDAY,
            title=nfc(title),
        )
        for day in days
    )
    audit.record(actor, "holiday.added", school_year, first=first, last=last, title=nfc(title))
    return made


@dataclass(frozen=True, slots=True)
class Holiday:
    """No school from a day to a day, both included."""

    first: date
    last: date
    title: str


@transaction.atomic
def add_holidays(*, actor: Actor, school_year: SchoolYear, holidays: Sequence[Holiday]) -> int:
    """Several at once, all or none. Returns how many days.

    refuses  as add_holiday does
    """
    return sum(
        len(add_holiday(actor=actor, school_year=school_year, first=each.first, last=each.last, title=each.title))
        for each in holidays
    )


@transaction.atomic
def add_make_up_day(*, actor: Actor, school_year: SchoolYear, day: date, taught_as: int, title: str) -> SpecialDay:
    """Teach on a day what another weekday's timetable says: a Sunday like a Monday that was lost to a storm.

    taught_as  1 Monday to 6 Saturday
    refuses    DayOutsideYear; DayTaken; MakesNothingUp
    """
    require(actor, Permission.CALENDAR_WRITE, within=school_year)

    refuse_day_outside(school_year, day)
    if day.isoweekday() == taught_as:
        raise MakesNothingUp(day=f"{day:%d/%m/%Y}")
    _refuse_taken(school_year, [day])
    made = SpecialDay.objects.create(
        organisation_id=school_year.organisation_id,
        school_year=school_year,
        day=day,
        kind=SpecialDay.Kind.MAKE_UP,
        taught_as=taught_as,
        title=nfc(title),
    )
    audit.record(actor, "make_up_day.added", made, day=day, taught_as=taught_as)
    return made


@transaction.atomic
def remove_special_days(*, actor: Actor, school_year: SchoolYear, first: date, last: date) -> int:
    """Let the days from a day to a day be what the calendar says again. Returns how many were not."""
    require(actor, Permission.CALENDAR_WRITE, within=school_year)

    rows = SpecialDay.objects.filter(school_year=school_year, day__gte=first, day__lte=last)
    gone = list(rows.order_by("day").values_list("day", "kind", "taught_as", "title"))
    rows.delete()
    if gone:
        audit.record(actor, "special_days.removed", school_year, days=gone)
    return len(gone)


def _whole(terms: Sequence[TermDates]) -> tuple[date, date]:
    """First and last day of a year of these terms."""
    ends = [day for term in terms for day in (term.starts_on, term.ends_on)]
    if not ends or any(later <= earlier for earlier, later in pairwise(ends)):
        raise TermsOutOfOrder
    days = (ends[-1] - ends[0]).days + 1
    if not SHORTEST_YEAR <= days <= LONGEST_YEAR:
        raise YearTooLong(days=days)
    return ends[0], ends[-1]


def _refuse_overlap(others: QuerySet[SchoolYear], first: date, last: date) -> None:
    other = others.filter(starts_on__lte=last, ends_on__gte=first).first()
    if other is not None:
        raise YearsOverlap(year=other.code, first=f"{other.starts_on:%d/%m/%Y}", last=f"{other.ends_on:%d/%m/%Y}")


def _refuse_left_outside(school_year: SchoolYear, first: date, last: date) -> None:
    outside = Q(day__lt=first) | Q(day__gt=last)
    special = SpecialDay.objects.filter(outside, school_year=school_year).order_by("day").first()
    if special is not None:
        raise DaysLeftOutside(day=f"{special.day:%d/%m/%Y}", title=special.title)
    places = Enrolment.objects.filter(school_class__school_year=school_year, starts_on__lt=first)
    real = places.filter(Q(ends_on=None) | Q(ends_on__gt=F("starts_on")))
    earliest = real.order_by("starts_on").first()
    if earliest is not None and first > school_year.starts_on:
        raise PupilsLeftOutside(day=f"{earliest.starts_on:%d/%m/%Y}")


def _refuse_taken(school_year: SchoolYear, days: Sequence[date]) -> None:
    taken = SpecialDay.objects.filter(school_year=school_year, day__in=days).order_by("day").first()
    if taken is not None:
        raise DayTaken(day=f"{taken.day:%d/%m/%Y}", title=taken.title)
