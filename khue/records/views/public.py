"""Pages for anybody, signed in or not: what a file is worth, what a code shows, whether a diploma is registered."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from khue.foundation import clock
from khue.foundation.errors import NotFound, Refusal
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.identity import actions as identity
from khue.records import actions, labels, queries, rendering, sharing
from khue.records.forms import CodeForm, SerialForm, VerifyForm

#: Kinds of tries that are counted for an address.
FILE, CODE, SERIAL = "records.file", "records.code", "records.serial"


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Three questions: what is this file worth, what does this code show, is this diploma in the register?"""
    kind = request.POST.get("kind", "")
    file = VerifyForm(request.POST, request.FILES) if kind == "file" else VerifyForm()
    code = CodeForm(request.POST) if kind == "code" else CodeForm()
    serial = SerialForm(request.POST) if kind == "serial" else SerialForm()
    context: dict[str, object] = {"file": file, "code": code, "serial": serial, "verdicts": labels.VERDICTS}
    context |= {"roles": labels.ROLES, "shown": rendering.shown}
    context |= {"found": None, "diploma": None, "refused": "", "unknown": False}
    status = 422 if kind else 200
    try:
        if kind == "file" and file.is_valid():
            address = identity.count_try(kind=FILE, request=request, at=clock.now())
            found = queries.verify(file.cleaned_data["file"].read())
            if found.digest or found.documents:
                actions.note_verified(actor=request.actor, found=found, address=address, at=clock.now())
            context["found"], status = found, 200
        elif kind == "code" and code.is_valid():
            return see_other("records:shared", sharing.tidy(code.cleaned_data["code"]) or "-")
        elif kind == "serial" and serial.is_valid():
            address = identity.count_try(kind=SERIAL, request=request, at=clock.now())
            line = queries.diploma_with(**serial.cleaned_data)
            actions.note_diploma_checked(actor=request.actor, found=line, address=address)
            context["diploma"], status = line, 200
    except Refusal as refusal:
        context["refused"], status = str(refusal), 429
    except NotFound:
        context["unknown"], status = True, 404
    return page(request, "records/verify.html", context, status=status)


@require_safe
def shared(request: Request, code: str) -> HttpResponse:
    """What the holder shows under a code, and nothing else."""
    now = clock.now()
    try:
        address = identity.count_try(kind=CODE, request=request, at=now)
        found = queries.shared_by(code, now)
    except Refusal as refusal:
        return page(request, "records/shared.html", {"refused": str(refusal), "found": None}, status=429)
    except NotFound:
        return page(request, "records/shared.html", {"found": None, "refused": ""}, status=404)
    actions.note_check(actor=request.actor, share=found.share, address=address, at=now)
    context = {"found": found, "refused": "", "parts": {str(one) for one in found.parts}, "shown": rendering.shown}
    answer = page(request, "records/shared.html", context)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
