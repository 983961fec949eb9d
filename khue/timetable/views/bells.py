"""Pages of the hours of periods at each campus, and of the ways between campuses."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.timetable import actions, queries
from khue.timetable.access import Permission
from khue.timetable.forms import BellsForm, WaysForm
from khue.timetable.planning.ways import Bells


@require_http_methods(["GET", "HEAD", "POST"])
def bells(request: Request) -> HttpResponse:
    """When each period begins and ends, campus by campus."""
    school = _school(request)
    campuses = schools.campuses_of(school)
    asked = request.GET.get("campus", "")
    campus = next((each for each in campuses if str(each.public_id) == asked), None)
    if asked and campus is None:
        raise NotFound
    known = queries.own_bells(school.id)
    is_proposed = not known and campus is None
    shown = _proposed(school) if is_proposed else known.get(campus.id if campus else None, {})
    form = BellsForm(request.POST or None, bells=shown)
    here = reverse("timetable:bells")
    if form.is_valid():
        with refusals_on(form):
            actions.set_bells(actor=request.actor, organisation=school, campus=campus, bells=form.bells)
            answer = see_other("timetable:bells")
            answer["Location"] += f"?campus={asked}" if asked else ""
            return flash.say(answer, _("Đã lưu giờ vào tiết."))
    context = {
        "form": form,
        "campus": campus,
        "is_proposed": is_proposed,
        "follows_main": campus is not None and campus.id not in known,
        "tabs": [(school.name, here, campus is None)]
        + [(each.name, f"{here}?campus={each.public_id}", each == campus) for each in campuses],
        "has_campuses": bool(campuses),
    }
    return page(request, "timetable/bells.html", context, status=422 if form.errors else 200)


def _proposed(school: Organisation) -> Bells:
    year = schools.year_to_plan(school.id, today())
    return queries.proposed_bells(school, schools.grades_of_year(year) if year else ())


@require_http_methods(["GET", "HEAD", "POST"])
def ways(request: Request) -> HttpResponse:
    """How long the ways between campuses take, and what that costs in periods."""
    school = _school(request)
    pairs, minutes = queries.pairs_of(school), queries.minutes_between(school.id)
    form = WaysForm(request.POST or None, pairs=pairs, minutes=minutes)
    if pairs and form.is_valid():
        with refusals_on(form):
            actions.set_ways(actor=request.actor, organisation=school, minutes=form.minutes)
            return flash.say(see_other("timetable:ways"), _("Đã lưu thời gian đi lại."))
    free = queries.ways_of(school.id)
    costs = [
        (name, other_name, free[frozenset({one, other})])
        for (one, name), (other, other_name) in pairs
        if frozenset({one, other}) in free
    ]
    context = {"form": form, "pairs": pairs, "costs": costs, "unknown": bool(minutes) and not costs}
    return page(request, "timetable/ways.html", context, status=422 if form.errors else 200)


def _school(request: Request) -> Organisation:
    require(request.actor, Permission.TIMETABLE_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.TIMETABLE_WRITE)
    if not places:
        raise NotFound
    return places[0]
