"""Pages of support programmes: what was given, where it is, and who still lacks it."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, lists
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.indicators import actions, queries
from khue.indicators.models import SupportedDevice
from khue.indicators.report_forms import ProgrammeForm, ReceiveForm
from khue.indicators.views.tabs import tabs
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.schools import queries as schools

DEVICES: lists.Listing[SupportedDevice] = lists.Listing(order=("-received_on", "-id"), search=("number",))


@require_safe
def place(request: Request, organisation_id: UUID) -> HttpResponse:
    """Programmes around a body; at a school also the things it has and the pupils without."""
    found = queries.organisation_of(request.actor, organisation_id)
    shown = {
        "organisation": found,
        "tabs": tabs(request.actor, found, "support"),
        "programmes": queries.programmes(request.actor, found),
        "may_support": queries.may_support(request.actor, found),
    }
    if found.kind != Organisation.Kind.SCHOOL:
        return page(request, "indicators/support.html", {**shown, "devices": None})
    whose = (request.actor, found)
    seen = DEVICES.page(lambda: queries.devices_at(*whose), request.GET, first=lambda: queries.first_devices_at(*whose))
    lines = queries.device_lines(request.actor, seen.rows, clock.today())
    lacking = queries.pupils_without_device(request.actor, found, clock.today())
    shown |= {
        "devices": lines, "seen": seen,
        "lacking": lacking[: lists.PAGE_SIZE], "are_more": len(lacking) > lists.PAGE_SIZE,
        "classes": schools.class_names_of(found, [pupil.id for pupil in lacking], are_guardians=False),
    }  # fmt: skip
    return page(request, "indicators/support.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: Request, organisation_id: UUID) -> HttpResponse:
    """Open a programme."""
    found = _run(request, organisation_id)
    form = ProgrammeForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.make_programme(actor=request.actor, organisation=found, at=clock.now(), **form.cleaned_data)
            return flash.say(see_other("indicators:support", found.public_id), _("Đã mở chương trình."))
    shown = {"organisation": found, "form": form, "title": _("Chương trình hỗ trợ mới")}
    return page(request, "indicators/support_form.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: Request, organisation_id: UUID, programme_id: UUID) -> HttpResponse:
    """Write down what a school received."""
    found, programme = _run(request, organisation_id), queries.programme_of(programme_id)
    form = ReceiveForm(request.POST or None, initial={"on": clock.today()})
    if form.is_valid():
        with refusals_on(form):
            actions.receive_devices(actor=request.actor, programme=programme, school=found, **form.cleaned_data)
            return flash.say(see_other("indicators:support", found.public_id), _("Đã ghi nhận thiết bị."))
    return page(
        request, "indicators/support_form.html", {"organisation": found, "form": form, "title": programme.title}
    )


@require_POST
def hand(request: Request, device_id: UUID) -> HttpResponse:
    """Hand a thing to one of the pupils without a device."""
    device = queries.device_of(request.actor, device_id)
    pupil = registry.person_of(request.actor, _uuid(request.POST.get("pupil", "")))
    try:
        actions.hand_device(actor=request.actor, device=device, pupil=pupil, on=clock.today())
    except Refusal as refusal:
        return flash.say(see_other("indicators:support", device.organisation.public_id), str(refusal), tone="late")
    return flash.say(see_other("indicators:support", device.organisation.public_id), _("Đã giao thiết bị."))


@require_POST
def take_back(request: Request, device_id: UUID) -> HttpResponse:
    """Write down that a thing came back."""
    device = queries.device_of(request.actor, device_id)
    try:
        actions.take_device_back(actor=request.actor, device=device, on=clock.today())
    except Refusal as refusal:
        return flash.say(see_other("indicators:support", device.organisation.public_id), str(refusal), tone="late")
    return flash.say(see_other("indicators:support", device.organisation.public_id), _("Đã nhận lại thiết bị."))


def _run(request: Request, organisation_id: UUID) -> Organisation:
    found = queries.organisation_of(request.actor, organisation_id)
    if not queries.may_support(request.actor, found):
        raise NotFound
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
