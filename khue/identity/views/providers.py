"""Signing in at another identity provider, and linking one to the own account."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from khue.foundation import flash
from khue.foundation.clock import now
from khue.foundation.errors import Refusal
from khue.foundation.page import page, see_other
from khue.identity import actions, oidc, queries
from khue.identity.browser import address_of, agent_of, enter, next_of
from khue.identity.doors import SignedRequest
from khue.identity.models import Provider
from khue.identity.sealing import seal_state, unseal_state
from khue.identity.views.account import confirm_first

COOKIE = "khue_provider"
LIFE = timedelta(minutes=10)
logger = logging.getLogger(__name__)


@never_cache
@require_GET
def begin(request: SignedRequest, key: str) -> HttpResponse:
    """Send the browser to the provider."""
    provider = queries.provider_of(key)
    return _send(request, provider, HttpResponseRedirect, {"next": next_of(request)})


@require_POST
def link(request: SignedRequest, key: str) -> HttpResponse:
    """Begin linking. A page stands between, for the content policy lets no form lead to another site."""
    if early := confirm_first(request):
        return early
    provider = queries.provider_of(key)

    def page_between(address: str) -> HttpResponse:
        return page(request, "identity/go_on.html", {"provider": provider, "address": address})

    return _send(
        request, provider, page_between, {"next": reverse("identity:account"), "link": request.actor.account_id}
    )


@never_cache
@require_GET
def back(request: SignedRequest, key: str) -> HttpResponse:
    """The browser comes back from the provider: sign in, or link."""
    provider = queries.provider_of(key)
    state = unseal_state("oidc", request.COOKIES.get(COOKIE, ""), now(), LIFE)
    if state is None or state.get("key") != key or "code" not in request.GET:
        return _failed(provider, "no state, or no code")
    try:
        claims = oidc.finish(
            queries.client_of(provider),
            _back_address(request, provider),
            oidc.Request(str(state["state"]), str(state["nonce"]), str(state["verifier"])),
            code=request.GET["code"],
            state=request.GET.get("state", ""),
            issuer=request.GET.get("iss", ""),
        )
        response = _arrive(request, provider, claims, state)
    except oidc.ProviderFailed as error:
        return _failed(provider, str(error))
    except Refusal as refusal:
        response = flash.say(see_other("identity:sign_in"), str(refusal), tone="late")
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


@require_POST
def unlink(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Undo a link."""
    if early := confirm_first(request):
        return early
    try:
        actions.unlink_identity(actor=request.actor, link=queries.own_link(request.actor, public_id))
    except actions.LastWayIn as refusal:
        return flash.say(see_other("identity:account"), str(refusal), tone="late")
    return flash.say(see_other("identity:account"), _("Đã bỏ liên kết."))


def _arrive(
    request: SignedRequest, provider: Provider, claims: oidc.Claims, state: Mapping[str, object]
) -> HttpResponse:
    wanted = state.get("link")
    if wanted is None:
        token = actions.sign_in_with_identity(
            provider=provider, claims=claims, at=now(), address=address_of(request), agent=agent_of(request)
        )
        return enter(request, token, str(state["next"]))
    if wanted != request.actor.account_id:
        return _failed(provider, "linking began in another session")
    actions.link_identity(actor=request.actor, provider=provider, claims=claims, at=now())
    return flash.say(see_other("identity:account"), _("Đã liên kết với %(name)s.") % {"name": provider.name})


def _send(
    request: HttpRequest, provider: Provider, lead: Callable[[str], HttpResponse], more: Mapping[str, object]
) -> HttpResponse:
    """Lead the browser to the provider, with what must come back sealed in its cookie."""
    try:
        address, asked = oidc.begin(queries.client_of(provider), _back_address(request, provider))
    except oidc.ProviderFailed as error:
        return _failed(provider, str(error))
    response = lead(address)
    sealed = seal_state("oidc", {"key": provider.key, **asdict(asked), **more}, now())
    response.set_cookie(
        COOKIE, sealed, max_age=600, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _back_address(request: HttpRequest, provider: Provider) -> str:
    return request.build_absolute_uri(reverse("identity:provider_back", args=[provider.key]))


def _failed(provider: Provider, reason: str) -> HttpResponse:
    logger.warning("sign-in with %s failed: %s", provider.key, reason)
    text = _("Chưa đăng nhập được bằng %(name)s. Hãy thử lại, hoặc dùng mật khẩu.") % {"name": provider.name}
    return flash.say(see_other("identity:sign_in"), text, tone="late")
