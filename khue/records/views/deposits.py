"""What was handed in to the repository above, and what is still missing."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import FileResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khue.foundation import clock, files, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.records import actions, labels, queries
from khue.records.access import Permission
from khue.records.forms import ReceiptForm
from khue.records.models import Deposit

MOST = 50


@require_safe
def deposits(request: Request) -> HttpResponse:
    """The year's deposits with their receipts, and class by class what is missing."""
    return _deposits(request)


def _deposits(request: Request, failed: ReceiptForm | None = None, of: Deposit | None = None) -> HttpResponse:
    if not request.actor.may(Permission.SHEET_DEPOSIT):
        raise NotFound
    chosen, years = queries.year_to_record(request.actor, request.GET.get("year", ""), clock.today())
    rows = queries.class_rows(request.actor, chosen)
    made = list(queries.visible_deposits(request.actor, chosen)[:MOST])
    forms = [(one, failed if of == one and failed else ReceiptForm(auto_id=f"r{one.id}_%s")) for one in made]
    context = {
        "year": chosen, "years_choices": [(str(one.public_id), one.code) for one in years], "deposits": forms,
        "missing": queries.by_grade([row for row in rows if row.pupils > row.deposited]), "states": labels.STATES,
        "pupils": sum(row.pupils for row in rows), "deposited": sum(row.deposited for row in rows),
        "waiting": sum(row.done - row.deposited for row in rows),
        "without": sum(1 for one in made if not one.receipt),
    }  # fmt: skip
    return page(request, "records/deposits.html", context, status=422 if failed else 200)


@require_POST
def receipt(request: Request, deposit_id: UUID) -> HttpResponse:
    """Write down under which number it was taken."""
    found = queries.deposit_of(request.actor, deposit_id)
    form = ReceiptForm(request.POST, auto_id=f"r{found.id}_%s")
    if form.is_valid():
        with refusals_on(form):
            actions.note_receipt(
                actor=request.actor, deposit=found, receipt=form.cleaned_data["receipt"], at=clock.now()
            )
            return flash.say(see_other("records:deposits"), _("Đã ghi số tiếp nhận."))
    return _deposits(request, form, found)


@require_safe
def deposit_file(request: Request, deposit_id: UUID) -> HttpResponseBase:
    """The package as it was handed in."""
    found = queries.deposit_of(request.actor, deposit_id)
    return FileResponse(
        files.open_file(found.file), as_attachment=True, filename=found.file.name, content_type=found.file.media_type
    )
