"""Pages of consent sheets: asking, signing, taking back, what the school decides, and the sheet on paper."""

from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash
from khue.foundation.errors import Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.identity import actions as identity
from khue.identity import queries as identities
from khue.identity.extensions import purposes
from khue.messaging import actions, queries
from khue.messaging.announcements_seen import reach_of
from khue.messaging.forms.consents import KINDS, RulingForm, SheetForm, SignForm
from khue.messaging.models import AnnouncementCopy, ConsentSheet
from khue.messaging.views.announcements import classes_of_one_school, files_received


@require_http_methods(["GET", "POST"])
def write(request: Request) -> HttpResponse:
    """Begin a consent sheet."""
    classes = classes_of_one_school(request, "consent")
    place = classes[0].organisation_id
    chosen = request.GET.getlist("class")
    form = SheetForm(request.POST or None, request.FILES or None, classes=classes, chosen=chosen)
    if form.is_valid():
        with refusals_on(form), transaction.atomic():
            made = actions.write_sheet(
                actor=request.actor, draft=form.draft(), sheet=form.sheet, files=files_received(request, place),
                at=clock.now(),
            )  # fmt: skip
            return see_other("messaging:sheet", made.announcement.public_id)
    context = {"form": form, "place": place}
    return page(request, "messaging/consent_write.html", context, status=422 if form.errors else 200)


@require_safe
def sheet(request: Request, public_id: UUID) -> HttpResponse:
    """One sheet to staff: before it is told to look over, then how it stands for every child."""
    found, reach = queries.followed_announcement(request.actor, public_id)
    asked = queries.sheet_of(found)
    rows = queries.standings_of(asked, reach) if found.told_at else []
    context = {
        **_about(asked), "announcement": found, "rows": rows, "files": queries.files_of(found),
        "classes": queries.class_names_of([found]).get(found.id, []),
        "counts": {key: sum(row.standing == key for row in rows) for key in queries.STANDINGS},
        "is_open": found.is_open(clock.now()), "printed": "print" in request.GET,
    }  # fmt: skip
    return page(request, "messaging/consent_list.html" if "print" in request.GET else "messaging/consent.html", context)


def _about(asked: ConsentSheet) -> dict[str, object]:
    return {
        "sheet": asked,
        "kind": dict(KINDS)[ConsentSheet.Kind(asked.kind)],
        "purpose": purposes[asked.purpose] if asked.purpose else None,
    }


@require_POST
def tell(request: Request, public_id: UUID) -> HttpResponse:
    """Fix the wording and ask the families."""
    found, _reach = queries.followed_announcement(request.actor, public_id)
    there = see_other("messaging:sheet", public_id)
    try:
        with transaction.atomic():
            count = actions.tell_sheet(actor=request.actor, sheet=queries.sheet_of(found), at=clock.now())
    except Refusal as refusal:
        return flash.say(there, str(refusal), tone="late")
    return flash.say(there, _("Đã gửi phiếu tới %(count)s gia đình.") % {"count": count})


@never_cache
@sensitive_post_parameters("password", "code", "answer")
@require_http_methods(["GET", "POST"])
def sign(request: Request, copy_id: UUID) -> HttpResponse:
    """Read the sheet and sign it, or see what was signed."""
    copy = queries.copy_of(request.actor, copy_id)
    asked = queries.sheet_of(copy.announcement)
    factors = identities.own_factors(request.actor)
    form = SignForm(
        request.POST or None, wording_hash=asked.wording_hash, takes_conditions=asked.takes_conditions,
        has_app=factors.app_since is not None, has_passkey=bool(factors.passkeys),
    )  # fmt: skip
    one = queries.standing_of(request.actor, asked, reach_of(request.actor, clock.today()), copy_id)
    may_sign = any(right.guardian_id == request.actor.person_id for right in one.deciders)
    if may_sign and form.is_valid():
        with refusals_on(form):
            actions.sign_sheet(actor=request.actor, copy=copy, signing=_signing(request, form), at=clock.now())
            return flash.say(see_other("messaging:sign", copy_id), _("Đã kí phiếu. Nhà trường đã nhận được."))
    context = {
        **_about(asked), "announcement": copy.announcement, "copy": copy, "form": form, "may_sign": may_sign,
        "one": one, "files": queries.files_of(copy.announcement),
        "is_open": copy.announcement.is_open(clock.now()), "has_passkey": bool(factors.passkeys),
        "has_password": identities.has_password(request.actor),
    }  # fmt: skip
    return page(request, "messaging/consent_sign.html", context, status=422 if form.errors else 200)


def _signing(request: Request, form: SignForm) -> actions.Signing:
    given = form.cleaned_data
    return actions.Signing(
        decision=given["decision"], wording_hash=given["wording_hash"], conditions=given.get("conditions", ""),
        password=given["password"], code=given.get("code", ""), answer=given["answer"],
        host=str(urlsplit(f"//{request.get_host()}").hostname),
        challenge=request.COOKIES.get(identity.CHALLENGE_COOKIE, ""),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, copy_id: UUID) -> HttpResponse:
    """Ask once more, then take the yes back."""
    copy = queries.copy_of(request.actor, copy_id)
    asked = queries.sheet_of(copy.announcement)
    if request.method == "POST":
        actions.withdraw_signature(actor=request.actor, copy=copy, at=clock.now())
        return flash.say(see_other("messaging:sign", copy_id), _("Đã rút lại lời đồng ý. Nhà trường đã được ghi nhận."))
    return page(request, "messaging/consent_withdraw.html", {"copy": copy, "sheet": asked})


def _one_sheet(request: Request, public_id: UUID, copy_id: UUID) -> tuple[dict[str, object], AnnouncementCopy]:
    found = queries.announcement_of(request.actor, public_id)
    asked = queries.sheet_of(found)
    one = queries.standing_of(request.actor, asked, reach_of(request.actor, clock.today()), copy_id)
    about = {**_about(asked), "announcement": found, "one": one, "files": queries.files_of(found)}
    return about, one.copy


@require_safe
def paper(request: Request, public_id: UUID, copy_id: UUID) -> HttpResponse:
    """The sheet about one child on paper, with every signature and whether its seal is whole."""
    about, _copy = _one_sheet(request, public_id, copy_id)
    return page(request, "messaging/consent_paper.html", {**about, "now": clock.now()})


@require_http_methods(["GET", "POST"])
def rule(request: Request, public_id: UUID, copy_id: UUID) -> HttpResponse:
    """What the school decides about one child."""
    queries.followed_announcement(request.actor, public_id)
    about, copy = _one_sheet(request, public_id, copy_id)
    form = RulingForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.rule_on_sheet(
                actor=request.actor, copy=copy, takes_part=form.cleaned_data["takes_part"] == "yes",
                reason=form.cleaned_data["reason"], at=clock.now(),
            )  # fmt: skip
            return flash.say(see_other("messaging:sheet", public_id), _("Đã ghi quyết định của nhà trường."))
    return page(request, "messaging/consent_rule.html", {**about, "form": form}, status=422 if form.errors else 200)
