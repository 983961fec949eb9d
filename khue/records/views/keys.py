"""Keys: one's own, and the school's seal."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.records import actions, labels, queries
from khue.records.access import Permission
from khue.records.forms import KeyFileForm, TokenKeyForm
from khue.registry import queries as registry
from khue.registry.models import Organisation


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: Request) -> HttpResponse:
    """The keys one may sign with, and the forms that add one."""
    place = _place(request)
    kind = request.POST.get("kind", "")
    file = (
        KeyFileForm(request.POST, request.FILES, auto_id="file_%s")
        if kind == "file"
        else KeyFileForm(auto_id="file_%s")
    )
    token = TokenKeyForm(request.POST if kind == "token" else None, auto_id="token_%s")
    form: forms.Form = token if kind == "token" else file
    if kind and form.is_valid():
        with refusals_on(form):
            _added(request, place, form)
            return flash.say(see_other("records:keys"), _("Đã khai báo khoá ký."))
    context = {
        "keys": list(queries.visible_keys(request.actor)), "kinds": labels.KEY_KINDS, "file": file, "token": token,
        "place": place, "may_seal": request.actor.may(Permission.KEY_SEAL, place.id), "now": clock.now(),
    }  # fmt: skip
    return page(request, "records/keys.html", context, status=422 if kind else 200)


def _added(request: Request, place: Organisation, form: forms.Form) -> None:
    given = form.cleaned_data
    if isinstance(form, KeyFileForm):
        actions.add_key_file(
            actor=request.actor, organisation=place, is_seal=given["is_seal"], title=given["title"],
            file=given["file"].read(MOST_BYTES), password=given["password"], at=clock.now(),
        )  # fmt: skip
    else:
        actions.add_token_key(
            actor=request.actor, organisation=place, is_seal=given["is_seal"], title=given["title"],
            token=given["token"], label=given["label"], certificates=given["certificates"].encode(), at=clock.now(),
        )  # fmt: skip


MOST_BYTES = 256 * 1024


def _place(request: Request) -> Organisation:
    """The school for which the actor may keep a key. Raises NotFound."""
    for permission in (Permission.KEY_OWN, Permission.KEY_SEAL):
        for place in registry.working_places(request.actor, permission):
            return place
    raise NotFound


@require_POST
def retire(request: Request, key_id: UUID) -> HttpResponse:
    """Let a key sign nothing more."""
    actions.retire_key(actor=request.actor, key=queries.key_of(request.actor, key_id), at=clock.now())
    return flash.say(see_other("records:keys"), _("Khoá đã ngừng dùng."))
