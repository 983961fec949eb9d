"""One-shot messages: said by one request, shown by the next page, then gone. Kept in a signed cookie."""

import json
from dataclasses import asdict, dataclass

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "khue_flash"
_SALT = "khue.flash"


@dataclass(frozen=True, slots=True)
class Flash:
    """One message.

    tone   "good", "info", "soon" or "late"
    href   where the link beside it leads, "" for none: undo, or the thing just made
    """

    text: str
    tone: str = "good"
    href: str = ""
    link: str = ""


def say(response: HttpResponse, text: str, *, tone: str = "good", href: str = "", link: str = "") -> HttpResponse:
    """Show the message on the page that the browser opens next. Returns the response, for `return flash.say(...)`."""
    value = signing.dumps(asdict(Flash(text, tone, href, link)), salt=_SALT, compress=True)
    response.set_cookie(COOKIE, value, max_age=60, httponly=True, samesite="Lax")
    return response


def tell(response: HttpResponse, text: str, *, tone: str = "good") -> HttpResponse:
    """Show the message at once, without a new page, when htmx has put in the part it asked for."""
    response.headers["HX-Trigger"] = json.dumps({"khue:toast": {"text": text, "tone": tone}})
    return response


def waiting(request: HttpRequest) -> Flash | None:
    """The message for this page, if the browser brought one that this node signed."""
    value = request.COOKIES.get(COOKIE)
    if not value:
        return None
    try:
        return Flash(**signing.loads(value, salt=_SALT, max_age=60))
    except (signing.BadSignature, TypeError):
        return None


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Take the cookie away once its message was shown, unless the same response says something new."""
    if COOKIE in request.COOKIES and COOKIE not in response.cookies:
        response.delete_cookie(COOKIE, samesite="Lax")
