"""Proving an e-mail address: asking for the link, and opening it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from khue.foundation import flash
from khue.foundation.clock import now
from khue.foundation.errors import Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.identity import actions, queries
from khue.identity.doors import SignedRequest
from khue.identity.forms import EmailForm
from khue.identity.views.account import confirm_first


@never_cache
@require_http_methods(["GET", "POST"])
def ask(request: SignedRequest) -> HttpResponse:
    """Have a link sent to an address of one's own, known to the node or new."""
    if early := confirm_first(request):
        return early
    form = EmailForm(request.POST or None, initial={"email": request.GET.get("email", "")[:254]})
    if form.is_valid():
        with refusals_on(form):
            where = request.build_absolute_uri(reverse("identity:emails"))
            actions.ask_to_prove_email(actor=request.actor, page=where, at=now(), **form.cleaned_data)
            said = _("Đã gửi liên kết. Hãy mở hộp thư và bấm vào liên kết trong vòng 24 giờ.")
            return flash.say(see_other("identity:account"), said)
    return page(request, "identity/ask_email.html", {"form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def prove(request: HttpRequest, proof: str) -> HttpResponse:
    """The mailed link. Opening it only shows the address, for programs open links too; the button proves it."""
    refused = ""
    if request.method == "POST":
        try:
            actions.prove_email(proof=proof, at=now())
            return flash.say(see_other("identity:account"), _("Đã xác minh địa chỉ thư điện tử."))
        except Refusal as refusal:
            refused = str(refusal)
    context = {"email": queries.email_to_prove(proof, at=now()), "refused": refused}
    return page(request, "identity/prove_email.html", context, status=422 if refused else 200)
