"""Pages of figures that an office types, because no rows make them."""

from datetime import date
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
from khue.indicators.catalogue import BY_CODE, REPORTED
from khue.indicators.counts import Count
from khue.indicators.report_forms import ReportedForm


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: Request, organisation_id: UUID, code: str) -> HttpResponse:
    """Type the figure of one indicator."""
    found = queries.organisation_of(request.actor, organisation_id)
    if code not in REPORTED or not request.actor.may(Permission.FIGURE_REPORT, found):
        raise NotFound
    today = clock.today()
    counted = queries.count_of_cases(request.actor, found, code, today)
    form = ReportedForm(request.POST or None, initial=_begun(counted, today))
    if form.is_valid():
        said = form.cleaned_data
        with refusals_on(form):
            actions.report_count(
                actor=request.actor, organisation=found, code=code, about_on=said["about_on"], source=said["source"],
                count=Count(said["numerator"], said["denominator"]), at=clock.now(),
            )  # fmt: skip
            return flash.say(see_other("indicators:organisation", found.public_id), _("Đã lưu số liệu."))
    shown = {
        "organisation": found,
        "form": form,
        "indicator": BY_CODE[code],
        "counted": counted,
        "year": today.year,
        "latest": queries.reported_at(found).get(code),
    }
    return page(request, "indicators/reported.html", shown)


def _begun(counted: Count | None, today: date) -> dict[str, object]:
    """What nobody has to type because the node knows it; it may be written over."""
    if counted is None:
        return {"about_on": today}
    source = _("Hồ sơ giải quyết trên Khuê từ 01/01/%(year)s") % {"year": today.year}
    return {"about_on": today, "numerator": counted.numerator, "denominator": counted.denominator, "source": source}
