"""The door at which banks tell of transfers by themselves. Nobody is signed in here: the signature decides."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from khue.foundation import clock, scope
from khue.foundation.actor import SYSTEM
from khue.foundation.errors import NotFound
from khue.foundation.refused import problem
from khue.foundation.request import Request
from khue.payments import actions, hooks, queries

BANK = replace(SYSTEM, name="Ngân hàng", door="api")


@csrf_exempt  # a bank has no session: nothing here acts for whoever is signed in
@require_POST
def call(request: Request, public_id: UUID) -> HttpResponse:
    """Take a call: 200 with counts, also when it was told before; nothing changes in any other case."""
    at = clock.now()
    second = request.headers.get("X-Khue-Timestamp", "")
    signature = request.headers.get("X-Khue-Signature", "")
    if int(request.headers.get("Content-Length") or 0) > hooks.MOST_BYTES:
        return problem(413, "too_large", "A call holds at most 1 MB.")
    body = request.body
    try:
        hooks.refuse_unsigned(public_id, second=second, signature=signature, body=body, at=at)
        lines = hooks.lines_in(body)
        with scope.of_organisation(None):
            hook = queries.hook_called(public_id)
        with scope.of_organisation(hook.organisation_id):
            taken = actions.take_call(
                actor=BANK, hook=hook, signature=signature, lines=lines, today=clock.today(), at=at
            )  # fmt: skip
    except hooks.NotSigned:
        return problem(401, "not_signed", "The signature or its time is not right.")
    except hooks.Unreadable as reason:
        return problem(422, "unreadable", str(reason))
    except NotFound:
        return problem(404, "not_found", "This address is closed.")
    return JsonResponse({"new": taken.new, "known": taken.known, "unknown": taken.unknown})
