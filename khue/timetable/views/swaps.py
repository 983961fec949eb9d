"""Pages of lessons that change places on one day."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khue.foundation import clock, flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import Refusal
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.schools import queries as schools
from khue.timetable import actions, labels, queries
from khue.timetable.access import Permission
from khue.timetable.forms import SwapForm
from khue.timetable.views.absences import tabs

LATEST = 20


@require_http_methods(["GET", "HEAD", "POST"])
def swaps(request: Request) -> HttpResponse:
    """Choose a class and a day, then which lesson changes places with which; below, what was arranged."""
    require(request.actor, Permission.TIMETABLE_WRITE, within=None)
    offered = sorted(schools.classes_between(request.actor, today(), today()), key=schools.class_order)
    form = SwapForm(request.GET if "class" in request.GET else None, classes=offered, first=today())
    is_asked = form.is_valid()
    if is_asked and request.method == "POST":
        return _swapped(request, form)
    rows = list(queries.visible_swaps(request.actor)[:LATEST])
    context = {
        "tabs": tabs("swaps"),
        "form": form,
        "exchanges": queries.exchanges(form.school_class.organisation_id, form.school_class.id, form.day_chosen)
        if is_asked
        else None,
        "swaps": rows,
        "moved": queries.moved_by(rows),
        "said": labels.clash_sentence,
        "period_name": labels.period_name,
        "weekdays": labels.WEEKDAYS,
        "today": today(),
    }
    return page(request, "timetable/swaps.html", context, status=422 if form.errors else 200)


def _swapped(request: Request, form: SwapForm) -> HttpResponse:
    """Exchange the lesson whose button was pressed with what was chosen beside it."""
    here = see_other("timetable:swaps")
    here["Location"] += f"?class={form.school_class.public_id}&day={form.day_chosen.isoformat()}"
    slot = request.POST.get("only", "")
    chosen = request.POST.get(f"with-{slot}", "")
    if not (slot + chosen).isascii() or not slot.isdecimal() or not chosen.isdecimal():
        return flash.say(here, _("Hãy chọn tiết muốn đổi với."), tone="late")
    try:
        actions.swap_lessons(
            actor=request.actor, school_class=form.school_class, day=form.day_chosen, slots=(int(slot), int(chosen)),
            reason=request.POST.get("reason", "")[:200], at=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        return flash.say(here, str(refusal), tone="late")
    return flash.say(here, _("Đã đổi tiết và báo cho giáo viên, học sinh và phụ huynh của lớp."))


@require_POST
def take_back(request: Request, public_id: UUID) -> HttpResponse:
    """The lessons are where the week's plan has them."""
    swap = queries.swap_of(request.actor, public_id)
    here = see_other("timetable:swaps")
    try:
        actions.take_back_swap(actor=request.actor, swap=swap, at=clock.now())
    except Refusal as refusal:
        return flash.say(here, str(refusal), tone="late")
    return flash.say(here, _("Đã bỏ đổi tiết; mọi người được báo lại."), tone="info")
