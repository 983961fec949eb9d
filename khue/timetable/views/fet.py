"""Pages of .fet files: what they hold, what of it is not understood, and a week for them."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import files, flash, uploads
from khue.foundation.actor import require
from khue.foundation.clock import now
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.timetable import actions, queries
from khue.timetable.access import Permission
from khue.timetable.actions.fet_files import BROUGHT
from khue.timetable.forms import FetFileForm, SearchForm
from khue.timetable.models import FetFile

MOST_SHOWN = 50


@require_http_methods(["GET", "HEAD", "POST"])
def fet_files(request: Request) -> HttpResponse:
    """The files that were brought, and one more."""
    require(request.actor, Permission.TIMETABLE_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.TIMETABLE_WRITE)
    if not places:
        raise NotFound
    form = FetFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form):
            return see_other("timetable:fet_file", _brought(request, places[0].id).public_id)
    context = {
        "form": form,
        "school": places[0],
        "purpose": BROUGHT,
        "files": list(queries.visible_fet_files(request.actor)[:MOST_SHOWN]),
    }
    return page(request, "timetable/fet_files.html", context, status=422 if form.errors else 200)


@require_safe
def fet_file(request: Request, public_id: UUID) -> HttpResponse:
    """What a file holds, every kind of constraint that is not understood, and its week."""
    found = queries.fet_file_of(request.actor, public_id)
    context = {"found": found, "unread": queries.unread_of(found), "form": SearchForm()}
    return page(request, "timetable/fet_file.html", context)


@require_POST
def search(request: Request, public_id: UUID) -> HttpResponse:
    """Let the program search for a week."""
    found, form = queries.fet_file_of(request.actor, public_id), SearchForm(request.POST)
    if not form.is_valid():
        return flash.say(see_other("timetable:fet_file", public_id), _("Số giây từ 1 đến 600."), tone="late")
    given = form.cleaned_data
    try:
        job = actions.search_fet(
            actor=request.actor, fet_file=found, seed=given["seed"], seconds=given["seconds"], at=now()
        )
    except Refusal as refusal:
        return flash.say(see_other("timetable:fet_file", public_id), str(refusal), tone="late")
    return see_other("foundation:job", job.public_id)


@require_POST
def discard(request: Request, public_id: UUID) -> HttpResponse:
    """Take a file off the list."""
    found = queries.fet_file_of(request.actor, public_id)
    actions.discard_fet_file(actor=request.actor, fet_file=found, at=now())
    return flash.say(see_other("timetable:fet_files"), _("Đã bỏ tệp khỏi danh sách."), tone="info")


def _brought(request: Request, organisation_id: int) -> FetFile:
    try:
        file = uploads.received(
            actor=request.actor, request=request, field="file", purpose=BROUGHT, organisation_id=organisation_id,
            at=now(),
        )  # fmt: skip
    except (files.FileTypeNotAllowed, files.FileHasMacros, files.FileEmpty):
        raise actions.NotFetFile from None
    if file is None:
        raise actions.NotFetFile
    return actions.bring_fet_file(actor=request.actor, organisation_id=organisation_id, file=file, at=now())
