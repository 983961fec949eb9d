"""Shared folders: what is in them, and what a file was before."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, lists, uploads
from khue.foundation.actor import require
from khue.foundation.clock import now
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.workspace import actions, queries
from khue.workspace.access import Permission
from khue.workspace.forms.folders import PutForm
from khue.workspace.models import SharedFile
from khue.workspace.queries import Membership
from khue.workspace.refusals import NoFile
from khue.workspace.views.tabs import tabs

FILES: lists.Listing[SharedFile] = lists.Listing(order=("folded", "id"), search=("folded",), size=50)


@require_safe
def folders(request: Request) -> HttpResponse:
    """The folders of the circles one belongs to today."""
    require(request.actor, Permission.WORK, within=None)
    rows = queries.folders(request.actor)
    context = {
        "rows": rows,
        "tabs": tabs("folders"),
        "several": len({each.circle.office.id for each in rows}) > 1,
    }
    return page(request, "workspace/folders.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def folder(request: Request, office_id: UUID, circle: str) -> HttpResponse:
    """The files of one folder, and a further one."""
    found = queries.membership_of(request.actor, office_id, circle)
    form = PutForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = _put(request, found)
            return flash.say(
                see_other("workspace:folder", office_id, circle), _("Đã có %(name)s trong thư mục.") % made
            )
    return _folder_page(request, found, form)


def _put(request: Request, found: Membership) -> dict[str, str]:
    at = now()
    file = uploads.received(
        actor=request.actor, request=request, field="file", purpose=queries.PURPOSE_SHARED,
        organisation_id=found.office.id, at=at,
    )  # fmt: skip
    if file is None:
        raise NoFile
    return {"name": actions.put_file(actor=request.actor, circle=found, file=file, at=at).name}


def _folder_page(request: Request, found: Membership, form: PutForm) -> HttpResponse:
    shows_removed = found.may_write and request.GET.get("show") == "removed"
    seen = FILES.page(queries.files_in(found, removed=shows_removed), request.GET.dict())
    context: dict[str, Any] = {
        "circle": found,
        "seen": seen,
        "newest": queries.newest_of(seen.rows),
        "form": form,
        "purpose": queries.PURPOSE_SHARED,
        "shows_removed": shows_removed,
        "tabs": tabs("folders"),
    }
    return page(request, "workspace/folder.html", context, status=422 if form.errors else 200)


@require_safe
def file(request: Request, public_id: UUID) -> HttpResponse:
    """One file with its versions."""
    found, circle = queries.shared_of(request.actor, public_id)
    context = {"file": found, "circle": circle, "versions": queries.versions_of(found)}
    return page(request, "workspace/shared_file.html", context)


def _remove(request: Request, found: SharedFile) -> str:
    actions.remove_file(actor=request.actor, shared=found, at=now())
    return _("Đã bỏ khỏi thư mục. Trong mục “Đã bỏ” có thể lấy lại.")


def _restore(request: Request, found: SharedFile) -> str:
    actions.restore_file(actor=request.actor, shared=found)
    return _("Đã lấy lại tệp.")


CHANGES: dict[str, Callable[[Request, SharedFile], str]] = {"remove": _remove, "restore": _restore}


@require_POST
def change(request: Request, public_id: UUID, how: str) -> HttpResponse:
    """Take a file out of its folder, or put it back."""
    found, circle = queries.shared_of(request.actor, public_id)
    act = CHANGES.get(how)
    if act is None:
        raise NotFound
    return flash.say(see_other("workspace:folder", circle.office.public_id, circle.key), act(request, found))
