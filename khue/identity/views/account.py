"""A person's own account: handles, password, second factor, browsers signed in."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khue.foundation import flash
from khue.foundation.clock import now
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.identity import actions, queries
from khue.identity.browser import bearer, enter, is_confirmed, leave, next_of
from khue.identity.doors import SignedRequest
from khue.identity.forms import ChangePasswordForm, ConfirmForm, NewPasswordForm


@never_cache
@require_GET
def account(request: SignedRequest) -> HttpResponse:
    """Everything about the own account on one page."""
    return page(request, "identity/account.html", {"mine": queries.own_account_page(request.actor)})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: SignedRequest) -> HttpResponse:
    """A new password: with the present one, or freely where the account came in without one."""
    actor = bearer(request)
    has_password = queries.has_password(actor)
    form = (ChangePasswordForm if has_password else NewPasswordForm)(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            if has_password:
                actions.confirm_password(actor=actor, password=form.cleaned_data["password"], at=now())
            token = actions.change_password(actor=actor, new_password=form.cleaned_data["new_password"], at=now())
            done = enter(request, token, reverse("identity:account"))
            return flash.say(done, _("Đã đổi mật khẩu. Các thiết bị khác đã được đăng xuất."))
    is_owed = request.standing is not None and bool(request.standing.pending)
    return page(request, "identity/change_password.html", {"form": form, "is_owed": is_owed})


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: SignedRequest) -> HttpResponse:
    """Ask for the password, or the second factor, once more before a sensitive step."""
    actor = bearer(request)
    if not queries.has_password(actor):
        return HttpResponseRedirect(_with_next("identity:second_factor", next_of(request)), status=303)
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.confirm_password(actor=actor, at=now(), **form.cleaned_data)
            return HttpResponseRedirect(next_of(request, reverse("identity:account")), status=303)
    context = {
        "form": form,
        "next": next_of(request, ""),
        "has_factor": bool(request.standing and request.standing.has_factor),
    }
    return page(request, "identity/confirm.html", context)


@require_POST
def close_session(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Sign one browser out; the own one too."""
    session = queries.own_session(request.actor, public_id)
    actions.close_session(actor=request.actor, session=session, at=now())
    if session.id == request.actor.session_id:
        return leave(see_other("identity:sign_in"))
    return flash.say(see_other("identity:account"), _("Đã đăng xuất thiết bị đó."))


@require_POST
def close_other_sessions(request: SignedRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    closed = actions.close_other_sessions(actor=request.actor)
    return flash.say(see_other("identity:account"), _("Đã đăng xuất %(count)s thiết bị khác.") % {"count": closed})


def confirm_first(request: SignedRequest) -> HttpResponse | None:
    """The page that asks once more, when the last proof is too old for a sensitive step; then back to this one."""
    if is_confirmed(request, now()):
        return None
    back = request.path if request.method == "GET" else reverse("identity:account")
    return HttpResponseRedirect(_with_next("identity:confirm", back), status=303)


def _with_next(name: str, address: str) -> str:
    return f"{reverse(name)}?{urlencode({'next': address})}"
