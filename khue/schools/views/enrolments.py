"""Pages of one pupil's place: into a class, to another one, out of it."""

from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.schools import actions, queries
from khue.schools.access import Permission
from khue.schools.forms.classes import EnrolForm, LeaveForm, MoveForm, NewPupilForm
from khue.schools.models import Enrolment, SchoolClass


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: Request, public_id: UUID) -> HttpResponse:
    """Find a pupil the school knows, or write down a new one."""
    school_class = _class_to_fill(request, public_id)
    day = _first_day(school_class)
    form = NewPupilForm(request.POST or None, initial={"on": day})
    if form.is_valid():
        with refusals_on(form):
            made = actions.enrol_new_pupil(
                actor=request.actor, school_class=school_class, details=form.details, on=form.cleaned_data["on"]
            )
            return _said_enrolled(made, school_class)
    text = request.GET.get("q", "")[:100].replace("\x00", "")
    found = registry.people_named(request.actor, text=text, kind="pupil").rows if text else []
    places = queries.classes_of_people(school_class.organisation_id, [row.public_id for row in found], day)
    context = {
        "school_class": school_class,
        "form": form,
        "text": text,
        "found": sorted(found, key=lambda row: row.public_id in places),
        "places": places,
        "on": EnrolForm(initial={"on": day}),
    }
    return page(request, "schools/enrol.html", context, status=422 if form.errors else 200)


@require_POST
def enrol_known(request: Request, public_id: UUID, person_id: UUID) -> HttpResponse:
    """Put a pupil whom the school knows into the class."""
    school_class = _class_to_fill(request, public_id)
    person = registry.person_of(request.actor, person_id)
    form = EnrolForm(request.POST)
    if not form.is_valid():
        return flash.say(see_other("schools:enrol", public_id), _("Ngày vào lớp chưa đúng."), tone="late")
    try:
        made = actions.enrol_pupil(
            actor=request.actor, school_class=school_class, person=person, on=form.cleaned_data["on"]
        )
    except Refusal as refusal:
        return flash.say(see_other("schools:enrol", public_id), str(refusal), tone="late")
    return _said_enrolled(made, school_class)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, public_id: UUID) -> HttpResponse:
    """Move a pupil to another class of the year."""
    enrolment = _place_to_change(request, public_id)
    here = enrolment.school_class
    form = MoveForm(request.POST or None, classes=queries.classes_beside(here), on=_first_day(here))
    if form.is_valid():
        with refusals_on(form):
            actions.move_pupil(actor=request.actor, enrolment=enrolment, **form.cleaned_data)
            said = _("%(name)s chuyển sang lớp %(there)s từ %(day)s.") % {
                "name": enrolment.person.full_name,
                "there": form.cleaned_data["school_class"].name,
                "day": f"{form.cleaned_data['on']:%d/%m/%Y}",
            }
            return flash.say(see_other("schools:class", here.public_id), said)
    context = {"enrolment": enrolment, "form": form}
    return page(request, "schools/move.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: Request, public_id: UUID) -> HttpResponse:
    """Let a pupil leave the class."""
    enrolment = _place_to_change(request, public_id)
    here = enrolment.school_class
    form = LeaveForm(request.POST or None, initial={"on": _first_day(here)})
    if form.is_valid():
        with refusals_on(form):
            actions.end_enrolment(actor=request.actor, enrolment=enrolment, **form.cleaned_data)
            said = _("Đã ghi: %(name)s rời lớp.") % {"name": enrolment.person.full_name}
            return flash.say(see_other("schools:class", here.public_id), said)
    context = {"enrolment": enrolment, "form": form}
    return page(request, "schools/leave.html", context, status=422 if form.errors else 200)


def _class_to_fill(request: Request, public_id: UUID) -> SchoolClass:
    school_class = queries.class_of(request.actor, public_id)
    require(request.actor, Permission.CLASSES_WRITE, within=school_class)
    return school_class


def _place_to_change(request: Request, public_id: UUID) -> Enrolment:
    enrolment = queries.enrolment_of(request.actor, public_id)
    require(request.actor, Permission.CLASSES_WRITE, within=enrolment)
    return enrolment


def _first_day(school_class: SchoolClass) -> date:
    return max(today(), school_class.school_year.starts_on)


def _said_enrolled(made: Enrolment, school_class: SchoolClass) -> HttpResponse:
    said = _("%(name)s vào lớp %(there)s.") % {"name": made.person.full_name, "there": school_class.name}
    return flash.say(see_other("schools:class", school_class.public_id), said)
