"""The request as a view gets it: with the actor behind it."""

from django.http import HttpRequest

from khue.foundation.actor import Actor


class Request(HttpRequest):
    """For type annotations of views; the middleware has set `actor` on every request that reaches one."""

    actor: Actor
    refused: bool
