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
from khue.foundation.ui.remembered import address
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.timetable import actions, labels, queries
from khue.timetable.access import Permission
from khue.timetable.forms import AbsenceForm
from khue.timetable.models import Absence
from khue.timetable.planning.substitutes import proposals

MOST_SHOWN, LATEST = 100, 20
#: Colleagues shown with why they were proposed; the others who are free follow by name.
MOST_PROPOSED = 12


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """What changes on single days: teachers who are away, and lessons that change places."""
    offered = [("absences", _("Dạy thay")), ("swaps", _("Đổi tiết"))]
    return [(label, address(f"timetable:{key}"), key == current) for key, label in offered]


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
    rows = queries.visible_absences(request.actor)
    present = list(rows.filter(ends_on__gte=today()).order_by("starts_on", "id")[:MOST_SHOWN])
    context = {
        "tabs": tabs("absences"),
        "form": form,
        "absences": present,
        "past": list(rows.filter(ends_on__lt=today())[:LATEST]),
        "open": queries.count_open(present, today()),
    }
    return page(request, "timetable/absences.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def absence(request: Request, public_id: UUID) -> HttpResponse:
    """The lessons of somebody who is away, and who gives them; a proposal for each, taken with one press."""
    found = queries.absence_of(request.actor, public_id)
    if request.method == "POST":
        return _assigned(request, found)
    lessons = queries.open_lessons(found)
    proposed = dict(zip(map(_name, lessons), proposals([each.candidates for each in lessons]), strict=True))
    context = {
        "absence": found,
        "days": {each.day: [lesson for lesson in lessons if lesson.day == each.day] for each in lessons},
        "missing": sum(each.cover is None for each in lessons),
        "coverable": sum(each.cover is None and bool(each.candidates) for each in lessons),
        "proposed": proposed,
        "name_of": _name,
        "first": MOST_PROPOSED,
        "weekdays": labels.WEEKDAYS,
        "sessions": labels.SESSIONS,
    }
    return page(request, "timetable/absence.html", context)


def _name(lesson: queries.OpenLesson) -> str:
    """What the choice of a lesson's substitute is called in the form."""
    return f"{lesson.slot_id}@{lesson.day.isoformat()}"


def _assigned(request: Request, found: Absence) -> HttpResponse:
    """Assign what was chosen: for the one lesson whose button was pressed, or for all."""
    here = see_other("timetable:absence", found.public_id)
    only = request.POST.get("only", "")
    try:
        chosen = [
            _substitute(name, staff)
            for name, staff in request.POST.dict().items()
            if "@" in name and staff and (name == only or not only)
        ]
        made = actions.assign_covers(actor=request.actor, absence=found, substitutes=chosen, at=now())
    except ValueError:
        return flash.say(here, _("Hãy chọn người dạy thay."), tone="late")
    except Refusal as refusal:
        return flash.say(here, str(refusal), tone="late")
    said = _("Đã phân công %(count)s tiết và báo cho người dạy thay.")
    return flash.say(here, said % {"count": len(made)})


def _substitute(name: str, staff: str) -> actions.Substitute:
    slot, _at, day = name.partition("@")
    return actions.Substitute(int(slot), date.fromisoformat(day), int(staff))


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
