"""The page of the Human Capital Index: its components over the years, against their targets, with what is unknown."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.indicators import actions, queries
from khue.indicators.access import Permission
from khue.indicators.human_capital import COMPONENTS, components_of
from khue.indicators.report_forms import MeasureForm
from khue.registry.models import Organisation


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: Request, organisation_id: UUID) -> HttpResponse:
    """The components at the country or a province; who answers for them types one here."""
    found = queries.organisation_of(request.actor, organisation_id)
    components = components_of(found.kind)
    if not components:
        raise NotFound
    may_type = request.actor.may(Permission.FIGURE_REPORT, found)
    if request.method == "POST" and not may_type:
        raise NotFound
    form = MeasureForm(request.POST or None, components=tuple(components.values()))
    if form.is_valid():
        with refusals_on(form):
            actions.record_measure(actor=request.actor, organisation=found, at=clock.now(), **form.cleaned_data)
            return flash.say(see_other("indicators:human_capital", found.public_id), _("Đã lưu số liệu."))
    is_country = found.kind == Organisation.Kind.MINISTRY
    shown = {
        "organisation": found,
        "courses": queries.courses_at(found),
        "components": tuple(COMPONENTS.values()),
        "provinces": queries.provinces_measured(found) if is_country else (),
        "is_country": is_country,
        "may_type": may_type,
        "form": form,
    }
    return page(request, "indicators/human_capital.html", shown, status=422 if form.errors else 200)
