"""Talking to a gateway over HTTP: which answers are final, and how long it wants to be left alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from khue.foundation import calls
from khue.messaging.channels.parcels import Delayed, Refused

if TYPE_CHECKING:
    import httpx

#: Answers that say "later" although they begin with a 4: no time, too early, too many.
LATER = frozenset({408, 425, 429})
LONGEST_REST = timedelta(hours=6)


def client() -> httpx.Client:
    """One connection pool for a batch. Redirects are not followed: a gateway stands where the operator said."""
    return calls.client(timeout=settings.GATEWAY_TIMEOUT)


def trouble(answer: httpx.Response) -> Refused | Delayed | None:
    """None where the gateway took it; otherwise why not, and whether another try is of use."""
    if answer.is_success:
        return None
    reason = f"{answer.status_code} {answer.text[:200]}".strip()
    if answer.status_code in LATER or answer.status_code >= 500:
        return Delayed(reason, _rest(answer.headers.get("Retry-After", "")))
    return Refused(reason)


def _rest(asked: str) -> timedelta | None:
    """What Retry-After asks for in seconds; a date is left to our own growing pauses."""
    return min(timedelta(seconds=int(asked)), LONGEST_REST) if asked.isascii() and asked.isdecimal() else None


def international(phone: str) -> str:
    """A Vietnamese number as gateways want it, "84912345678"; empty where it is none."""
    digits = "".join(c for c in phone if c.isascii() and c.isdecimal())
    if phone.strip().startswith("+") and not digits.startswith("84"):
        return ""
    national = digits.removeprefix("84") if digits.startswith("84") and len(digits) == 11 else digits.removeprefix("0")
    return f"84{national}" if len(national) == 9 else ""
