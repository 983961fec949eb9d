"""Setting up the second factor: a code generator, passkeys, recovery codes."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khue.foundation import flash
from khue.foundation.clock import now
from khue.foundation.errors import Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.refused import problem
from khue.identity import actions, qr, queries
from khue.identity.browser import (
    address_of,
    agent_of,
    bearer,
    challenge_of,
    enter,
    host_of,
    keep_challenge,
    next_of,
)
from khue.identity.doors import SignedRequest
from khue.identity.forms import NewCodeForm
from khue.identity.views.account import confirm_first


@never_cache
@require_GET
def set_up(request: SignedRequest) -> HttpResponse:
    """Choose a second factor: what there is, what can be added."""
    if request.standing is None:
        return see_other("identity:sign_in")
    return page(
        request, "identity/set_up.html", {"factors": queries.own_factors(bearer(request)), "next": next_of(request, "")}
    )


@never_cache
@require_http_methods(["GET", "POST"])
def add_app(request: SignedRequest) -> HttpResponse:
    """Scan a picture with an authenticator application and type its first code."""
    if request.standing is None:
        return see_other("identity:sign_in")
    if early := confirm_first(request):
        return early
    actor = bearer(request)
    form = NewCodeForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            token, fresh = actions.confirm_app(actor=actor, at=now(), **form.cleaned_data)
            shown = page(request, "identity/recovery_codes.html", {"codes": fresh})
            entered = enter(request, token, "/")
            shown.cookies.update(entered.cookies)
            return shown
    secret = queries.unconfirmed_secret(actor) if form.is_bound else None
    picture = qr.for_app(secret or actions.begin_app(actor=actor), actor.name)
    return page(request, "identity/add_app.html", {"form": form, "picture": picture})


@require_POST
def remove_app(request: SignedRequest) -> HttpResponse:
    """Take the code generator away."""
    if early := confirm_first(request):
        return early
    try:
        actions.remove_app(actor=request.actor, at=now())
    except actions.LastFactor as refusal:
        return flash.say(see_other("identity:account"), str(refusal), tone="late")
    return flash.say(see_other("identity:account"), _("Đã gỡ ứng dụng xác thực."))


@require_POST
def renew_recovery_codes(request: SignedRequest) -> HttpResponse:
    """Ten new recovery codes, shown once."""
    if early := confirm_first(request):
        return early
    return page(request, "identity/recovery_codes.html", {"codes": actions.renew_recovery_codes(actor=request.actor)})


@require_POST
def ask_for_passkey(request: SignedRequest) -> HttpResponse:
    """What the browser needs to make a key (JSON)."""
    if confirm_first(request):
        return problem(403, "confirm_first", _("Hãy xác nhận mật khẩu rồi thử lại."))
    options, sealed = actions.ask_for_passkey(actor=bearer(request), host=host_of(request), at=now())
    return keep_challenge(HttpResponse(options, content_type="application/json"), sealed)


@require_POST
def add_passkey(request: SignedRequest) -> HttpResponse:
    """Keep the key the browser made."""
    if early := confirm_first(request):
        return early
    token = actions.add_passkey(
        actor=bearer(request),
        host=host_of(request),
        sealed=challenge_of(request),
        answer=request.POST.get("answer", ""),
        name=request.POST.get("name", "") or _("Khóa truy cập"),
        at=now(),
    )
    said = _("Đã thêm khóa truy cập. Hãy tạo mã dự phòng để không bị khóa ngoài khi mất thiết bị.")
    return flash.say(enter(request, token, next_of(request, reverse("identity:account"))), said)


@require_POST
def remove_passkey(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Take one key away."""
    if early := confirm_first(request):
        return early
    passkey = queries.own_passkey(request.actor, public_id)
    try:
        actions.remove_passkey(actor=request.actor, passkey=passkey, at=now())
    except actions.LastFactor as refusal:
        return flash.say(see_other("identity:account"), str(refusal), tone="late")
    return flash.say(see_other("identity:account"), _("Đã gỡ khóa truy cập."))


@require_POST
def ask_for_proof(request: SignedRequest) -> HttpResponse:
    """What the browser needs to prove a key (JSON): of this account, or any for a stranger."""
    options, sealed = actions.ask_for_proof(actor=bearer(request), host=host_of(request), at=now())
    return keep_challenge(HttpResponse(options, content_type="application/json"), sealed)


@require_POST
def prove_passkey(request: SignedRequest) -> HttpResponse:
    """Sign in with a key, or prove the second factor with one."""
    host, sealed, answer = host_of(request), challenge_of(request), request.POST.get("answer", "")
    try:
        if request.standing is None:
            token = actions.sign_in_with_passkey(
                host=host, sealed=sealed, answer=answer, at=now(), address=address_of(request), agent=agent_of(request)
            )
        else:
            token = actions.prove_passkey(actor=bearer(request), host=host, sealed=sealed, answer=answer, at=now())
    except Refusal as refusal:
        return flash.say(see_other("identity:sign_in"), str(refusal), tone="late")
    return enter(request, token, next_of(request))
