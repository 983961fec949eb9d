"""Pages of the school's calendar: one year with its terms, weeks, holidays and make-up days; opening the next."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.weekdays import WEEKDAYS
from khue.registry import queries as registry
from khue.schools import actions, queries
from khue.schools.access import Permission
from khue.schools.forms.calendar import HolidayForm, MakeUpForm, ProposedHolidaysForm, SpanForm, TermsForm
from khue.schools.models import SchoolYear
from khue.schools.views.years import chosen_year, year_choices


@require_safe
def calendar(request: Request) -> HttpResponse:
    """The present year of the school, or the one asked for."""
    require(request.actor, Permission.CLASSES_READ_ALL, within=None)
    year, years = chosen_year(request, Permission.CLASSES_READ_ALL)
    return _calendar_page(request, year, years, HolidayForm(), MakeUpForm())


@require_http_methods(["GET", "HEAD", "POST"])
def new_year(request: Request) -> HttpResponse:
    """Open the next year; its dates are proposed from the year before."""
    require(request.actor, Permission.CALENDAR_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.CALENDAR_WRITE)
    asked = request.GET.get("school", "")
    school = next((place for place in places if str(place.public_id) == asked), places[0])
    form = TermsForm(request.POST or None, terms=queries.proposed_terms(school.id, today()))
    if form.is_valid():
        with refusals_on(form):
            made = actions.open_school_year(actor=request.actor, organisation=school, terms=form.terms)
            answer = see_other("schools:calendar")
            answer["Location"] += f"?year={made.public_id}"
            return flash.say(
                answer, _("Đã mở năm học %(year)s. Tiếp theo là ngày nghỉ và các lớp.") % {"year": made.code}
            )
    context = {"form": form, "school": school, "year": None}
    return page(request, "schools/terms.html", context, status=422 if form.errors else 200)


@require_POST
def steps(request: Request, year_id: UUID) -> HttpResponse:
    """Put the steps of the beginning year away, and have them back; both are seen on the school's home."""
    year = _year_to_change(request, year_id)
    is_set_up = "back" not in request.POST
    actions.call_set_up(actor=request.actor, school_year=year, is_set_up=is_set_up)
    told = _("Đã ẩn bảng Bắt đầu năm học. Muốn hiện lại: trang Năm học.")
    return flash.say(see_other("portal:home"), told if is_set_up else _("Bảng Bắt đầu năm học đã hiện lại."))


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: Request, year_id: UUID) -> HttpResponse:
    """Change the dates of the terms."""
    year = _year_to_change(request, year_id)
    present = [
        queries.ProposedTerm(term.starts_on, term.ends_on, term.teaching_weeks) for term in queries.terms_of(year)
    ]
    form = TermsForm(request.POST or None, terms=present)
    if form.is_valid():
        with refusals_on(form):
            actions.change_terms(actor=request.actor, school_year=year, terms=form.terms)
            return _back(year, _("Đã lưu các học kì."))
    context = {"form": form, "school": year.organisation, "year": year}
    return page(request, "schools/terms.html", context, status=422 if form.errors else 200)


@require_POST
def add_holiday(request: Request, year_id: UUID) -> HttpResponse:
    """Write down a holiday."""
    year = _year_to_change(request, year_id)
    form = HolidayForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.add_holiday(actor=request.actor, school_year=year, **form.cleaned_data)
            return _back(year, _("Đã ghi ngày nghỉ. Các tiết của những ngày này không còn trên thời khoá biểu."))
    return _calendar_page(request, year, [year], form, MakeUpForm())


@require_http_methods(["GET", "HEAD", "POST"])
def proposed(request: Request, year_id: UUID) -> HttpResponse:
    """Take public holidays, and those of the year before, into the calendar at once."""
    year = _year_to_change(request, year_id)
    form = ProposedHolidaysForm(request.POST or None, proposed=queries.proposed_holidays(year, today()))
    if form.is_valid():
        with refusals_on(form):
            days = actions.add_holidays(actor=request.actor, school_year=year, holidays=form.chosen)
            return _back(year, _("Đã ghi %(count)s ngày nghỉ.") % {"count": days})
    return page(request, "schools/holidays.html", {"year": year, "form": form}, status=422 if form.errors else 200)


@require_POST
def add_make_up_day(request: Request, year_id: UUID) -> HttpResponse:
    """Write down a make-up day."""
    year = _year_to_change(request, year_id)
    form = MakeUpForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.add_make_up_day(actor=request.actor, school_year=year, **form.cleaned_data)
            return _back(year, _("Đã ghi ngày học bù."))
    return _calendar_page(request, year, [year], HolidayForm(), form)


@require_POST
def remove_days(request: Request, year_id: UUID) -> HttpResponse:
    """Take holidays or make-up days back."""
    year = _year_to_change(request, year_id)
    form = SpanForm(request.POST)
    removed = 0
    if form.is_valid():
        removed = actions.remove_special_days(actor=request.actor, school_year=year, **form.cleaned_data)
    return _back(year, _("Đã bỏ %(count)s ngày.") % {"count": removed})


def _calendar_page(
    request: Request, year: SchoolYear | None, years: list[SchoolYear], holiday: HolidayForm, make_up: MakeUpForm
) -> HttpResponse:
    found = queries.calendar_of(year) if year else None
    choices = year_choices(years)
    context = {
        "year": year,
        "years": years,
        "tabs": [(label, f"?year={key}", year is not None and key == str(year.public_id)) for key, label in choices],
        "calendar": found,
        "week": found.week_of(today()) if found else None,
        "today": today(),
        "weekdays": WEEKDAYS,
        "holiday": holiday,
        "make_up": make_up,
        "may_write": request.actor.may(Permission.CALENDAR_WRITE, year),
    }
    return page(request, "schools/calendar.html", context, status=422 if holiday.errors or make_up.errors else 200)


def _year_to_change(request: Request, year_id: UUID) -> SchoolYear:
    year = queries.year_of(request.actor, year_id)
    require(request.actor, Permission.CALENDAR_WRITE, within=year)
    return year


def _back(year: SchoolYear, said: str) -> HttpResponse:
    answer = see_other("schools:calendar")
    answer["Location"] += f"?year={year.public_id}"
    return flash.say(answer, said)
