"""The page of what a school asks of its timetable."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khue.curriculum import queries as curriculum
from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import queries as schools
from khue.schools.models import Room
from khue.timetable import actions, labels, queries
from khue.timetable.access import Permission
from khue.timetable.forms import ROOM_KINDS, WishForm
from khue.timetable.models import Wish, WishKind


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: Request) -> HttpResponse:
    """What is asked, kind by kind, and a form for one more."""
    require(request.actor, Permission.TIMETABLE_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.TIMETABLE_WRITE)
    if not places:
        raise NotFound
    asked = request.GET.get("kind", "")
    kind = asked if asked in WishKind.values else WishKind.BUSY.value
    form = _form(request, places[0], kind)
    if form.is_valid():
        with refusals_on(form):
            actions.add_wish(
                actor=request.actor, organisation=places[0], details=form.details, on=form.cleaned_data["on"]
            )
            return _back(kind, _("Đã lưu yêu cầu."))
    rows = list(queries.visible_wishes(request.actor, today())[:500])
    here = reverse("timetable:wishes")
    context = {
        "form": form,
        "kind": kind,
        "title": labels.WISHES[WishKind(kind)],
        "kinds": [
            (str(name), f"{here}?kind={each.value}", each.value == kind, sum(row.kind == each for row in rows))
            for each, name in labels.WISHES.items()
        ],
        "rows": [(row, _said(row)) for row in rows if row.kind == kind],
    }
    return page(request, "timetable/wishes.html", context, status=422 if form.errors else 200)


@require_POST
def end_wish(request: Request, public_id: UUID) -> HttpResponse:
    """Ask it no more from today on."""
    wish = queries.wish_of(request.actor, public_id)
    actions.end_wish(actor=request.actor, wish=wish, on=today())
    return _back(wish.kind, _("Đã bỏ yêu cầu từ hôm nay."))


def _form(request: Request, school: Organisation, kind: str) -> WishForm:
    year = schools.year_to_plan(school.id, today())
    classes = list(schools.visible_classes(request.actor).filter(school_year=year)[:200]) if year else []
    rows = schools.visible_class_subjects(request.actor).filter(school_class__school_year=year) if year else None
    return WishForm(
        request.POST or None,
        kind=kind,
        staff=schools.staff_at(school.id, today()),
        classes=sorted(classes, key=schools.class_order),
        subjects=schools.subjects_of_year(year) if year else [],
        electives=list(rows.filter(is_elective=True)[:300]) if rows is not None else [],
        initial={"on": today(), "is_must": True},
    )


def _said(wish: Wish) -> str:
    """A wish in words: who, what, when, how much."""
    parts = [
        wish.title,
        wish.staff.person.full_name if wish.staff else "",
        curriculum.subject_named(wish.subject.name) if wish.subject else "",
        _("khối %(grade)s") % {"grade": wish.grade} if wish.grade else "",
        _("lớp %(name)s") % {"name": wish.school_class.name} if wish.school_class else "",
        str(labels.WEEKDAYS[wish.weekday]) if wish.weekday else "",
        str(labels.SESSIONS[wish.session]).lower() if wish.session or wish.kind == WishKind.SESSION else "",
        _("tiết %(number)s") % {"number": wish.period} if wish.period else "",
        str(ROOM_KINDS.get(Room.Kind(wish.room_kind), "")) if wish.room_kind else "",
        str(wish.amount) if wish.amount is not None else "",
    ]
    return " · ".join(filter(None, parts))


def _back(kind: str, text: str) -> HttpResponse:
    answer = see_other("timetable:wishes")
    answer["Location"] += f"?kind={kind}"
    return flash.say(answer, text)
