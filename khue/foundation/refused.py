"""How a refusal looks: a page for people, a message for a part of a page, problem+json (RFC 9457) for programs."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from khue.foundation import flash
from khue.foundation.actor import ANONYMOUS
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.page import page
from khue.foundation.request import Request

STATUS: dict[type[Exception], int] = {Refusal: 422, Forbidden: 403, NotFound: 404}


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to one of the three families of errors, in the form the caller reads."""
    status = next(status for family, status in STATUS.items() if isinstance(error, family))
    code = error.code if isinstance(error, Refusal) else {403: "forbidden", 404: "not_found"}[status]
    return _say(request, status, code, str(error))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django passes it
    """No such address."""
    return _say(request, 404, "not_found", str(NotFound()))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django passes it
    """Something inside Django refused."""
    return _say(request, 403, "forbidden", str(Forbidden()))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django passes it
    """What came is not a request this node understands."""
    return _say(request, 400, "bad_request", _("Yêu cầu gửi đến không đúng dạng. Hãy tải lại trang rồi làm lại."))


def broken(request: Request) -> HttpResponse:
    """A bug. The page asks the database nothing, since that may be what is broken."""
    request.actor = ANONYMOUS
    return _say(
        request, 500, "broken", _("Lỗi đã được ghi lại. Hãy thử lại sau ít phút; những gì đã lưu vẫn còn nguyên.")
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  Django passes it
    """A form without a valid token: the page was open for too long, or cookies are off, or all of them are gone.

    The answer is a page of nobody that leads back to the form: there ui.js fills in what was typed (0280).
    """
    text = _("Trang đã mở quá lâu nên chưa gửi được. Hãy quay lại, tải lại trang rồi gửi một lần nữa.")
    return _say(request, 403, "stale_form", text, again=page_of_the_form(request))


def problem(status: int, code: str, detail: str, **more: object) -> JsonResponse:
    """A problem document. `code` is stable and for programs; `detail` is for people."""
    body = {"type": f"urn:khue:problem:{code}", "status": status, "title": code, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def page_of_the_form(request: HttpRequest) -> str:
    """The page of this node from which a form was sent, where the browser says so; else ""."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or not page.path.startswith("/") or page.path.startswith(("//", "/\\")):
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def _say(request: HttpRequest, status: int, code: str, reason: str, again: str = "") -> HttpResponse:
    if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
        return problem(status, code, reason)
    if request.headers.get("HX-Request") == "true":
        response = flash.tell(HttpResponse(status=status), reason, tone="late")
        response.headers["HX-Reswap"] = "none"
        return response
    context = {"status": status, "code": code, "reason": reason, "again": again}
    return page(request, "foundation/refused.html", context, status=status)
