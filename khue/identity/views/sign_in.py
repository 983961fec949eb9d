"""Signing in and out, the second step, activation."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from khue.foundation.clock import now
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.identity import actions, queries
from khue.identity.browser import address_of, agent_of, bearer, enter, leave, next_of
from khue.identity.doors import SignedRequest
from khue.identity.forms import ActivationForm, LinkForm, SecondFactorForm, SignInForm


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: SignedRequest) -> HttpResponse:
    """Say who one is. Somebody signed in already goes on at once."""
    if request.method != "POST" and request.standing is not None:
        return HttpResponseRedirect(next_of(request), status=303)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            token = actions.sign_in(**form.cleaned_data, at=now(), address=address_of(request), agent=agent_of(request))
            return enter(request, token, next_of(request))
    context = {"form": form, "next": next_of(request, ""), "providers": queries.offered_providers()}
    return page(request, "identity/sign_in.html", context)


@require_POST
def sign_out(request: SignedRequest) -> HttpResponse:
    """End this browser's session."""
    if request.standing is not None:
        actor = bearer(request)
        session = queries.this_session(actor)
        actions.close_session(actor=actor, session=session, at=now())
    return leave(see_other("identity:sign_in"))


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: SignedRequest) -> HttpResponse:
    """Prove the second factor, right after the password or before a sensitive step."""
    if request.standing is None:
        return see_other("identity:sign_in")
    if not request.standing.has_factor:
        return HttpResponseRedirect(next_of(request, reverse("identity:set_up")), status=303)
    form = SecondFactorForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            token = actions.prove_code(actor=bearer(request), at=now(), **form.cleaned_data)
            return enter(request, token, next_of(request))
    return page(request, "identity/second_factor.html", {"form": form, "next": next_of(request, "")})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """Set a password with a code from the school or from a mail."""
    form = ActivationForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            token = actions.activate(
                **form.cleaned_data, at=now(), address=address_of(request), agent=agent_of(request)
            )
            return enter(request, token, "/")
    return page(request, "identity/activate.html", {"form": form})


@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by e-mail. The answer is the same whether or not there is such an account."""
    form = LinkForm(request.POST or None)
    asked = False
    if form.is_valid():
        with refusals_on(form):
            where = request.build_absolute_uri(reverse("identity:activate"))
            actions.request_link(**form.cleaned_data, page=where, at=now(), address=address_of(request))
            asked = True
    return page(request, "identity/forgotten.html", {"form": form, "asked": asked})
