"""Uploads over HTTP, in pieces: POST says what will come, PATCH brings it, HEAD tells how much has come.

The headers are those of tus 1.0, so that an ordinary tus client can send too. source  https://tus.io/protocols/resumable-upload
"""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from khue.foundation import uploads
from khue.foundation.clock import now
from khue.foundation.errors import Refusal
from khue.foundation.models import Upload
from khue.foundation.refused import problem
from khue.foundation.request import Request


class UploadNotUnderstood(Refusal):
    code = "upload_not_understood"
    message = _("Yêu cầu gửi tệp không đúng dạng. Hãy tải lại trang rồi chọn tệp lại.")


@require_POST
def begin(request: Request) -> HttpResponse:
    """Body: {"purpose", "name", "size", "organisation"}. Answers 201 with the address to send the pieces to."""
    try:
        asked = json.loads(request.body)
        purpose, name, size = str(asked["purpose"]), str(asked["name"]), int(asked["size"])
        organisation_id = None if asked.get("organisation") in (None, "") else int(asked["organisation"])
    except (ValueError, TypeError, KeyError, AttributeError):
        raise UploadNotUnderstood from None
    upload = uploads.begin(
        actor=request.actor, purpose=purpose, name=name, size=size, organisation_id=organisation_id, at=now()
    )
    response = _told(upload, 201)
    response.headers["Location"] = reverse("foundation:upload", args=[upload.public_id])
    return response


@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def upload(request: Request, public_id: UUID) -> HttpResponse:
    """One upload: how far it is, the next piece, or no more of it."""
    found = uploads.upload_of(request.actor, public_id)
    if request.method == "PATCH":
        try:
            found = uploads.append(actor=request.actor, upload=found, offset=_offset(request), stream=request, at=now())
        except uploads.WrongOffset as refusal:
            request.refused = True
            return problem(409, refusal.code, str(refusal), offset=found.offset)
    elif request.method == "DELETE":
        uploads.abandon(actor=request.actor, upload=found)
        return HttpResponse(status=204, headers={"Tus-Resumable": "1.0.0"})
    return _told(found, 200)


def _offset(request: HttpRequest) -> int:
    try:
        return int(request.headers["Upload-Offset"])
    except (KeyError, ValueError):
        raise UploadNotUnderstood from None


def _told(upload: Upload, status: int) -> JsonResponse:
    done = upload.file_id is not None
    body = {
        "id": str(upload.public_id),
        "offset": upload.offset,
        "size": upload.size,
        "name": upload.name,
        "done": done,
    }
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.size),
        "Cache-Control": "no-store",
    }
    return JsonResponse(body, status=status, headers=headers)
