"""The board's month: the logs of all classes, signed together; and how the school keeps them."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from khue.attendance import actions, queries
from khue.attendance.access import Permission
from khue.attendance.forms import LogRulesForm, RemarkForm
from khue.attendance.views.days import day_of
from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.schools import queries as schools
from khue.schools.models import SchoolClass


def months(request: Request) -> HttpResponse:
    """The logs of all classes in a month: the board looks and signs."""
    place = _place(request)
    month = day_of(request.GET.get("month", "") or request.POST.get("month", "")).replace(day=1)
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    classes = _classes(request, place, month, last)
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        chosen = set(request.POST.getlist("class"))
        with refusals_on(form):
            signed = actions.sign_months(
                actor=request.actor,
                classes=[each for each in classes if str(each.public_id) in chosen],
                month=month,
                remark=form.cleaned_data["remark"],
                at=clock.now(),
            )
            response = see_other("attendance:months")
            response.headers["Location"] += f"?month={month.isoformat()}"
            return flash.say(response, _("Đã kí sổ đầu bài của %(count)s lớp.") % {"count": len(signed)})
    rules = queries.log_rules(place)
    context = {
        "month": month,
        "previous": (month - timedelta(days=1)).replace(day=1),
        "next": last + timedelta(days=1),
        "lines": queries.months_of(classes, month, last),
        "form": form,
        "may_sign": request.actor.may(Permission.LOG_SIGN, place),
        "is_over": clock.today() > last,
        "rules": LogRulesForm(initial={"rating": rules.rating, "one_session": rules.one_session}),
    }
    return page(request, "attendance/months.html", context)


def _place(request: Request) -> int:
    places = registry.working_places(request.actor, Permission.LOG_RULES)
    if not places:
        raise NotFound
    return places[0].id


def _classes(request: Request, place: int, month: date, last: date) -> list[SchoolClass]:
    found = schools.classes_between(request.actor, month, last)
    return [each for each in found if each.organisation_id == place]


@require_POST
def rules(request: Request) -> HttpResponse:
    """Set how the school keeps its logs."""
    place = _place(request)
    form = LogRulesForm(request.POST)
    if not form.is_valid():
        raise NotFound
    actions.set_log_rules(
        actor=request.actor,
        organisation_id=place,
        rating=form.cleaned_data["rating"],
        one_session=form.cleaned_data["one_session"],
    )
    return flash.say(see_other("attendance:months"), _("Đã lưu cách ghi sổ đầu bài."))
