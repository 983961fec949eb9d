"""Taking rolls, with and without a line; one pupil's absences."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.attendance import actions, queries
from khue.attendance.access import Permission
from khue.attendance.actions import RollOvertaken
from khue.attendance.forms import KINDS, KINDS_AND_SKIPPED, RollForm, toned
from khue.attendance.models import LessonLog
from khue.attendance.views.days import day_of
from khue.foundation import clock, flash, offline
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.foundation.weekdays import WEEKDAYS
from khue.schools import queries as schools
from khue.timetable import queries as timetable
from khue.timetable.models import Slot


def today(request: Request) -> HttpResponse:
    """The lessons the actor gives on a day, with or without their roll. The device keeps it and the rolls to take."""
    if not request.actor.may(Permission.ROLL_READ):
        raise NotFound  # families have the pages of their children
    day = day_of(request.GET.get("day", ""))
    staff = schools.own_staff(request.actor)
    desk = queries.roll_desk(staff, day, clock.now())
    led = schools.classes_led_by(request.actor) if staff else []
    context = {
        "day": day,
        "weekday": WEEKDAYS[day.isoweekday()],
        "previous": _list_of(day - timedelta(days=1)),
        "next": _list_of(day + timedelta(days=1)) if day < clock.today() else "",
        "lessons": desk.lessons,
        "unwritten": len(desk.unwritten),
        "led": led,
        "leave_waiting": queries.waiting_leave([each.id for each in led]) if led else 0,
    }
    return offline.kept(request, page(request, "attendance/today.html", context))


def roll(request: Request, slot_id: UUID, day: date) -> HttpResponse:
    """The roll of one lesson."""
    slot = timetable.slot_of(request.actor, slot_id)
    found = queries.roll_of(request.actor, slot, day)
    form = RollForm(request.POST or None, rows=found.rows, log=found.log)
    if form.is_valid():
        with refusals_on(form):
            _take(request, slot, day, form)
            said = _("Đã điểm danh lớp %(name)s.") % {"name": slot.class_subject.school_class.name}
            return flash.say(HttpResponseRedirect(_list_of(day), status=303), said)
    shown = {
        "slot": slot,
        "period": timetable.period_on(slot.id, day) or slot.period,
        "day": day,
        "roll": found,
        "form": form,
        "back": _list_of(day),
        "kinds": toned(KINDS),
        "skipped": toned(KINDS_AND_SKIPPED),
        "may_take": queries.may_take(request.actor, slot, day),
        "seen": found.log.roll_key if found.log else None,
    }
    return offline.kept(request, page(request, "attendance/roll.html", shown))


def _list_of(day: date) -> str:
    """The list of a day's lessons; today's has no day in its address, as the device keeps it."""
    here = reverse("attendance:today")
    return here if day == clock.today() else f"{here}?day={day.isoformat()}"


@require_POST
def send(request: Request, slot_id: UUID, day: date) -> HttpResponse:
    """A roll that a device has kept: taken, or refused with what stands instead."""
    slot = timetable.slot_of(request.actor, slot_id)
    found = queries.roll_of(request.actor, slot, day)
    form = RollForm(request.POST, rows=found.rows, log=found.log)
    if not form.is_valid():
        return JsonResponse({"state": "refused", "message": _("Bản điểm danh này không đọc được.")}, status=422)
    try:
        _take(request, slot, day, form)
    except RollOvertaken as refusal:
        return JsonResponse({"state": "conflict", "message": str(refusal), **_standing(found)}, status=409)
    except Refusal as refusal:
        return JsonResponse({"state": "refused", "message": str(refusal)}, status=422)
    return JsonResponse({"state": "saved"})


def _take(request: Request, slot: Slot, day: date, form: RollForm) -> LessonLog:
    at = clock.now()
    return actions.take_roll(
        actor=request.actor,
        slot=slot,
        day=day,
        absences=form.absences(),
        minutes=form.minutes(),
        mode=form.cleaned_data["mode"],
        title=form.cleaned_data["title"],
        stamp=form.stamp(at),
        reason=form.cleaned_data["reason"],
        at=at,
    )


def _standing(found: queries.Roll) -> dict[str, object]:
    """The roll that holds, for the page to show beside the one of the device."""
    key = found.log.roll_key if found.log else None
    kinds = {str(row.enrolment_id): row.kind for row in found.rows if row.kind}
    return {"seen": str(key) if key else "", "kinds": kinds}


def pupil(request: Request, enrolment_id: UUID) -> HttpResponse:
    """One pupil's absences this school year."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    year = enrolment.school_class.school_year
    absences = queries.absences_of(request.actor, [enrolment.id], year.starts_on, year.ends_on)
    counted = queries.sessions_absent([enrolment.id], year.starts_on, year.ends_on)
    context = {
        "enrolment": enrolment,
        "absences": absences,
        "sessions": counted.get(enrolment.id),
        "may_ask": queries.may_ask(request.actor, enrolment),
        "reads_class": request.actor.may(Permission.ROLL_READ, enrolment),
    }
    return page(request, "attendance/pupil.html", context)
