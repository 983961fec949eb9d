"""Pages of the staff of a school and of its subject groups."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash
from khue.foundation.actor import Actor, require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.lists import EXPORT, Column, Filter, Listing
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.identity import queries as identity
from khue.identity.models import Role
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import actions, labels, queries
from khue.schools.access import Permission
from khue.schools.forms.staff import EndForm, GroupForm, NewGroupForm, NewStaffForm, StaffForm
from khue.schools.models import StaffMember

STAFF: Listing[StaffMember] = Listing(
    order=("person__sort_key", "id"),
    search=("person__folded_name",),
    filters=(
        Filter("group", gettext_lazy("Tổ chuyên môn"), "subject_group__public_id", parse=UUID),
        Filter("position", gettext_lazy("Công việc"), "position", choices=list(labels.POSITIONS.items())),
    ),
    columns=(
        Column(gettext_lazy("Họ và tên"), lambda row: row.person.full_name, 30),
        Column(gettext_lazy("Ngày sinh"), lambda row: str(row.person.birth), 12),
        Column(gettext_lazy("Công việc"), lambda row: str(labels.POSITIONS[row.position]), 18),
        Column(gettext_lazy("Tổ chuyên môn"), lambda row: row.subject_group.name if row.subject_group else "", 24),
        Column(gettext_lazy("Mã cán bộ"), lambda row: row.code, 14),
        Column(gettext_lazy("Làm việc từ ngày"), lambda row: row.starts_on, 14),
    ),
)


@require_safe
def staff(request: Request) -> HttpResponseBase:
    """Everybody who works at the school, found by name without diacritics."""
    require(request.actor, Permission.STAFF_READ, within=None)
    rows = queries.working_staff(request.actor, today())
    if EXPORT in request.GET:
        return STAFF.export(rows, request.GET, _("Cán bộ, giáo viên"))
    found = STAFF.page(rows, request.GET)
    places = registry.working_places(request.actor, Permission.STAFF_READ)
    groups = [group for place in places for group in queries.groups_of(place.id)]
    context = {
        "found": found,
        "led": queries.classes_led(found.rows, today()),
        "groups": [(str(group.public_id), group.name) for group in groups],
        "leaders": {group.leader_id for group in groups},
        "positions": labels.POSITIONS,
        "may_write": request.actor.may(Permission.STAFF_WRITE),
        "without": sum(len(each) for _place, each in _without_account(request.actor, places)),
    }
    return page(request, "schools/staff.html", context)


def _without_account(actor: Actor, places: Sequence[Organisation]) -> list[tuple[Organisation, list[StaffMember]]]:
    """At which of these places the actor opens accounts of staff, and who has none there. Two queries a place."""
    mine = [place for place in places if identity.may_give(actor, Role.SUBJECT_TEACHER, place)]
    return [(place, queries.staff_without_account(place.id, today())) for place in mine]


@never_cache
@require_POST
def open_accounts(request: Request) -> HttpResponse:
    """Accounts for everybody of the staff who has none, and the slips to hand out."""
    require(request.actor, Permission.STAFF_WRITE, within=None)
    slips = []
    places = registry.working_places(request.actor, Permission.STAFF_WRITE)
    for place, people in _without_account(request.actor, places):
        opened = actions.open_staff_accounts(
            actor=request.actor,
            organisation=place,
            positions={each.person_id: each.position for each in people},
            at=now(),
        )
        known = {each.person_id: each for each in people}
        slips += [
            (its.name if (its := known[each.person_id].subject_group) else "",
             {"display_name": known[each.person_id].person.full_name, "user_name": each.user_name}, each.code)
            for each in opened
            if each.code
        ]  # fmt: skip
    slips.sort(key=lambda slip: slip[0])
    return page(request, "schools/slips.html", {"roster": None, "slips": slips, "left": 0})


@require_http_methods(["GET", "HEAD", "POST"])
def new_staff(request: Request) -> HttpResponse:
    """Write down somebody who begins to work at the school."""
    school = _school(request)
    form = NewStaffForm(request.POST or None, groups=queries.groups_of(school.id), initial={"on": today()})
    if form.is_valid():
        with refusals_on(form):
            made = actions.add_staff(actor=request.actor, organisation=school, details=form.details, **form.work)
            said = _("Đã thêm %(name)s.") % {"name": made.person.full_name}
            return flash.say(see_other("schools:staff_member", made.public_id), said)
    return page(request, "schools/new_staff.html", {"form": form, "school": school}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def staff_member(request: Request, public_id: UUID) -> HttpResponse:
    """One member of the staff: what they are, lead and teach."""
    them = queries.staff_of(request.actor, public_id)
    form = _staff_form(request, them)
    if form.is_valid():
        with refusals_on(form):
            actions.change_staff(actor=request.actor, staff=them, **form.cleaned_data)
            return flash.say(see_other("schools:staff_member", public_id), _("Đã lưu."))
    return _staff_page(request, them, form, EndForm(initial={"on": today()}))


@require_POST
def end_staff(request: Request, public_id: UUID) -> HttpResponse:
    """Let somebody's work at the school end."""
    them = queries.staff_of(request.actor, public_id)
    end = EndForm(request.POST)
    if end.is_valid():
        with refusals_on(end):
            actions.end_staff(actor=request.actor, staff=them, on=end.cleaned_data["on"])
            said = _("%(name)s thôi làm việc ở trường.") % {"name": them.person.full_name}
            return flash.say(see_other("schools:staff"), said, tone="info")
    return _staff_page(request, them, _staff_form(request, them, bound=False), end)


def _staff_form(request: Request, them: StaffMember, *, bound: bool = True) -> StaffForm:
    group = them.subject_group
    initial = {
        "position": them.position,
        "code": them.code,
        "subject_group": str(group.public_id) if group else "",
    }
    data = request.POST if bound and request.method == "POST" else None
    return StaffForm(data, groups=queries.groups_of(them.organisation_id), initial=initial)


def _staff_page(request: Request, them: StaffMember, form: StaffForm, end: EndForm) -> HttpResponse:
    context = {
        "them": them,
        "form": form,
        "end": end,
        "assignments": queries.assignments_of(them, today()),
        "led": queries.classes_led([them], today()).get(them.id, []),
        "positions": labels.POSITIONS,
        "may_write": request.actor.may(Permission.STAFF_WRITE, them),
    }
    return page(request, "schools/staff_member.html", context, status=422 if form.errors or end.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: Request) -> HttpResponse:
    """The subject groups of the school, and a new one."""
    school = _school(request)
    form = NewGroupForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = actions.make_group(actor=request.actor, organisation=school, name=form.cleaned_data["name"])
            return see_other("schools:group", made.public_id)
    context = {"form": form, "rows": queries.subject_groups(school.id, today()), "school": school}
    return page(request, "schools/groups.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def group(request: Request, public_id: UUID) -> HttpResponse:
    """Who belongs to a subject group, and who leads it."""
    found = queries.group_of(request.actor, public_id)
    require(request.actor, Permission.STAFF_WRITE, within=found)
    form = GroupForm(request.POST or None, group=found, staff=queries.staff_at(found.organisation_id, today()))
    if form.is_valid():
        with refusals_on(form):
            actions.change_group(actor=request.actor, group=found, **form.given)
            return flash.say(see_other("schools:groups"), _("Đã lưu tổ."))
    return page(request, "schools/group.html", {"form": form, "group": found}, status=422 if form.errors else 200)


def _school(request: Request) -> Organisation:
    """The school the actor keeps the staff of; the first where there are several."""
    require(request.actor, Permission.STAFF_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.STAFF_WRITE)
    if not places:
        raise NotFound
    asked = request.GET.get("school", "")
    return next((place for place in places if str(place.public_id) == asked), places[0])
