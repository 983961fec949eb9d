"""What a view of this room needs to know of the browser, and gives it: address, cookies, where to go next."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.utils.http import url_has_allowed_host_and_scheme

from khue.foundation.actor import Actor
from khue.foundation.request import address_of as address_of
from khue.identity import sessions
from khue.identity.actions.signing import CHALLENGE_COOKIE
from khue.identity.doors import SignedRequest


def agent_of(request: HttpRequest) -> str:
    """The browser's own description."""
    return str(request.META.get("HTTP_USER_AGENT", ""))


def host_of(request: HttpRequest) -> str:
    """The node's name as the browser knows it, without the port: what passkeys are good for."""
    return str(urlsplit(f"//{request.get_host()}").hostname)


def next_of(request: HttpRequest, otherwise: str = "/") -> str:
    """Where to go after this step: an address of this node only, whatever the link said."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else otherwise


def bearer(request: SignedRequest) -> Actor:
    """Whoever holds the session, also while a step is owed: without roles then, only for what is the account's own."""
    standing = request.standing
    if standing is None or request.actor.is_signed_in:
        return request.actor
    return Actor(account_id=standing.account_id, name=standing.name, session_id=standing.session_id)


def enter(request: HttpRequest, token: str, address: str) -> HttpResponse:
    """Go on with a new session: its cookie, and a new token against forged forms."""
    rotate_token(request)
    response = HttpResponseRedirect(address, status=303)
    response.set_cookie(
        sessions.COOKIE,
        token,
        max_age=int(sessions.LIFE.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def leave(response: HttpResponse) -> HttpResponse:
    """Take the session's cookie away."""
    response.delete_cookie(sessions.COOKIE, samesite="Lax")
    return response


def keep_challenge(response: HttpResponse, sealed: str) -> HttpResponse:
    """Give the browser a sealed challenge to bring back with its answer."""
    response.set_cookie(
        CHALLENGE_COOKIE, sealed, max_age=600, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def challenge_of(request: HttpRequest) -> str:
    """The sealed challenge the browser brought back; "" without one."""
    return request.COOKIES.get(CHALLENGE_COOKIE, "")


def is_confirmed(request: SignedRequest, at: datetime) -> bool:
    """Whether the session proved itself freshly enough for a sensitive step."""
    return request.standing is not None and request.standing.is_confirmed(at)
