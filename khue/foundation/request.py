"""The request as a view gets it: with the actor behind it, and where it comes from."""

import ipaddress

from django.http import HttpRequest

from khue.foundation.actor import Actor


class Request(HttpRequest):
    """For type annotations of views; the middleware has set `actor` on every request that reaches one."""

    actor: Actor
    refused: bool


def address_of(request: HttpRequest) -> str | None:
    """Where the request comes from. What a proxy on this machine says counts; from anywhere else it is not believed."""
    peer = request.META.get("REMOTE_ADDR", "")
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", 1)[-1].strip()
    return (_address(told) if not peer or _is_here(peer) else None) or _address(peer)


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _is_here(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return True
