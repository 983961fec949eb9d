"""The door to the API: finds the function for a path, and loads the API when the first request comes."""

from functools import cache

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, URLResolver
from django.urls.resolvers import RegexPattern
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from khue.foundation import refused
from khue.foundation.errors import NotFound


@csrf_exempt
def answer(request: HttpRequest) -> HttpResponseBase:
    """Answer one request to /api/.

    A browser's session must bring the token that forms bring; a program that shows a bearer token needs none, for no
    browser sends that by itself.
    """
    if not request.headers.get("Authorization", "").startswith("Bearer "):
        refusal = CsrfViewMiddleware(_unused).process_view(request, _unused, (), {})
        if refusal is not None:
            return refusal
    try:
        match = _addresses().resolve(request.path)
    except Resolver404:
        raise NotFound from None
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if response.status_code == 405:  # the API library says so in a word of English
        allowed = response.headers["Allow"]
        response = refused.problem(405, "method_not_allowed", _("Địa chỉ này chỉ nhận: %(ways)s.") % {"ways": allowed})
        response.headers["Allow"] = allowed
    return response


@cache
def _addresses() -> URLResolver:
    from khue.foundation import api  # here, because it takes 20 MB that a process without API requests never needs

    patterns, _app, _namespace = api.root().urls
    return URLResolver(RegexPattern(r"^/api/"), patterns)


def _unused(_request: HttpRequest) -> HttpResponseBase:
    raise NotImplementedError
