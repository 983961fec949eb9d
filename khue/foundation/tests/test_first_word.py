"""Addresses are found by their first word, and are the same as if one pattern had been asked after the other."""

import pytest
from django.test import RequestFactory
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import RoutePattern, URLPattern, URLResolver

from khue.foundation.form_tokens import token_of
from khue.urls import ROOMS

SOME_ID = "01a20937-8c77-73cd-9045-61d400000000"


def _paths() -> list[str]:
    """A path for every pattern of every room that has plain words and ids."""
    routes = [
        str(pattern.pattern) for room in ROOMS for pattern in room.url_patterns if isinstance(pattern, URLPattern)
    ]
    return [f"/{route}".replace("<uuid:public_id>", SOME_ID) for route in routes if route.count("<") <= 1]


def test_every_address_leads_where_it_led_one_pattern_after_the_other():
    one_after_the_other = URLResolver(RoutePattern("/"), ROOMS)
    paths = [path for path in _paths() if "<" not in path and "^" not in path]

    assert len(paths) > 100
    for path in paths:
        found, wanted = resolve(path), one_after_the_other.resolve(path)
        assert (found.func, found.kwargs, found.view_name) == (wanted.func, wanted.kwargs, wanted.view_name)
        assert (found.route, found.namespaces) == (wanted.route, wanted.namespaces)


def test_an_address_that_is_nobodys_is_found_by_nobody():
    for path in ("/marks/nothing/of/this/kind/", "/no-such-word/", "/marks"):
        with pytest.raises(Resolver404):
            get_resolver().resolve(path)


def test_a_token_is_taken_by_django_and_never_the_same_twice():
    from django.middleware.csrf import _does_token_match  # the check that the middleware makes

    request = RequestFactory().get("/")
    first, second = token_of(request), token_of(request)

    assert first != second
    assert _does_token_match(first, request.META["CSRF_COOKIE"])
    assert _does_token_match(second, request.META["CSRF_COOKIE"])
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"] is True
