"""What happens around every page: language, security headers, one transaction in the actor's scope."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from khue.foundation import refused, scope
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.extensions import actor_of_request, ask_to_sign_in, owed_step
from khue.foundation.request import Request

Answer = Callable[[HttpRequest], HttpResponse]

LANGUAGE_COOKIE = "khue_language"

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; script-src 'self';"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)


def security_headers(get_response: Answer) -> Answer:
    """Strict content policy: nothing inline, nothing from elsewhere. A view that needs another sets its own first."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response

    return answer


def language(get_response: Answer) -> Answer:
    """Vietnamese unless the language cookie says English."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, settings.LANGUAGE_CODE)
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = code
        with translation.override(code):  # of this request: the thread answers the next reader in another
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return answer


class act_within_scope:
    """Find the actor, open one transaction in its scope, and turn a refusal into an answer that changed nothing."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        with scope.of_request():
            request.actor = actor_of_request.filling(request)
            response = owed_step.filling(request) or self.get_response(request)
            if response.status_code >= 500 or getattr(request, "refused", False):
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        """Answer the three families of errors; let everything else rise."""
        if isinstance(error, Refusal | Forbidden | NotFound):
            request.refused = True
            if not isinstance(error, Refusal) and not request.actor.is_signed_in and _is_a_person_looking(request):
                return ask_to_sign_in.filling(request)
            return refused.answer(request, error)
        return None


def _is_a_person_looking(request: HttpRequest) -> bool:
    """Whether a browser shows the answer to somebody, as against a program that reads it."""
    wants_page = "text/html" in request.headers.get("Accept", "") and not request.path.startswith("/api/")
    return wants_page or request.headers.get("HX-Request") == "true"
