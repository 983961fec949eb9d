"""Pages that a device may keep, so that they open without a line.

The browser's side is static/foundation/service_worker.js: it keeps what carries the header, for one person at a time,
and forgets it when anybody signs in or out on the device. docs/decisions/0023
"""

from typing import TypeVar

from django.http import HttpResponseBase

from khue.foundation import sealed
from khue.foundation.request import Request

HEADER = "Khue-Keep"
#: Characters of a seal without what it seals: enough to tell two people of one device apart.
_MARK = 22

Response = TypeVar("Response", bound=HttpResponseBase)


def kept(request: Request, response: Response) -> Response:
    """The same answer, to be kept on the device of whoever is signed in; nobody's page is not kept."""
    if request.actor.is_signed_in and response.status_code == 200:
        response.headers[HEADER] = sealed.seal("offline.reader", request.actor.account_id)[:_MARK]
    return response
