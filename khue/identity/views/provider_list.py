"""The operator's list of identity providers."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.identity import actions, queries
from khue.identity.access import Permission
from khue.identity.actions import ProviderDetails
from khue.identity.doors import SignedRequest
from khue.identity.forms import ProviderForm
from khue.identity.views.account import confirm_first


@require_GET
def providers(request: SignedRequest) -> HttpResponse:
    """With which identities people may sign in, and the address each provider must be told."""
    require(request.actor, Permission.PROVIDER_WRITE, within=None)
    rows = [
        (provider, request.build_absolute_uri(reverse("identity:provider_back", args=[provider.key])))
        for provider in queries.all_providers()
    ]
    return page(request, "identity/providers.html", {"rows": rows})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def add(request: SignedRequest) -> HttpResponse:
    """Add a provider."""
    require(request.actor, Permission.PROVIDER_WRITE, within=None)
    if early := confirm_first(request):
        return early
    form = ProviderForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = actions.add_provider(actor=request.actor, details=ProviderDetails(**form.cleaned_data))
            return flash.say(see_other("identity:providers"), _("Đã thêm %(name)s.") % {"name": made.name})
    return page(request, "identity/add_provider.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def switch(request: SignedRequest, key: str) -> HttpResponse:
    """Switch a provider off, or on again."""
    require(request.actor, Permission.PROVIDER_WRITE, within=None)
    provider = queries.any_provider_of(key)
    if early := confirm_first(request):
        return early
    actions.switch_provider(actor=request.actor, provider=provider, is_enabled=not provider.is_enabled)
    said = _("Đã tắt %(name)s.") if provider.is_enabled else _("Đã bật %(name)s.")
    return flash.say(see_other("identity:providers"), said % {"name": provider.name})
