"""Accounts and roles of a school or office: who has one, who may do what, slips with activation codes."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import Refusal, refusals_on
from khue.foundation.lists import Filter, Listing
from khue.foundation.page import page, see_other
from khue.identity import actions, queries
from khue.identity.access import Permission
from khue.identity.doors import SignedRequest
from khue.identity.forms import ROLE_NAMES, GrantForm, OpenAccountForm, ResetForm, SlipsForm
from khue.identity.models import Account, Role
from khue.identity.views.account import confirm_first
from khue.registry import queries as registry
from khue.registry.models import Organisation

#: So many slips stand on one printed page run: a grade of a large school.
MOST_SLIPS = 500

ACCOUNTS: Listing[Account] = Listing(
    order=("user_name",),
    search=("folded_name", "user_name"),
    filters=(
        Filter("active", gettext_lazy("Trạng thái"), queries.in_state),
        # account_page looks at the role itself, since it matters where it is held; here it goes along to the next page.
        Filter("role", gettext_lazy("Vai trò"), lambda _role: Q()),
    ),
)


@require_GET
def accounts(request: SignedRequest) -> HttpResponse:
    """Everybody with a role where the actor looks after accounts."""
    require(request.actor, Permission.ACCOUNT_READ, within=None)
    found = queries.account_page(request.actor, ACCOUNTS, request.GET, on=today())
    rows = queries.account_rows(request.actor, found.rows, on=today())
    context = {
        "found": found,
        "rows": rows,
        "names": ROLE_NAMES,
        "roles": [("", _("Tất cả")), *((role.value, name) for role, name in ROLE_NAMES.items())],
        "waiting": len(queries.waiting_resets(request.actor, on=today())),
        "may_open": request.actor.may(Permission.ACCOUNT_OPEN),
    }
    return page(request, "identity/accounts.html", context, fragment="rows")


@never_cache
@require_http_methods(["GET", "POST"])
def of_person(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """The account of one person: its page, or a form that opens one."""
    person = registry.person_of(request.actor, public_id)
    require(request.actor, Permission.ACCOUNT_READ, within=None)
    them = queries.account_of_person(person)
    if them is not None and queries.visible_accounts(request.actor, on=today()).filter(id=them.id).exists():
        return see_other("identity:one_account", them.public_id)
    form = OpenAccountForm(request.POST or None, places=queries.places_to_open_for(request.actor, person))
    if form.is_valid():
        role, place = form.chosen()
        (opened,) = actions.open_accounts(actor=request.actor, people=[person], role=role, organisation=place, at=now())
        made = queries.account_of_person(person)
        slips = [(made, opened.code)] if opened.code else []
        return page(request, "identity/slips.html", {"slips": slips, "left": 0, "again": {}, "of_group": ""})
    return page(request, "identity/open_account.html", {"person": person, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def account(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """One account: its roles, and giving it another."""
    them = queries.account_of(request.actor, public_id, on=today())
    places = queries.places_to_grant(request.actor, them)
    form = GrantForm(request.POST or None, places=places)
    if form.is_valid():
        if early := confirm_first(request):
            return early
        with refusals_on(form):
            actions.grant_role(actor=request.actor, account=them, **form.grant())
            return flash.say(see_other("identity:one_account", public_id), _("Đã giao vai trò."))
    return _account_page(request, them, form)


@require_POST
def revoke_role(request: SignedRequest, public_id: UUID, grant_id: int) -> HttpResponse:
    """Take one role away; it counts at the next click of that person."""
    them = queries.account_of(request.actor, public_id, on=today())
    grant = queries.grant_of(request.actor, them, grant_id)
    try:
        actions.revoke_role(actor=request.actor, grant=grant, at=now())
    except Refusal as refusal:
        return flash.say(see_other("identity:one_account", public_id), str(refusal), tone="late")
    still_seen = queries.visible_accounts(request.actor, on=today()).filter(id=them.id).exists()
    said = _("Đã thu hồi vai trò.")
    return flash.say(
        see_other("identity:one_account", public_id) if still_seen else see_other("identity:accounts"), said
    )


@require_POST
def issue_code(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """A fresh activation code for one person, to be handed out."""
    them = queries.account_of(request.actor, public_id, on=today())
    codes = actions.issue_codes(actor=request.actor, accounts=[them], at=now())
    return page(
        request, "identity/slips.html", {"slips": [(them, codes[them.id])], "left": 0, "again": {}, "of_group": ""}
    )


@require_POST
def switch(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Close an open account, or open a closed one again."""
    them = queries.account_of(request.actor, public_id, on=today())
    change, said = (
        (actions.close_account, _("Đã khóa tài khoản; mọi thiết bị đã đăng xuất."))
        if them.is_active
        else (actions.reopen_account, _("Đã mở lại tài khoản."))
    )
    try:
        change(actor=request.actor, account=them, at=now())
    except Refusal as refusal:
        return flash.say(see_other("identity:one_account", public_id), str(refusal), tone="late")
    return flash.say(see_other("identity:one_account", public_id), said)


@never_cache
@require_http_methods(["GET", "POST"])
def slips(request: SignedRequest) -> HttpResponse:
    """Slips with activation codes for everybody of one role who has not signed in yet, to print and cut."""
    require(request.actor, Permission.ACCOUNT_OPEN, within=None)
    places = queries.places_to_open(request.actor)
    groups = [(place, registry.groups_at(place.id)) for place, _roles in places]
    form = SlipsForm(request.POST or None, places=places, groups=[each for each in groups if each[1]])
    if form.is_valid():
        role, place = form.chosen()
        waiting = queries.waiting_accounts(
            request.actor, place, role, on=today(), after=form.cleaned_data["after"], group=form.chosen_group
        )
        shown = waiting[:MOST_SLIPS]
        codes = actions.issue_codes(actor=request.actor, accounts=shown, at=now())
        wards = _wards(shown) if role == Role.GUARDIAN else {}
        order = {key: number for number, key in enumerate(wards)}  # as children sit in the list of their class
        made = [(them, codes[them.id]) for them in sorted(shown, key=lambda them: order.get(them.id, 0))]
        left = len(waiting) - len(shown)
        again = {**form.cleaned_data, "after": shown[-1].user_name} if left else {}
        context = {
            "slips": made,
            "left": left,
            "again": again,
            "of_group": form.group_name,
            "wards": wards,
        }
        return page(request, "identity/slips.html", context)
    return page(request, "identity/make_slips.html", {"form": form, "missing": _missing(request)})


def _wards(accounts: Sequence[Account]) -> dict[int, str]:
    """By account: the names of the children for whose guardian it is, in the order of the children."""
    of_person = {each.person_id: each.id for each in accounts if each.person_id}
    named = registry.wards_named(list(of_person), today())
    return {of_person[person]: ", ".join(children) for person, children in named.items()}


#: Whose accounts are opened for a whole school at once, in the order of the page.
MANY = (Role.PUPIL, Role.GUARDIAN)


def _missing(request: SignedRequest) -> list[tuple[Organisation, Role, int]]:
    """At which schools people have no account yet, as what, and how many."""
    places = [place for place, roles in queries.places_to_open(request.actor) if Role.PUPIL in roles]
    counted = [
        (place, role, len(queries.without_account(place, role, on=today()))) for place in places for role in MANY
    ]
    return [(place, role, count) for place, role, count in counted if count]


@require_POST
def open_missing(request: SignedRequest) -> HttpResponse:
    """Accounts for all pupils, or all guardians, of a school who have none."""
    chosen = request.POST.get("of", "")
    for place, role, _count in _missing(request):
        if chosen == f"{role}@{place.public_id}":
            opened = actions.open_missing_accounts(actor=request.actor, organisation=place, role=role, at=now())
            said = _("Đã mở %(count)s tài khoản. In phiếu theo lớp để phát.") % {"count": opened}
            return flash.say(see_other("identity:slips"), said)
    return see_other("identity:slips")


@require_POST
def ask_reset(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Ask that a lost second factor be taken away; somebody else decides."""
    them = queries.account_of(request.actor, public_id, on=today())
    form = ResetForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.ask_to_reset_factors(actor=request.actor, account=them, at=now(), **form.cleaned_data)
            said = _("Đã gửi đề nghị. Một người có thẩm quyền khác sẽ duyệt.")
            return flash.say(see_other("identity:one_account", public_id), said)
    places = queries.places_to_grant(request.actor, them)
    return _account_page(request, them, GrantForm(None, places=places), form)


@require_GET
def resets(request: SignedRequest) -> HttpResponse:
    """Requests to take a second factor away that wait for a second person."""
    require(request.actor, Permission.ACCOUNT_READ, within=None)
    return page(request, "identity/resets.html", {"rows": queries.waiting_resets(request.actor, on=today())})


@require_POST
def decide_reset(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Grant or refuse what another person asked."""
    asked = queries.reset_of(request.actor, public_id)
    if early := confirm_first(request):
        return early
    is_granted = request.POST.get("decision") == "grant"
    decide = actions.grant_factor_reset if is_granted else actions.refuse_factor_reset
    try:
        decide(actor=request.actor, reset=asked, at=now())
    except Refusal as refusal:
        return flash.say(see_other("identity:resets"), str(refusal), tone="late")
    said = _("Đã gỡ lớp xác thực và đăng xuất mọi thiết bị.") if is_granted else _("Đã từ chối đề nghị.")
    return flash.say(see_other("identity:resets"), said)


def _account_page(
    request: SignedRequest, them: Account, form: GrantForm, reset: ResetForm | None = None
) -> HttpResponse:
    actor = request.actor
    context = {
        "them": them,
        "row": queries.account_rows(actor, [them], on=today())[0],
        "roles": queries.roles_of(actor, them, on=today()),
        "names": ROLE_NAMES,
        "form": form,
        "factor": queries.factor_state(actor, them, on=today()),
        "reset": reset or ResetForm(),
        "is_own": them.id == actor.account_id,
        "may_close": actor.may(Permission.ACCOUNT_CLOSE) and them.id != actor.account_id,
        "may_issue": actor.may(Permission.ACCOUNT_OPEN) and them.is_active,
    }
    status = 422 if reset is not None else 200
    return page(request, "identity/one_account.html", context, status=status)
