"""Pages of money: what a family is asked for and how to pay it."""

from uuid import UUID

import segno
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from khue.foundation import lists
from khue.foundation.page import page
from khue.foundation.request import Request
from khue.payments import queries
from khue.payments.access import Permission
from khue.payments.models import Invoice

INVOICES: lists.Listing[Invoice] = lists.Listing(
    order=("-id",),
    filters=(
        lists.Filter("from", _("Hạn từ ngày"), "due_on__gte", parse=lists.day_begins),
        lists.Filter("to", _("Hạn đến ngày"), "due_on__lt", parse=lists.day_ends),
    ),
    size=30,
)


@require_safe
def invoices(request: Request) -> HttpResponse:
    """What the own family is asked for; to the office of a school, what all its families are."""
    seen = INVOICES.page(queries.visible_invoices(request.actor), request.GET.dict())
    of_school = request.actor.may(Permission.MONEY_READ)
    rows = list(zip(seen.rows, queries.bills_of(seen.rows), strict=True))
    return page(request, "payments/invoices.html", {"seen": seen, "rows": rows, "of_school": of_school})


@require_safe
def invoice(request: Request, public_id: UUID) -> HttpResponse:
    """One invoice: its lines, what is paid, and the code to scan for the rest."""
    found = queries.invoice_of(request.actor, public_id)
    (bill,) = queries.bills_of([found])
    scanned = queries.code_to_scan(found, bill.left)
    context = {
        "invoice": found,
        "bill": bill,
        "lines": queries.lines_of(found),
        "picture": segno.make(scanned, error="m").svg_data_uri(scale=6, border=4) if scanned else "",
    }
    return page(request, "payments/invoice.html", context)
