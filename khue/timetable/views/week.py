"""The weekly timetable: of a class, a teacher or a room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import NotFound
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.foundation.ui.remembered import address
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.schools.models import StaffMember
from khue.timetable import queries
from khue.timetable.access import Permission
from khue.timetable.labels import WEEKDAYS

#: Weeks that may be asked for; the ends of the calendar have no neighbours.
YEARS = range(2000, 2100)


#: Of one family.
MOST_SCHOOLS = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose week is shown: a choice of the select, what it is called, and the week; None where nothing can be shown.

    place  the school's name, where the choices are of several
    """

    title: str
    choices: list[tuple[str, str]]
    chosen: str
    organisation_id: int
    plan: queries.WeekPlan | None
    grade: int | None = None
    place: str = ""


@require_safe
def week(request: Request) -> HttpResponse:
    """One week of a class, of a teacher or of a room, with its holidays."""
    require(request.actor, Permission.TIMETABLE_READ, within=None)
    monday = _monday(request.GET.get("week", ""))
    may_see_all = request.actor.may(Permission.TIMETABLE_WRITE)
    own = [] if may_see_all else schools.own_staff(request.actor)
    of_teacher = bool(own)
    views: dict[str, Callable[[Request, date], Shown]] = {
        "class": _of_classes, "teacher": partial(_of_teachers, own=own), "room": _of_rooms,
    }  # fmt: skip
    view = request.GET.get("view") or ("teacher" if of_teacher else "class")
    if view not in views:
        raise NotFound
    shown = views[view](request, monday)
    number = _number(shown.organisation_id, monday)
    context = {
        "shown": shown,
        "view": view,
        "tabs": _tabs(view, monday, may_see_all, may_see_all or of_teacher),
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "number": number,
        "names": queries.week_names(shown.plan, shown.organisation_id, shown.grade) if shown.plan else None,
        "previous": _address(view, shown.chosen, monday - timedelta(days=7)),
        "next": _address(view, shown.chosen, monday + timedelta(days=7)),
        "present": _address(view, shown.chosen, _monday("")),
        "today": today(),
        "may_plan": may_see_all,
        "weekdays": WEEKDAYS,
    }
    return page(request, "timetable/week.html", context, fragment="week")


def _of_classes(request: Request, monday: date) -> Shown:
    sunday = monday + timedelta(days=6)
    offered = schools.classes_between(request.actor, monday, sunday)
    asked = request.GET.get("of", "")
    if asked:
        wanted = _uuid(asked)
        found = next((each for each in offered if each.public_id == wanted), None)
        found = found or schools.class_of(request.actor, wanted)  # of another year
    elif offered:
        found = offered[0]
    else:
        return Shown(_("Thời khoá biểu"), [], "", 0, None)
    schools_of = _schools_of_children({each.organisation_id for each in offered})
    choices = [
        (str(each.public_id), f"{each.name} · {schools_of[each.organisation_id]}" if schools_of else each.name)
        for each in sorted(offered, key=schools.class_order)
    ]
    title = _("Thời khoá biểu lớp %(name)s") % {"name": found.name}
    plan = queries.week_of_class(found, monday)
    place = schools_of.get(found.organisation_id, "")
    return Shown(title, choices, str(found.public_id), found.organisation_id, plan, found.grade, place)


def _schools_of_children(places: set[int]) -> dict[int, str]:
    """What follows the name of a class where a family has children at several schools: each of them has a 6A1."""
    few = registry.organisations_with(places) if 1 < len(places) <= MOST_SCHOOLS else []
    return {each.id: each.name for each in few}


def _of_teachers(request: Request, monday: date, *, own: Sequence[StaffMember]) -> Shown:
    offered = queries.visible_teachers(request.actor, today(), own)
    choices = [(str(each.public_id), each.person.full_name) for each in offered]
    asked = request.GET.get("of", "")
    mine = next((each for each in offered if each.person_id == request.actor.person_id), None)
    first = mine or next(iter(offered), None)
    found = next((each for each in offered if str(each.public_id) == asked), None) if asked else first
    if found is None and (asked or not request.actor.may(Permission.TIMETABLE_WRITE)):
        raise NotFound
    if found is None:  # an office whose school has nobody on its list yet
        return Shown(_("Thời khoá biểu"), [], "", 0, None)
    title = _("Thời khoá biểu của %(name)s") % {"name": found.person.full_name}
    return Shown(title, choices, str(found.public_id), found.organisation_id, queries.week_of_teacher(found, monday))


def _of_rooms(request: Request, monday: date) -> Shown:
    require(request.actor, Permission.TIMETABLE_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.TIMETABLE_WRITE)
    offered = schools.premises_of(places[0]).rooms if places else []
    asked = request.GET.get("of", "")
    found = schools.room_of(request.actor, _uuid(asked)) if asked else next(iter(offered), None)
    if found is None:
        return Shown(_("Thời khoá biểu"), [], "", 0, None)
    choices = [(str(each.public_id), each.name) for each in offered]
    title = _("Thời khoá biểu phòng %(name)s") % {"name": found.name}
    return Shown(title, choices, str(found.public_id), found.organisation_id, queries.week_of_room(found, monday))


def _number(organisation_id: int, monday: date) -> int | None:
    """The number of the teaching week; None in a week without school."""
    year = schools.school_year_on(organisation_id, monday + timedelta(days=6))
    if year is None:
        return None
    sunday = monday + timedelta(days=6)
    weeks = schools.teaching_weeks(year)
    return next((each.number for each in weeks if each.starts_on <= sunday and each.ends_on >= monday), None)


def _tabs(view: str, monday: date, rooms: bool, teachers: bool) -> list[tuple[str, str, bool]]:
    offered = [("class", _("Lớp"), True), ("teacher", _("Giáo viên"), teachers), ("room", _("Phòng"), rooms)]
    return [(label, _address(key, "", monday), key == view) for key, label, may in offered if may]


def _address(view: str, of: str, monday: date) -> str:
    return f"{address('timetable:week')}?view={view}{f'&of={of}' if of else ''}&week={monday.isoformat()}"


def _monday(text: str) -> date:
    try:
        day = date.fromisoformat(text) if text else today()
    except ValueError:
        raise NotFound from None
    if day.year not in YEARS:
        raise NotFound
    return day - timedelta(days=day.weekday())


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
