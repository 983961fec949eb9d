"""Pages of attendance."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from khue.attendance import actions, queries
from khue.attendance.forms import KINDS, RollForm
from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.schools import queries as schools
from khue.timetable import queries as timetable


def today(request: Request) -> HttpResponse:
    """The lessons the actor gives today, with or without their roll."""
    day = _day(request.GET.get("day", ""))
    lessons = queries.lessons_to_log(schools.own_staff(request.actor), day)
    return page(request, "attendance/today.html", {"day": day, "lessons": lessons})


def roll(request: Request, slot_id: UUID, day: date) -> HttpResponse:
    """The roll of one lesson."""
    slot = timetable.slot_of(request.actor, slot_id)
    found = queries.roll_of(request.actor, slot, day)
    form = RollForm(request.POST or None, rows=found.rows, log=found.log)
    if form.is_valid():
        with refusals_on(form):
            actions.take_roll(
                actor=request.actor,
                slot=slot,
                day=day,
                absences=form.absences(),
                mode=form.cleaned_data["mode"],
                title=form.cleaned_data["title"],
                at=clock.now(),
            )
            response = see_other("attendance:today")
            flash.say(response, _("Đã điểm danh lớp %(name)s.") % {"name": slot.class_subject.school_class.name})
            return response
    may = queries.may_take(request.actor, slot)
    shown = {"slot": slot, "day": day, "roll": found, "form": form, "kinds": KINDS, "may_take": may}
    return page(request, "attendance/roll.html", shown)


def pupil(request: Request, enrolment_id: UUID) -> HttpResponse:
    """One pupil's absences this school year."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    year = enrolment.school_class.school_year
    absences = queries.absences_of(request.actor, [enrolment.id], year.starts_on, year.ends_on)
    return page(request, "attendance/pupil.html", {"enrolment": enrolment, "absences": absences})


def _day(text: str) -> date:
    if not text:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
