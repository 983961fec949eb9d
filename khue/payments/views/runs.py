"""Runs of invoices: how far each has come, class by class; reminding, and taking a whole run back."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khue.foundation import clock, flash, spreadsheets
from khue.foundation.errors import Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.spreadsheets import Cell
from khue.payments import actions, queries
from khue.payments.access import Permission
from khue.payments.forms.counter import CancelForm
from khue.payments.queries.runs import Asked
from khue.payments.views.office import school_of, tabs

#: Families shown of one class, or of all who have not paid; the sheet has everybody.
MOST_SHOWN = 200


@require_safe
def runs(request: Request) -> HttpResponse:
    """What was billed in the last year, and how far each run has come."""
    school = school_of(request, Permission.MONEY_READ)
    context = {
        "tabs": tabs(request.actor, "runs"),
        "runs": queries.runs_of(request.actor, school.id, clock.today()),
        "today": clock.today(),
        "may_write": request.actor.may(Permission.FEE_WRITE, school),
    }
    return page(request, "payments/runs.html", context)


@require_safe
def run(request: Request, public_id: UUID) -> HttpResponseBase:
    """One run by class, who of a class has not paid, and all of it as a sheet."""
    found = queries.run_of(request.actor, public_id)
    if "export" in request.GET:
        return spreadsheets.download(found.title, *_sheet(queries.invoices_of_run(found)))
    return _page(request, found, CancelForm())


def _page(request: Request, found: queries.Run, form: CancelForm) -> HttpResponse:
    asked = queries.invoices_of_run(found)
    group = request.GET.get("class")
    unpaid = [one for one in asked if one.left and (group is None or one.group == group)]
    context = {
        "run": found,
        "groups": queries.by_group(asked),
        "group": group,
        "unpaid": unpaid[:MOST_SHOWN],
        "more": max(len(unpaid) - MOST_SHOWN, 0),
        "today": clock.today(),
        "may_write": request.actor.may(Permission.FEE_WRITE, found.organisation_id),
        "form": form,
    }
    return page(request, "payments/run.html", context, status=422 if form.errors else 200)


def _sheet(asked: Iterable[Asked]) -> tuple[list[tuple[str, int]], list[tuple[Cell, ...]]]:
    columns = [
        (_("Lớp"), 10), (_("Gia đình của"), 30), (_("Mã phiếu"), 18), (_("Tổng cộng"), 14), (_("Số đã nộp"), 14),
        (_("Còn phải nộp"), 14), (_("Hạn nộp"), 12), (_("Tình trạng"), 16),
    ]  # fmt: skip
    return columns, [
        (one.group, one.family, one.code, one.total, one.paid, one.left, one.due_on, _state(one)) for one in asked
    ]


def _state(one: Asked) -> str:
    if one.is_cancelled:
        return _("Đã huỷ")
    if not one.left:
        return _("Đã nộp đủ")
    return _("Nộp một phần") if one.paid else _("Chưa nộp")


@require_POST
def remind(request: Request, public_id: UUID) -> HttpResponse:
    """Remind the families that have not paid."""
    found = queries.run_of(request.actor, public_id)
    try:
        count = actions.remind_families(actor=request.actor, run=found, on=clock.today())
    except Refusal as refusal:
        return flash.say(see_other("payments:run", public_id), str(refusal), tone="late")
    return flash.say(see_other("payments:run", public_id), _("Đã nhắc %(count)s gia đình.") % {"count": count})


@require_POST
def cancel(request: Request, public_id: UUID) -> HttpResponse:
    """Take the whole run back."""
    found = queries.run_of(request.actor, public_id)
    form = CancelForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            count = actions.cancel_run(
                actor=request.actor, run=found, reason=form.cleaned_data["reason"], on=clock.today(), at=clock.now()
            )
            said = _("Đã huỷ %(count)s phiếu thu. Tiền đã nộp vẫn là của gia đình và trả cho phiếu sau.")
            return flash.say(see_other("payments:run", public_id), said % {"count": count})
    return _page(request, found, form)
