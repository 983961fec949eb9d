"""Pages that put right what classes were told, and take it back."""

from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.messaging import actions, queries
from khue.messaging.forms.announcements import CorrectionForm, WithdrawalForm
from khue.messaging.models import Announcement


def _to_change(request: Request, public_id: UUID) -> Announcement:
    found, _reach = queries.followed_announcement(request.actor, public_id)
    if not queries.may_change(request.actor, found):
        raise NotFound
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, public_id: UUID) -> HttpResponse:
    """Put right what was told."""
    found = _to_change(request, public_id)
    form = CorrectionForm(request.POST or None, initial={"subject": found.subject, "body": found.body})
    if form.is_valid():
        with refusals_on(form), transaction.atomic():
            count = actions.correct_announcement(
                actor=request.actor, announcement=found, at=clock.now(), **form.cleaned_data
            )
            said = ngettext("Đã đính chính tới %(count)s phiếu.", "Đã đính chính tới %(count)s phiếu.", count)
            return flash.say(see_other("messaging:announcement", public_id), said % {"count": count})
    context = {"announcement": found, "form": form, "withdraws": False}
    return page(request, "messaging/announcement_change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, public_id: UUID) -> HttpResponse:
    """Take back what was told."""
    found = _to_change(request, public_id)
    form = WithdrawalForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form), transaction.atomic():
            actions.withdraw_announcement(actor=request.actor, announcement=found, at=clock.now(), **form.cleaned_data)
            said = _("Đã thu hồi. Mọi người đã nhận được báo lí do.")
            return flash.say(see_other("messaging:announcement", public_id), said)
    context = {"announcement": found, "form": form, "withdraws": True}
    return page(request, "messaging/announcement_change.html", context, status=422 if form.errors else 200)
