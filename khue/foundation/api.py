"""The API's root: one OpenAPI document under /api/, made of what the rooms plug in.

    router = api.router(tags=["library"])                                   # khue/library/api.py

    @router.get("/resources", response=api.PageOut[ResourceOut])
    def resources(request: Request, filters: Query[api.PageIn]) -> api.Paged[Resource]:
        return api.page_of(RESOURCES, queries.visible_resources(request.actor), request)

    extensions.api_routers.fill("library", "khue.library.api.router")       # wiring

Functions are typed, call the same actions and queries as the pages, and raise the same refusals: they come out as
problem+json (RFC 9457). This module is loaded by the first request to /api/ and by nothing before it.
"""

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, Generic, TypedDict, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import APIKeyCookie, HttpBearer

from khue.foundation import extensions, refused
from khue.foundation.actor import ANONYMOUS, Actor
from khue.foundation.errors import Forbidden, NotFound, Refusal
from khue.foundation.lists import LARGEST_PAGE, Listing

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)


class PageIn(Schema):
    """What every list takes: search text, size of a page, and the place to go on from."""

    q: str = ""
    limit: int = 50
    after: str = ""
    before: str = ""


class PageOut(Schema, Generic[Item]):
    """One page of a list. `next` and `previous` are addresses, empty at the ends."""

    items: list[Item]
    next: str
    previous: str


class Paged(TypedDict, Generic[Row]):
    """What page_of gives to be written as a PageOut."""

    items: list[Row]
    next: str
    previous: str


def router(*, tags: Sequence[str]) -> Router:
    """A room's part of the API. Its functions need a signed-in account unless they say auth=None."""
    return Router(tags=list(tags))


def page_of(listing: Listing[Row], rows: QuerySet[Row], request: HttpRequest) -> Paged[Row]:
    """One page of a list for a program: the same search, filters and order as on the page for people."""
    given = request.GET.dict()
    limit = given.get("limit", "")
    size = min(int(limit), LARGEST_PAGE) if limit.isdecimal() and int(limit) else listing.size
    seen = listing.page(rows, given, size=size)
    addresses = [f"{request.path}{address}&limit={size}" if address else "" for address in (seen.next, seen.previous)]
    return {"items": seen.rows, "next": addresses[0], "previous": addresses[1]}


#: What a program is told when the answer is no (RFC 9457): the same at every address.
PROBLEM = {
    "title": "Problem",
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "title": {"type": "string", "description": "stable, for programs"},
        "detail": {"type": "string", "description": "for people"},
    },
    "required": ["type", "status", "title", "detail"],
}
_REFUSED = {
    "description": "The request is refused; the code says why.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


class _Root(NinjaAPI):
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document, in which every address also says how it refuses."""
        made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        made["components"].setdefault("schemas", {})["Problem"] = PROBLEM
        for methods in made["paths"].values():
            for operation in methods.values():
                operation["responses"]["4XX"] = _REFUSED
        return made

    def get_root_path(self, path_params: dict[str, Any]) -> str:  # noqa: ARG002  the library's signature
        """The root is always here; asking Django's addresses would need the whole API to be loaded with them."""
        return "/api/"


class _Bearer(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002  identity has read it
        return _signed_in(request)


class _SessionCookie(APIKeyCookie):
    param_name = "khue_session"

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002  identity has read it
        return _signed_in(request)


def _signed_in(request: HttpRequest) -> Actor | None:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return actor if actor.is_signed_in else None


@cache
def root() -> NinjaAPI:
    """The API with every room's part, built once."""
    made = _Root(
        title="Khuê",
        version="1",
        description="Everything pages can do, for programs. Lists are paged by cursor; errors are problem+json.",
        docs_url=None,
        auth=[_Bearer(), _SessionCookie(csrf=False)],  # the door has asked for the token of forms already
    )
    for prefix, name in extensions.api_routers.items():
        made.add_router(f"/{prefix}", name)
    for error in (Refusal, Forbidden, NotFound):
        made.add_exception_handler(error, _refuse)
    made.add_exception_handler(Http404, lambda request, _error: refused.answer(request, NotFound()))
    made.add_exception_handler(AuthenticationError, _not_signed_in)
    made.add_exception_handler(ValidationError, _not_valid)
    made.add_exception_handler(HttpError, _refuse_plainly)
    return made


def _refuse(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    setattr(request, "refused", True)  # noqa: B010  the middleware then undoes the transaction
    return refused.answer(request, error if isinstance(error, Exception) else error())


def _not_signed_in(_request: HttpRequest, _error: object) -> HttpResponse:
    response = refused.problem(401, "not_signed_in", _("Hãy đăng nhập trước."))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _not_valid(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    setattr(request, "refused", True)  # noqa: B010  see above
    wrong = [{"where": list(map(str, e["loc"])), "what": e["msg"]} for e in getattr(error, "errors", [])]
    return refused.problem(422, "not_valid", _("Dữ liệu gửi lên không đúng dạng."), errors=wrong)


def _refuse_plainly(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    setattr(request, "refused", True)  # noqa: B010  see above
    status = getattr(error, "status_code", 400)
    return refused.problem(status, HTTPStatus(status).phrase.lower().replace(" ", "_"), str(error))
