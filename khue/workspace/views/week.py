"""The week of the office, and booking."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash
from khue.foundation.actor import Actor, require
from khue.foundation.clock import now, today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.weekdays import WEEKDAYS
from khue.registry import queries as registry
from khue.workspace import actions, queries
from khue.workspace.access import Permission
from khue.workspace.forms.office import OccasionForm, VenueForm
from khue.workspace.views.tabs import tabs


@require_safe
def week(request: Request) -> HttpResponse:
    """Seven days; on a phone one below the other."""
    require(request.actor, Permission.WORK, within=None)
    monday = _monday(request.GET.get("week", ""))
    sunday = monday + timedelta(days=6)
    away = queries.away_between(request.actor, monday, sunday)
    context = {
        "days": [
            (name, day, [each for each in away if each.first_day <= day.on <= each.last_day])
            for name, day in zip(WEEKDAYS.values(), queries.week(request.actor, monday), strict=True)
        ],
        "monday": monday,
        "sunday": sunday,
        "previous": (monday - timedelta(days=7)).isoformat(),
        "following": (monday + timedelta(days=7)).isoformat(),
        "tabs": tabs("week"),
        "today": today(),
        "me": request.actor.person_id,
        "may_keep": request.actor.may(Permission.REGISTER_WRITE),
    }
    return page(request, "workspace/week.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: Request) -> HttpResponse:
    """Put something into the week, and book its venue."""
    require(request.actor, Permission.WORK, within=None)
    office = queries.offices(request.actor)[0]
    asked = {name: request.GET[name] for name in ("starts", "ends", "venue") if name in request.GET}
    on = _day(request.GET.get("on", ""))
    form = OccasionForm(request.POST or None, venues=queries.venues(office.id), initial={"on": on, **asked})
    if form.is_valid():
        with refusals_on(form):
            said = _planned(request.actor, office.id, form)
            answer = see_other("workspace:week")
            answer["Location"] += f"?week={form.cleaned_data['on'].isoformat()}"
            return flash.say(answer, said)
    context = {"form": form, "title": _("Đặt lịch")}
    return page(request, "workspace/week_form.html", context, status=422 if form.is_bound else 200)


def _planned(actor: Actor, office_id: int, form: OccasionForm) -> str:
    wish = {
        "actor": actor,
        "organisation_id": office_id,
        "title": form.cleaned_data["title"],
        "attended_by": form.cleaned_data["attended_by"],
        "starts_at": form.at("starts"),
        "ends_at": form.at("ends"),
        "venue": form.chosen_venue,
    }
    until = form.cleaned_data["until"]
    if until is None:
        return _("Đã đặt lịch: %(title)s.") % {"title": actions.plan_occasion(**wish).title}
    made = actions.plan_series(**wish, until=until)
    return _("Đã đặt %(count)s buổi: %(title)s.") % {"count": len(made), "title": made[0].title}


@require_POST
def cancel(request: Request, public_id: UUID) -> HttpResponse:
    """Take something out of the week."""
    found = queries.occasion_of(request.actor, public_id)
    if request.POST.get("series"):
        count = actions.cancel_series(actor=request.actor, occasion=found, at=now())
        return flash.say(see_other("workspace:week"), _("Đã huỷ %(count)s buổi từ buổi này về sau.") % {"count": count})
    actions.cancel_occasion(actor=request.actor, occasion=found, at=now())
    return flash.say(see_other("workspace:week"), _("Đã huỷ lịch."))


@require_http_methods(["GET", "HEAD", "POST"])
def add_venue(request: Request) -> HttpResponse:
    """Add something that can be booked."""
    require(request.actor, Permission.REGISTER_WRITE, within=None)
    office = registry.working_places(request.actor, Permission.REGISTER_WRITE)[0]
    form = VenueForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.add_venue(actor=request.actor, organisation_id=office.id, **form.cleaned_data)
            return flash.say(see_other("workspace:week"), _("Đã thêm. Từ nay đặt lịch được."))
    context = {"form": form, "title": _("Thêm phòng, thiết bị để đặt lịch")}
    return page(request, "workspace/week_form.html", context, status=422 if form.is_bound else 200)


def _monday(text: str) -> date:
    """The Monday of the week that the address asks for; of this week where it means nothing."""
    day = _day(text)
    return day - timedelta(days=day.weekday())


def _day(text: str) -> date:
    """The day that the address asks for; today where it means nothing."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today()
    return day if 2000 <= day.year < 2100 else today()
