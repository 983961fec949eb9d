"""Pages of teachers who are away and of those who give their lessons."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.timetable import actions, labels, queries
from khue.timetable.access import Permission
from khue.timetable.forms import AbsenceForm


@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: Request) -> HttpResponse:
    """Who is away, and a form for one more."""
    require(request.actor, Permission.TIMETABLE_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.TIMETABLE_WRITE)
    if not places:
        raise NotFound
    staff = schools.staff_at(places[0].id, today())
    form = AbsenceForm(request.POST or None, staff=staff, initial={"starts_on": today(), "ends_on": today()})
    if form.is_valid():
        with refusals_on(form):
            made = actions.record_absence(actor=request.actor, at=now(), **form.details)
            return see_other("timetable:absence", made.public_id)
    context = {"form": form, "absences": list(queries.visible_absences(request.actor)[:50])}
    return page(request, "timetable/absences.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: Request, public_id: UUID) -> HttpResponse:
    """The lessons of somebody who is away, and who gives them."""
    found = queries.absence_of(request.actor, public_id)
    if request.method == "POST":
        try:
            day, slot, staff = date.fromisoformat(request.POST["day"]), request.POST["slot"], request.POST["staff"]
            slot_id, staff_id = int(slot), int(staff)
        except (KeyError, ValueError):
            return flash.say(see_other("timetable:absence", public_id), _("Hãy chọn người dạy thay."), tone="late")
        try:
            actions.assign_cover(
                actor=request.actor, absence=found, slot_id=slot_id, day=day, staff_id=staff_id, at=now()
            )
        except Refusal as refusal:
            return flash.say(see_other("timetable:absence", public_id), str(refusal), tone="late")
        return flash.say(see_other("timetable:absence", public_id), _("Đã phân công và báo cho người dạy thay."))
    lessons = queries.open_lessons(found)
    days = {each.day: [lesson for lesson in lessons if lesson.day == each.day] for each in lessons}
    context = {
        "absence": found,
        "days": days,
        "missing": sum(each.cover is None for each in lessons),
        "weekdays": labels.WEEKDAYS,
        "sessions": labels.SESSIONS,
    }
    return page(request, "timetable/absence.html", context)


@require_POST
def withdraw_absence(request: Request, public_id: UUID) -> HttpResponse:
    """The teacher is there after all."""
    actions.withdraw_absence(actor=request.actor, absence=queries.absence_of(request.actor, public_id), at=now())
    return flash.say(see_other("timetable:absences"), _("Đã bỏ. Người dạy thay đã được báo."), tone="info")


@require_POST
def withdraw_cover(request: Request, public_id: UUID) -> HttpResponse:
    """Take a cover back."""
    cover = queries.cover_of(request.actor, public_id)
    actions.withdraw_cover(actor=request.actor, cover=cover, at=now())
    return flash.say(see_other("timetable:absence", cover.absence.public_id), _("Đã thôi phân công dạy thay."))
