"""Tries of people who are not signed in, on pages that are open to anybody."""

from datetime import datetime, timedelta

from django.http import HttpRequest

from khue.identity import attempts, browser

#: A whole school, or an office that checks papers all day, may stand behind one address.
FREE = 60
FORGET = timedelta(minutes=15)


def count_try(*, kind: str, request: HttpRequest, at: datetime) -> str:
    """Count one try of a kind from the address behind a request, or refuse it. Returns the address.

    kind     "room.what": what is tried, a code or a file
    refuses  TooManyAttempts. Not atomic: the count stays when the page then refuses.
    """
    address = browser.address_of(request) or ""
    attempts.count(attempts.Limit(kind, FREE, FORGET), address, at)
    return address
