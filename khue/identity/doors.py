"""What stands between every request and its page: who is it, and does the account owe a step first?"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from khue.foundation import clock
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.refused import problem
from khue.foundation.request import Request
from khue.identity import queries, sessions
from khue.identity.sessions import Pending, Standing


class SignedRequest(Request):
    """A request with the standing of its session; None when nobody is signed in."""

    standing: Standing | None


#: Where an account goes that owes a step, and the addresses it reaches meanwhile.
STEPS = {
    Pending.SECOND_FACTOR: ("identity:second_factor", "identity:set_up"),
    Pending.PASSWORD: ("identity:change_password", "identity:change_password"),
}
OPEN_WHILE_OWING = ("/sign-in/", "/sign-out/", "/account/second-factor/", "/static/", "/language/")


def actor_of_request(request: HttpRequest) -> Actor:
    """Who is behind this request; anonymous without a valid session, or while the account owes a step."""
    token = request.COOKIES.get(sessions.COOKIE)
    door = "api" if request.path.startswith("/api/") else "page"
    found = sessions.resolve(token, clock.now(), clock.today(), door) if token else None
    standing, actor = found or (None, ANONYMOUS)
    setattr(request, "standing", standing)  # noqa: B010  HttpRequest has no such attribute; SignedRequest says it does
    return ANONYMOUS if standing and standing.pending else actor


def actor_of_account(account_id: int) -> Actor:
    """What an account may do today, for a job that acts with its rights."""
    return queries.actor_of(account_id, on=clock.today())


def owed_step(request: HttpRequest) -> HttpResponse | None:
    """The page of the step an account owes, instead of any other."""
    standing: Standing | None = getattr(request, "standing", None)
    if standing is None or not standing.pending:
        return None
    with_factor, without = STEPS[standing.pending]
    target = reverse(with_factor if standing.has_factor else without)
    if request.path == target or request.path.startswith(OPEN_WHILE_OWING):
        return None
    if request.path.startswith("/api/"):
        return problem(403, f"{standing.pending}_required", str(target))
    return _see_other(request, target)


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back to what was asked for."""
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    return _see_other(request, reverse("identity:sign_in") + ("?" + urlencode(back) if back else ""))


def _see_other(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=200)
        response.headers["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address, status=303)
