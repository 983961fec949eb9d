"""How a refusal looks: a page for people, problem+json (RFC 9457) for programs."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.page import page

STATUS: dict[type[Exception], int] = {Refusal: 422, Forbidden: 403, NotFound: 404}


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to one of the three families of errors, in the form the caller reads."""
    status = next(status for family, status in STATUS.items() if isinstance(error, family))
    code = error.code if isinstance(error, Refusal) else {403: "forbidden", 404: "not_found"}[status]
    if request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", ""):
        return problem(status, code, str(error))
    return page(
        request, "foundation/refused.html", {"status": status, "code": code, "reason": str(error)}, status=status
    )


def problem(status: int, code: str, detail: str, **more: object) -> JsonResponse:
    """A problem document. `code` is stable and for programs; `detail` is for people."""
    body = {"type": f"urn:khue:problem:{code}", "status": status, "title": code, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")
