"""Keys: one's own, and the school's seal."""

from datetime import timedelta
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
from khue.records.forms import KeyFileForm, RemoteKeyForm, TokenKeyForm, TryKeyForm
from khue.records.views.home import home_of
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
    remote = RemoteKeyForm(request.POST if kind == "remote" else None, auto_id="remote_%s")
    form: forms.Form = {"token": token, "remote": remote}.get(kind, file)
    if kind and form.is_valid():
        with refusals_on(form):
            _added(request, place, form)
            return flash.say(see_other("records:keys"), _("Đã khai báo khoá ký."))
    context = {
        "keys": list(queries.visible_keys(request.actor)[:MOST_KEYS]), "kinds": labels.KEY_KINDS, "file": file,
        "token": token, "remote": remote, "usable": queries.places_for_keys(), "kind": kind,
        "now": clock.now(), "soon": clock.now() + SOON, "home": home_of(request.actor),
    }  # fmt: skip
    return page(request, "records/keys.html", context, status=422 if kind else 200)


def _added(request: Request, place: Organisation, form: forms.Form) -> None:
    given = form.cleaned_data
    # Who has no key of an own here, a clerk or a department's officer, tells of the seal.
    given["is_seal"] = given["is_seal"] or not request.actor.may(Permission.KEY_OWN)
    if isinstance(form, KeyFileForm):
        actions.add_key_file(
            actor=request.actor, organisation=place, is_seal=given["is_seal"], title=given["title"],
            file=given["file"].read(MOST_BYTES), password=given["password"], at=clock.now(),
        )  # fmt: skip
    elif isinstance(form, RemoteKeyForm):
        actions.add_remote_key(
            actor=request.actor, organisation=place, is_seal=given["is_seal"], title=given["title"],
            credential=given["credential"], certificate=queries.remote_certificate(given["credential"]),
            at=clock.now(),
        )  # fmt: skip
    else:
        actions.add_token_key(
            actor=request.actor, organisation=place, is_seal=given["is_seal"], title=given["title"],
            token=given["token"], label=given["label"], certificates=given["certificates"].encode(), at=clock.now(),
        )  # fmt: skip


MOST_BYTES = 256 * 1024
MOST_KEYS = 100
#: So long before a certificate ends its holder is told: a new one takes an authority some weeks.
SOON = timedelta(days=45)


def _place(request: Request) -> Organisation:
    """The school for which the actor may keep a key. Raises NotFound."""
    for permission in (Permission.KEY_OWN, Permission.KEY_SEAL):
        for place in registry.working_places(request.actor, permission):
            return place
    raise NotFound


@require_http_methods(["GET", "HEAD", "POST"])
def key(request: Request, key_id: UUID) -> HttpResponse:
    """One key: what its certificate says, and whether it signs."""
    found = queries.key_of(request.actor, key_id)
    form = TryKeyForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.try_key(actor=request.actor, key=found, secret=form.cleaned_data["secret"], at=clock.now())
            return flash.say(see_other("records:key", key_id), _("Khoá ký được. Không có gì được ký vào học bạ."))
    context = {
        "key": found, "kinds": labels.KEY_KINDS, "form": form, "now": clock.now(), "soon": clock.now() + SOON,
        "days": (found.valid_to - clock.now()).days, "home": home_of(request.actor),
    }  # fmt: skip
    return page(request, "records/key.html", context, status=422 if form.errors else 200)


@require_POST
def retire(request: Request, key_id: UUID) -> HttpResponse:
    """Let a key sign nothing more."""
    actions.retire_key(actor=request.actor, key=queries.key_of(request.actor, key_id), at=clock.now())
    return flash.say(see_other("records:keys"), _("Khoá đã ngừng dùng."))
