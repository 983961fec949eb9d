"""Merging bodies into another one, and splitting one, for officers."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from khue.foundation import flash
from khue.foundation.clock import today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import actions, queries
from khue.registry.organisation_forms import MergerForm, SplitForm
from khue.registry.views.asked import asked


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Request, public_id: UUID) -> HttpResponse:
    """Take other bodies of its kind into this one."""
    body = queries.manageable(request.actor, public_id)
    text = asked(request, "q")["q"]
    candidates = queries.mergeable_into(request.actor, body, text)
    form = MergerForm(request.POST or None, candidates=candidates, initial={"on": today()})
    if form.is_valid():
        with refusals_on(form):
            actions.merge_organisations(
                actor=request.actor,
                merging=form.bodies,
                into=body,
                on=form.cleaned_data["on"],
                decision=form.cleaned_data["decision"],
                keep_as_campuses=form.cleaned_data["keep_as_campuses"],
            )
            return flash.say(see_other("registry:organisation", public_id), _("Đã sáp nhập."))
    context = {"body": body, "form": form, "text": text, "has_choice": bool(candidates)}
    return page(request, "registry/merge_organisations.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: Request, public_id: UUID) -> HttpResponse:
    """Make several bodies out of this one."""
    body = queries.manageable(request.actor, public_id)
    form = SplitForm(request.POST or None, initial={"on": today()})
    if form.is_valid():
        with refusals_on(form):
            actions.split_organisation(
                actor=request.actor,
                organisation=body,
                parts=form.parts_of(body),
                on=form.cleaned_data["on"],
                decision=form.cleaned_data["decision"],
                remains=form.cleaned_data["remains"],
            )
            return flash.say(see_other("registry:organisation", public_id), _("Đã chia tách."))
    context = {"body": body, "form": form}
    return page(request, "registry/split_organisation.html", context, status=422 if form.is_bound else 200)
