"""Open data for everybody: what was published, its dictionary, and the page where an office publishes."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khue.foundation import clock, flash
from khue.foundation.errors import Refusal
from khue.foundation.page import for_everybody, page, see_other
from khue.foundation.request import Request
from khue.indicators import actions, queries
from khue.indicators.dictionary import COLUMNS, LICENCE, TYPES, dictionary, open_indicators
from khue.indicators.report_forms import MonthForm, first_of


@require_safe
def index(request: Request) -> HttpResponse:
    """The published data sets."""
    sets = queries.published_sets()
    places = queries.publishing_places(request.actor)
    form = MonthForm(initial={"month": first_of(clock.today())})
    shown = {"sets": sets, "places": places, "form": form, "licence": LICENCE}
    return for_everybody(page(request, "indicators/open_data.html", shown), request)


@require_safe
def data(_request: Request, set_id: UUID) -> HttpResponse:
    """One data set as CSV."""
    found = queries.published_set(set_id)
    response = HttpResponse(found.content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="chi-so-{found.month}.csv"'
    return response


@require_safe
def describe(request: Request) -> HttpResponse:
    """The dictionary, to be read: every column of the file, and every indicator with what it counts."""
    shown = {"columns": COLUMNS, "types": TYPES, "indicators": open_indicators(), "licence": LICENCE}
    return for_everybody(page(request, "indicators/dictionary.html", shown), request)


@require_safe
def describe_as_json(_request: Request) -> HttpResponse:
    """The dictionary for programs."""
    response = JsonResponse(dictionary(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="tu-dien-du-lieu.json"'
    return response


@require_POST
def publish(request: Request, organisation_id: UUID) -> HttpResponse:
    """Publish a month of a body and all below it."""
    found = queries.organisation_of(request.actor, organisation_id)
    form, answer = MonthForm(request.POST), see_other("indicators:open_data")
    if not form.is_valid():
        return flash.say(answer, _("Hãy viết tháng như 2026-11."), tone="late")
    try:
        actions.publish_open_data(
            actor=request.actor, organisation=found, month=form.cleaned_data["month"], at=clock.now()
        )
    except Refusal as refusal:
        return flash.say(answer, str(refusal), tone="late")
    return flash.say(answer, _("Đã công bố dữ liệu mở."))
