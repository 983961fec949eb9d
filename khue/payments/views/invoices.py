"""Invoices: what a family is asked for and how to pay it; to the office, what all families are."""

from io import BytesIO
from uuid import UUID

import segno
from django.db.models import F, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from khue.foundation import clock, flash, lists, spreadsheets
from khue.foundation.errors import NotFound
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.payments import actions, banks, payment_codes, queries
from khue.payments.access import Permission
from khue.payments.forms.counter import CancelForm
from khue.payments.models import Invoice
from khue.payments.views.office import tabs

STATES = {
    "open": (gettext_lazy("Chưa nộp đủ"), Q(cancelled_at=None, paid__lt=F("total"))),
    "late": (gettext_lazy("Quá hạn"), Q(cancelled_at=None, paid__lt=F("total"))),  # and due: the list is given the day
    "paid": (gettext_lazy("Đã nộp đủ"), Q(cancelled_at=None, paid=F("total"))),
    "cancelled": (gettext_lazy("Đã huỷ"), Q(cancelled_at__isnull=False)),
}


def _state(text: str) -> str:
    if text not in STATES:
        raise ValueError(text)
    return text


def _coded(text: str) -> Q:
    return Q(id__in=payment_codes.numbers_in(text))


INVOICES: lists.Listing[Invoice] = lists.Listing(
    order=("-id",),
    search=("family__folded_name",),
    filters=(
        lists.Filter(
            "state", gettext_lazy("Tình trạng"), lambda state: STATES[state][1], parse=_state,
            choices=[(key, label) for key, (label, _rule) in STATES.items()],
        ),
        lists.Filter("code", gettext_lazy("Mã phiếu"), _coded),
        lists.Filter("from", gettext_lazy("Hạn từ ngày"), "due_on__gte", parse=lambda t: lists.day_begins(t).date()),
        lists.Filter("to", gettext_lazy("Hạn đến ngày"), "due_on__lt", parse=lambda t: lists.day_ends(t).date()),
    ),
    columns=(
        lists.Column(gettext_lazy("Mã phiếu"), lambda row: payment_codes.code_of(row.id), 18),
        lists.Column(gettext_lazy("Gia đình của"), lambda row: row.family.full_name, 30),
        lists.Column(gettext_lazy("Đợt thu"), lambda row: row.title, 30),
        lists.Column(gettext_lazy("Hạn nộp"), lambda row: row.due_on, 12),
        lists.Column(gettext_lazy("Tổng cộng"), lambda row: spreadsheets.Amount(row.total), 14),
        lists.Column(gettext_lazy("Số đã nộp"), lambda row: spreadsheets.Amount(row.paid), 14),
    ),
    size=queries.PAGE,
)  # fmt: skip


@require_safe
def invoices(request: Request) -> HttpResponse:
    """What the own family is asked for; to the office of a school, what all its families are."""
    actor, given, of_school = request.actor, request.GET.dict(), request.actor.may(Permission.MONEY_READ)
    late_on = clock.today() if given.get("state") == "late" else None
    if of_school and lists.EXPORT in given:
        return INVOICES.export(queries.listed_invoices(actor, late_on), given, _("Phiếu thu"))  # type: ignore[return-value]  # a stream
    rows = queries.listed_at_the_office if of_school and queries.owes_nothing(actor) else queries.listed_invoices
    seen = INVOICES.page(
        rows, given, of=(actor, late_on),
        named=lambda words: queries.listed_invoices_named(actor, words),
    )  # fmt: skip
    context = {
        "seen": seen,
        "of_school": of_school,
        "states": INVOICES.filters[0].choices,
        "today": clock.today(),
        "tabs": tabs(actor, "invoices") if of_school else [],
        "offers": queries.offers_to(actor) if not of_school else [],
        "families": sorted({row.family for row in seen.rows}, key=lambda family: family.id) if not of_school else [],
    }
    return page(request, "payments/invoices.html", context)


@require_safe
def invoice(request: Request, public_id: UUID) -> HttpResponse:
    """One invoice: its lines, what is paid, and the code to scan for the rest."""
    return _page(request, queries.invoice_of(request.actor, public_id), CancelForm())


@require_POST
def cancel(request: Request, public_id: UUID) -> HttpResponse:
    """Take an invoice back."""
    found = queries.invoice_of(request.actor, public_id)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    actions.cancel_invoice(
        actor=request.actor, invoice=found, reason=form.cleaned_data["reason"], on=clock.today(), at=clock.now()
    )
    return flash.say(see_other("payments:invoice", public_id), _("Đã huỷ phiếu thu."))


@require_safe
def code(request: Request, public_id: UUID) -> HttpResponse:
    """The code of an invoice as a picture to keep: a bank's application on the same phone opens it from the album."""
    found = queries.invoice_of(request.actor, public_id)
    (bill,) = queries.bills_of([found])
    scanned = "" if found.cancelled_at else queries.code_to_scan(found, bill.left)
    if not scanned:
        raise NotFound
    picture = BytesIO()
    segno.make(scanned, error="m").save(picture, kind="png", scale=12, border=4)
    response = HttpResponse(picture.getvalue(), content_type="image/png")
    response.headers["Content-Disposition"] = f'attachment; filename="{bill.code}.png"'
    return response


def _page(request: Request, found: Invoice, form: CancelForm) -> HttpResponse:
    (bill,) = queries.bills_of([found])
    scanned = "" if found.cancelled_at else queries.code_to_scan(found, bill.left)
    context = {
        "invoice": found,
        "bill": bill,
        "carried": queries.carried_over(found),
        "lines": queries.lines_of(found),
        "bank": banks.name_of(found.account.bank),
        "picture": segno.make(scanned, error="m").svg_data_uri(scale=6, border=4) if scanned else "",
        "may_write": request.actor.may(Permission.FEE_WRITE, found),
        "may_take": request.actor.may(Permission.MONEY_TAKE, found),
        "form": form,
    }
    return page(request, "payments/invoice.html", context, status=422 if form.errors else 200)
