"""Voluntary fees: a family says yes or no, the office writes down what was signed on paper."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khue.foundation import clock, flash
from khue.foundation.actor import require
from khue.foundation.errors import NotFound
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.payments import actions, queries
from khue.payments.access import Permission


@require_POST
def answer(request: Request) -> HttpResponse:
    """Say yes or no for a child of one's own."""
    offer = queries.offer_of(request.actor, request.POST.get("fee", ""), request.POST.get("child", ""))
    says = request.POST.get("says")
    if offer is None or says not in ("yes", "no"):
        raise NotFound
    actions.answer_fee(
        actor=request.actor, item=offer.item, child=offer.child, says_yes=says == "yes", at=clock.now()
    )  # fmt: skip
    said = _("Đã ghi: đồng ý %(fee)s.") if says == "yes" else _("Đã ghi: không tham gia %(fee)s.")
    return flash.say(see_other("payments:invoices"), said % {"fee": offer.item.name})


@require_http_methods(["GET", "HEAD", "POST"])
def of_fee(request: Request, public_id: UUID) -> HttpResponse:
    """Who wants a voluntary fee; the office writes down answers on paper."""
    item = queries.fee_of(request.actor, public_id)
    require(request.actor, Permission.FEE_WRITE, within=item)
    if not item.is_voluntary:
        raise NotFound
    text = request.POST.get("q", request.GET.get("q", ""))
    answers = queries.answers_to(item, text)
    if request.method == "POST":
        child = next((one.child for one in answers if str(one.child.public_id) == request.POST.get("child")), None)
        if child is None:
            raise NotFound
        says_yes = request.POST.get("says") == "yes"
        actions.answer_fee(actor=request.actor, item=item, child=child, says_yes=says_yes, at=clock.now())
        return flash.say(see_other("payments:answers", public_id), _("Đã lưu."))
    return page(request, "payments/answers.html", {"item": item, "answers": answers, "text": text})
