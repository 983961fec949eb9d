"""From a view to HTML: whole pages, parts of pages for htmx, and where to go next."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.urls import reverse

from khue.foundation import flash
from khue.foundation.actor import ANONYMOUS
from khue.foundation.ui import known


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Render a page; to an htmx request render only the block named `fragment`."""
    if not known.RESERVED.isdisjoint(context):
        raise TypeError(f"{template} is given a name that every template has: {known.RESERVED & context.keys()}")
    environment = cast(Jinja2, engines["jinja2"]).env
    jinja = environment.get_template(template)
    values: dict[str, Any] = {"request": request, "actor": getattr(request, "actor", ANONYMOUS), **context}
    if fragment and request.headers.get("HX-Request") == "true":
        response = HttpResponse("".join(jinja.blocks[fragment](jinja.new_context(values))), status=status)
    else:
        response = HttpResponse(jinja.render(values), status=status)
        flash.forget(request, response)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def for_everybody(response: HttpResponse, request: HttpRequest, *, seconds: int = 60) -> HttpResponse:
    """Let caches on the way keep a page that is the same for all who have no cookie of ours.

    Signed in, the same address shows one's own name: nothing is said then, and nothing kept.
    """
    actor = getattr(request, "actor", ANONYMOUS)
    if not actor.is_signed_in and not response.cookies and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response


def see_other(url_name: str, *arguments: object) -> HttpResponse:
    """Redirect with 303, so that a reload does not send a form twice."""
    response = HttpResponseRedirect(reverse(url_name, args=arguments))
    response.status_code = 303
    return response
