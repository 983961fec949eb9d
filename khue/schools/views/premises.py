"""Pages of what a school has: campuses, rooms, devices, lines to the Internet."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import actions as registry_actions
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import actions, labels, queries
from khue.schools.access import Permission
from khue.schools.forms.premises import CampusClassesForm, CampusForm, ConnectionForm, DeviceForm, RoomForm
from khue.schools.models import Connection, Device, Room

PARTS = ("rooms", "devices", "connections", "campuses")


@require_safe
def premises(request: Request) -> HttpResponse:
    """What the school has, part by part."""
    school = _school(request, Permission.PREMISES_READ)
    show = request.GET.get("show", "rooms")
    found = queries.premises_of(school)
    names = (_("Phòng"), _("Thiết bị"), _("Đường truyền"), _("Điểm trường"))
    counts = (len(found.rooms), found.things, len(found.connections), len(found.campuses) + 1)
    context = {
        "premises": found,
        "show": show if show in PARTS else "rooms",
        "tabs": [(name, f"?show={part}", part == show, n) for name, part, n in zip(names, PARTS, counts, strict=True)],
        "rooms": labels.ROOMS,
        "devices": labels.DEVICES,
        "conditions": labels.CONDITIONS,
        "connections": labels.CONNECTIONS,
        "may_write": request.actor.may(Permission.PREMISES_WRITE, school),
    }
    return page(request, "schools/premises.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def room(request: Request, public_id: UUID | None = None) -> HttpResponse:
    """Add a room, or correct one."""
    found = queries.room_of(request.actor, public_id) if public_id else None
    school = _school_of(request, found)
    initial = {name: getattr(found, name) for name in ("name", "kind", "seats")} if found else {}
    form = RoomForm(
        request.POST or None, premises=queries.premises_of(school), initial=initial | {"campus": _campus_key(found)}
    )
    if form.is_valid():
        with refusals_on(form):
            if found:
                actions.change_room(actor=request.actor, room=found, details=form.details)
            else:
                actions.add_room(actor=request.actor, organisation=school, details=form.details)
            return _saved("rooms")
    return _form_page(request, form, "rooms", _("Sửa phòng") if found else _("Thêm phòng"), found)


@require_http_methods(["GET", "HEAD", "POST"])
def device(request: Request, public_id: UUID | None = None) -> HttpResponse:
    """Add a device, or correct one."""
    found = queries.device_of(request.actor, public_id) if public_id else None
    school = _school_of(request, found)
    premises = queries.premises_of(school)
    names = ("label", "kind", "quantity", "code", "condition", "has_digital_record")
    initial = {name: getattr(found, name) for name in names} if found else {}
    place = next((each for each in premises.rooms if found and each.id == found.room_id), None)
    initial["room"] = str(place.public_id) if place else ""
    form = DeviceForm(request.POST or None, premises=premises, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            if found:
                actions.change_device(actor=request.actor, device=found, details=form.details)
            else:
                actions.add_device(actor=request.actor, organisation=school, details=form.details)
            return _saved("devices")
    return _form_page(request, form, "devices", _("Sửa thiết bị") if found else _("Thêm thiết bị"), found)


@require_http_methods(["GET", "HEAD", "POST"])
def connection(request: Request, public_id: UUID | None = None) -> HttpResponse:
    """Add a line, or correct one."""
    found = queries.connection_of(request.actor, public_id) if public_id else None
    school = _school_of(request, found)
    initial = {name: getattr(found, name) for name in ("kind", "provider", "megabits_per_second")} if found else {}
    form = ConnectionForm(
        request.POST or None, premises=queries.premises_of(school), initial=initial | {"campus": _campus_key(found)}
    )
    if form.is_valid():
        with refusals_on(form):
            if found:
                actions.change_connection(actor=request.actor, connection=found, details=form.details)
            else:
                actions.add_connection(actor=request.actor, organisation=school, details=form.details)
            return _saved("connections")
    return _form_page(request, form, "connections", _("Sửa đường truyền") if found else _("Thêm đường truyền"), found)


@require_http_methods(["GET", "HEAD", "POST"])
def campus(request: Request, public_id: UUID | None = None) -> HttpResponse:
    """Add a campus, or correct one."""
    found = queries.campus_of(request.actor, public_id) if public_id else None
    school = _school(request, Permission.PREMISES_WRITE)
    form = CampusForm(
        request.POST or None, initial={"name": found.name, "address": found.address} if found else {"name": ""}
    )
    if form.is_valid():
        with refusals_on(form):
            if found:
                registry_actions.change_campus(actor=request.actor, campus=found, **form.cleaned_data)
            else:
                registry_actions.found_campus(actor=request.actor, school=school, on=today(), **form.cleaned_data)
            return _saved("campuses")
    return _form_page(request, form, "campuses", _("Sửa điểm trường") if found else _("Thêm điểm trường"), found)


@require_http_methods(["GET", "HEAD", "POST"])
def campus_classes(request: Request, public_id: UUID) -> HttpResponse:
    """Which classes of the year learn at a campus."""
    found = queries.campus_of(request.actor, public_id)
    year = queries.year_to_plan(found.parent_id or found.id, today())
    if year is None:
        raise NotFound
    require(request.actor, Permission.CLASSES_WRITE, within=year)
    form = CampusClassesForm(
        request.POST or None, classes=queries.open_classes_of_year(request.actor, year), campus=found
    )
    if form.is_valid():
        actions.place_at_campus(actor=request.actor, school_year=year, campus=found, classes=form.chosen)
        return _saved("campuses")
    return _form_page(request, form, "campuses", found.name, None)


@require_POST
def retire(request: Request, part: str, public_id: UUID) -> HttpResponse:
    """The school has it no more."""
    try:
        if part == "campuses":
            actions.close_campus(actor=request.actor, campus=queries.campus_of(request.actor, public_id), on=today())
        else:
            actions.retire(actor=request.actor, thing=_thing(request, part, public_id), on=today())
    except Refusal as refusal:
        return flash.say(_to(part), str(refusal), tone="late")
    return flash.say(_to(part), _("Đã ghi: trường không còn dùng nữa."), tone="info")


def _thing(request: Request, part: str, public_id: UUID) -> Room | Device | Connection:
    if part == "rooms":
        return queries.room_of(request.actor, public_id)
    if part == "devices":
        return queries.device_of(request.actor, public_id)
    if part == "connections":
        return queries.connection_of(request.actor, public_id)
    raise NotFound


def _form_page(request: Request, form: object, part: str, title: str, found: object) -> HttpResponse:
    errors = getattr(form, "errors", None)
    context = {"form": form, "part": part, "title": title, "found": found}
    return page(request, "schools/premises_form.html", context, status=422 if errors else 200)


def _school(request: Request, permission: Permission) -> Organisation:
    """The school the actor looks after; the first where there are several."""
    require(request.actor, permission, within=None)
    places = registry.working_places(request.actor, permission)
    if not places:
        raise NotFound
    return places[0]


def _school_of(request: Request, found: Room | Device | Connection | None) -> Organisation:
    if found is None:
        return _school(request, Permission.PREMISES_WRITE)
    require(request.actor, Permission.PREMISES_WRITE, within=found)
    return found.organisation


def _campus_key(found: Room | Connection | None) -> str:
    place = found.campus if found else None
    return str(place.public_id) if place else ""


def _saved(part: str) -> HttpResponse:
    return flash.say(_to(part), _("Đã lưu."))


def _to(part: str) -> HttpResponse:
    answer = see_other("schools:premises")
    answer["Location"] += f"?show={part}"
    return answer
