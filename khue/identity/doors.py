"""What stands between every request and its page: who is it, and does the account owe a step first?"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from khue.foundation import clock
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.refused import page_of_the_form, problem
from khue.foundation.request import Request
from khue.identity import queries, sessions
from khue.identity.sessions import Pending, Standing


class SignedRequest(Request):
    """A request with the standing of its session; None when nobody is signed in."""

    standing: Standing | None


#: What everybody reaches who owes a step.
ALWAYS_OPEN = ("/sign-in/", "/sign-out/", "/language/")
#: Where whoever must first set up a second factor does so. Never open to somebody who has one and has not proved it.
SET_UP = ("/account/second-factor/", "/account/confirm/")


def actor_of_request(request: HttpRequest) -> Actor:
    """Who is behind this request; anonymous without a valid session, or while the account owes a step."""
    token = _token(request)
    door = "api" if request.path.startswith("/api/") else "page"
    found = sessions.resolve(token, clock.now(), clock.today(), door) if token else None
    standing, actor = found or (None, ANONYMOUS)
    setattr(request, "standing", standing)  # noqa: B010  HttpRequest has no such attribute; SignedRequest says it does
    return ANONYMOUS if standing and standing.pending else actor


def _token(request: HttpRequest) -> str | None:
    """The session's token: a browser's cookie, or what a program shows at the API. Shown, it alone counts."""
    shown = request.headers.get("Authorization", "") if request.path.startswith("/api/") else ""
    return shown.removeprefix("Bearer ") if shown.startswith("Bearer ") else request.COOKIES.get(sessions.COOKIE)


def actor_of_account(account_id: int) -> Actor:
    """What an account may do today, for a job that acts with its rights."""
    return queries.actor_of(account_id, on=clock.today())


def owed_step(request: HttpRequest) -> HttpResponse | None:
    """The page of the step an account owes, instead of any other."""
    standing: Standing | None = getattr(request, "standing", None)
    if standing is None or not standing.pending:
        return None
    reachable: tuple[str, ...]
    if standing.pending == Pending.PASSWORD:
        target = reverse("identity:change_password")
        reachable = (*ALWAYS_OPEN, target)
    elif standing.has_factor:
        target, reachable = reverse("identity:second_factor"), ALWAYS_OPEN
    else:
        target, reachable = reverse("identity:set_up"), (*ALWAYS_OPEN, *SET_UP)
    if request.path.startswith(reachable):
        return None
    if request.path.startswith("/api/"):
        return problem(403, f"{standing.pending}_required", target)
    return _see_other(request, _coming_back(request, target))


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back to what was asked for."""
    return _see_other(request, _coming_back(request, reverse("identity:sign_in")))


def _coming_back(request: HttpRequest, address: str) -> str:
    if request.headers.get("HX-Request") == "true":
        return address
    wanted = request.get_full_path() if request.method == "GET" else page_of_the_form(request)
    return address if wanted in ("", "/") else f"{address}?{urlencode({'next': wanted})}"


def _see_other(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=200)
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address, status=303)
