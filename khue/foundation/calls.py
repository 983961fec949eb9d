"""Calls to other machines over HTTP: no redirect is followed, and the roots that are trusted are loaded once."""

from __future__ import annotations

import ssl
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


def client(**options: Any) -> httpx.Client:
    """A client with a pool of connections; close it after use.

    options  those of httpx.Client. To load the roots takes 23 ms of a processor, the client itself 0.1.
    """
    import httpx  # with what it brings along it is loaded where somebody calls: in no web process that only answers

    return httpx.Client(**{"follow_redirects": False, "verify": _trusted(), **options})


@cache
def _trusted() -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context()
