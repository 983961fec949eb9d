"""How the school counts meals: what holds, what held, and the form for what will hold."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khue.attendance import actions, queries
from khue.attendance.access import Permission
from khue.attendance.forms import DAYS, SESSIONS, MealRulesForm
from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry


@require_http_methods(["GET", "HEAD", "POST"])
def meals(request: Request) -> HttpResponse:
    """Which presence is a meal, from which day on."""
    places = registry.working_places(request.actor, Permission.LOG_RULES)
    if not places:
        raise NotFound
    first = clock.today().replace(day=1)
    form = MealRulesForm(
        request.POST or None, initial={"valid_from": first, "session": "am", "weekdays": list("12345")}
    )
    if form.is_valid():
        filled = form.cleaned_data
        with refusals_on(form):
            actions.set_meal_rules(
                actor=request.actor, organisation_id=places[0].id, valid_from=filled["valid_from"],
                session=filled["session"], weekdays="".join(filled["weekdays"]), cut_off=filled["cut_off"],
                at=clock.now(),
            )  # fmt: skip
            return flash.say(see_other("attendance:meals"), _("Đã lưu cách tính bữa ăn."))
    context = {
        "form": form,
        "rules": queries.meal_rules(places[0].id),
        "sessions": dict(SESSIONS),
        "weekdays": dict(DAYS),
    }
    return page(request, "attendance/meals.html", context, status=422 if form.errors else 200)
