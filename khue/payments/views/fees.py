"""Pages of where a school collects, what for, and who pays less."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash
from khue.foundation.actor import require
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.payments import actions, banks, labels, queries
from khue.payments.access import Permission
from khue.payments.catalogue import UsualFee, usual_fees
from khue.payments.forms.fees import AccountForm, EndForm, FeeForm, ReliefForm
from khue.payments.models import FeeItem
from khue.payments.views.office import school_of, tabs
from khue.registry import queries as registry
from khue.registry.models import Organisation


@require_safe
def fees(request: Request) -> HttpResponse:
    """Accounts, fees and reliefs of the school."""
    school_of(request, Permission.MONEY_READ)
    context = {
        "tabs": tabs(request.actor, "fees"),
        "accounts": queries.shown_accounts(request.actor),
        "hooks": queries.open_hooks(request.actor),
        "fees": queries.latest_fees(request.actor),
        "reliefs": queries.latest_reliefs(request.actor),
        "bases": labels.BASES,
        "grounds": labels.GROUNDS,
        "today": clock.today(),
        "may_write": request.actor.may(Permission.FEE_WRITE),
        "name_of": banks.name_of,
    }
    return page(request, "payments/fees.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: Request) -> HttpResponse:
    """Declare an account."""
    school = school_of(request, Permission.FEE_WRITE)
    form = AccountForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.open_account(actor=request.actor, organisation_id=school.id, **form.cleaned_data)
            return _saved()
    return _form(request, _("Thêm tài khoản thu"), form)


@require_http_methods(["GET", "HEAD", "POST"])
def new_fee(request: Request, public_id: UUID | None = None) -> HttpResponse:
    """Set a fee, one of the catalogue, or one that follows another from a day on."""
    school = school_of(request, Permission.FEE_WRITE)
    before = queries.fee_of(request.actor, public_id) if public_id else None
    usual = usual_fees().get(request.GET.get("kind", ""))
    initial = _begun_with(before, usual)
    accounts = list(queries.visible_accounts(request.actor).filter(organisation=school))
    form = FeeForm(request.POST or None, accounts=accounts, initial=initial | {"valid_from": clock.today()})
    if form.is_valid():
        with refusals_on(form):
            actions.set_fee(actor=request.actor, **form.cleaned_data)
            return _saved()
    return _form(request, _("Đổi mức thu") if before else _("Thêm khoản thu"), form, usual)


def _begun_with(before: FeeItem | None, usual: UsualFee | None) -> dict[str, object]:
    """What the form of a fee is filled with beforehand."""
    found = before or usual
    if found is None:
        return {}
    begun: dict[str, object] = {
        name: getattr(found, name) for name in ("name", "legal_basis", "base", "amount", "kind")
    }
    if before:
        return begun | {"is_voluntary": before.is_voluntary, "account": str(before.account.public_id)}
    return begun | {"is_voluntary": bool(usual and usual.must_be_voluntary)}


@require_safe
def catalogue(request: Request) -> HttpResponse:
    """Usual fees with the acts they rest on, to pick from."""
    school = school_of(request, Permission.FEE_WRITE)
    is_public = school.ownership == Organisation.Ownership.PUBLIC
    context = {"usual": list(usual_fees().values()), "is_public": is_public, "bases": labels.BASES}
    return page(request, "payments/catalogue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def end_fee(request: Request, public_id: UUID) -> HttpResponse:
    """Collect a fee no more."""
    found = queries.fee_of(request.actor, public_id)
    require(request.actor, Permission.FEE_WRITE, within=found)
    form = EndForm(request.POST or None, initial={"last_on": clock.today()})
    if form.is_valid():
        actions.end_fee(actor=request.actor, item=found, last_on=form.cleaned_data["last_on"])
        return _saved()
    return _form(request, _("Ngừng thu: %(name)s") % {"name": found.name}, form)


@require_http_methods(["GET", "HEAD", "POST"])
def new_relief(request: Request, public_id: UUID) -> HttpResponse:
    """Let a child, or all on a ground, pay less for a fee."""
    found = queries.fee_of(request.actor, public_id)
    require(request.actor, Permission.FEE_WRITE, within=found)
    text = request.POST.get("q", request.GET.get("q", ""))
    named = registry.people_named(request.actor, text=text, kind="pupil").rows if text else []
    form = ReliefForm(
        request.POST or None, item=found, children=[(p.public_id, p.public_id, p.full_name) for p in named]
    )
    if form.is_valid():
        filled = dict(form.cleaned_data)
        who = filled.pop("child")
        child = registry.person_of(request.actor, who) if isinstance(who, UUID) else None
        with refusals_on(form):
            actions.grant_relief(
                actor=request.actor, item=found, child=child, ground="" if child else who, **filled
            )  # fmt: skip
            return _saved()
    context = {"title": _("Miễn giảm: %(name)s") % {"name": found.name}, "form": form, "text": text}
    return page(request, "payments/relief_form.html", context, status=422 if form.errors else 200)


@require_POST
def end_relief(request: Request, public_id: UUID) -> HttpResponse:
    """Let a relief hold no more from today."""
    relief = queries.relief_of(request.actor, public_id)
    actions.end_relief(actor=request.actor, relief=relief, on=clock.today())
    return _saved()


@never_cache
@require_POST
def open_hook(request: Request, public_id: UUID) -> HttpResponse:
    """Make an address for the bank, and show its secret this once."""
    account = queries.account_of(request.actor, public_id)
    made, secret = actions.open_hook(actor=request.actor, account=account, at=clock.now())
    return page(request, "payments/hook.html", {"hook": made, "account": account, "secret": secret})


@require_POST
def close_hook(request: Request, public_id: UUID) -> HttpResponse:
    """Let the bank's address take nothing any more."""
    account = queries.account_of(request.actor, public_id)
    hook = queries.open_hooks(request.actor).get(account.id)
    if hook:
        actions.close_hook(actor=request.actor, hook=hook, at=clock.now())
    return flash.say(see_other("payments:fees"), _("Đã đóng địa chỉ nhận báo có."))


def _saved() -> HttpResponse:
    return flash.say(see_other("payments:fees"), _("Đã lưu."))


def _form(
    request: Request, title: str, form: AccountForm | FeeForm | EndForm, usual: UsualFee | None = None
) -> HttpResponse:
    context = {"title": title, "form": form, "usual": usual}
    return page(request, "payments/fee_form.html", context, status=422 if form.errors else 200)
