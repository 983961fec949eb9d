"""The tree of organisations for officers: walking it, founding, correcting, moving, closing."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import actions, labels, queries
from khue.registry.access import Permission
from khue.registry.forms import territory_as_typed
from khue.registry.organisation_forms import ClosingForm, FoundingForm, MoveForm, OrganisationForm, as_typed
from khue.registry.views.asked import asked


@require_safe
def tree(request: Request) -> HttpResponse:
    """The part of the tree the officer answers for, one floor at a time, or by name."""
    if request.actor.account_id is None:
        return see_other("registry:directory")  # whoever guesses this address looks for a school
    require(request.actor, Permission.ORGANISATION_WRITE, within=None)
    given = asked(request, "q", "under", "after")
    found = queries.tree_page(request.actor, under=_public_id(given["under"]), text=given["q"], after=given["after"])
    following = urlencode({**given, "after": found.next_cursor}) if found.next_cursor else ""
    context = {
        "asked": given,
        "found": found,
        "next": f"?{following}" if following else "",
        "kinds": labels.ORGANISATION_KINDS,
        "may_found": found.under is not None and bool(queries.kinds_below(found.under)),
    }
    return page(request, "registry/tree.html", context, fragment="content")


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: Request, public_id: UUID) -> HttpResponse:
    """Found a body under the one that is to manage it."""
    parent = queries.manageable(request.actor, public_id)
    initial = {"on": today(), **territory_as_typed(parent.territory)}
    form = FoundingForm(request.POST or None, kinds=queries.kinds_below(parent), initial=initial)
    if form.is_valid():
        with refusals_on(form):
            made = actions.found_organisation(
                actor=request.actor,
                kind=form.cleaned_data["kind"],
                parent=parent,
                details=form.details,
                on=form.cleaned_data["on"],
            )
            return flash.say(see_other("registry:organisation", made.public_id), _("Đã lập đơn vị."))
    context = {"parent": parent, "form": form}
    return page(request, "registry/found_organisation.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: Request, public_id: UUID) -> HttpResponse:
    """Correct what is known of a body."""
    body = queries.manageable(request.actor, public_id)
    form = OrganisationForm(request.POST or None, initial=as_typed(body))
    if form.is_valid():
        with refusals_on(form):
            actions.correct_organisation(actor=request.actor, organisation=body, details=form.details)
            return flash.say(see_other("registry:organisation", public_id), _("Đã lưu thông tin đơn vị."))
    context = {"body": body, "form": form}
    return page(request, "registry/correct_organisation.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: Request, public_id: UUID) -> HttpResponse:
    """Put a body under another manager."""
    body = queries.manageable(request.actor, public_id)
    managers = queries.managers_for(request.actor, body)
    form = MoveForm(request.POST or None, managers=managers, initial={"on": today()})
    if form.is_valid():
        with refusals_on(form):
            actions.change_manager(
                actor=request.actor,
                organisation=body,
                to=form.manager,
                on=form.cleaned_data["on"],
                decision=form.cleaned_data["decision"],
            )
            return flash.say(see_other("registry:organisation", public_id), _("Đã đổi cơ quan quản lí."))
    context = {"body": body, "form": form, "has_choice": bool(managers)}
    return page(request, "registry/move_organisation.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: Request, public_id: UUID) -> HttpResponse:
    """Close a body for good."""
    body = queries.manageable(request.actor, public_id)
    form = ClosingForm(request.POST or None, initial={"on": today()})
    if form.is_valid():
        with refusals_on(form):
            actions.close_organisation(actor=request.actor, organisation=body, **form.cleaned_data)
            return flash.say(see_other("registry:organisation", public_id), _("Đã ghi ngày giải thể."))
    context = {"body": body, "form": form}
    return page(request, "registry/close_organisation.html", context, status=422 if form.is_bound else 200)


def _public_id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None
