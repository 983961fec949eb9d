"""Billing a school for a month: fill in, look at the draft, send."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khue.foundation import clock, flash
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.payments import actions, extensions, queries
from khue.payments.access import Permission
from khue.payments.forms.billing import BillForm
from khue.payments.views.office import school_of


@require_http_methods(["GET", "HEAD", "POST"])
def bill(request: Request) -> HttpResponse:
    """The form; with what it would send once it is filled in; sent when that was confirmed."""
    school = school_of(request, Permission.FEE_WRITE)
    today = clock.today()
    counted = [base for base, _used in extensions.used.items()]
    form = BillForm(
        request.POST or None,
        choices=extensions.groups.filling.choices(school.id, today),
        fees=queries.fees_on(request.actor, school.id, today),
        counted=counted,
        today=today,
    )
    draft = None
    if form.is_valid():
        plan = form.plan(school.id, today)
        if "send" in request.POST:
            with refusals_on(form):
                made = actions.bill(actor=request.actor, plan=plan, at=clock.now())
                said = _("Đã lập %(count)s phiếu thu.") % {"count": len(made)}
                return flash.say(see_other("payments:run", made[0].public_id), said)
        draft = queries.draft_of(plan)
    context = {"form": form, "draft": draft, "counted": counted}
    return page(request, "payments/bill.html", context, status=422 if form.errors else 200)
