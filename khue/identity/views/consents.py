"""Consent and privacy: what is asked, what was agreed to, taking it back."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khue.foundation import flash
from khue.foundation.clock import now, today
from khue.foundation.errors import Refusal
from khue.foundation.page import page, see_other
from khue.identity import actions, queries
from khue.identity.doors import SignedRequest
from khue.identity.extensions import purposes


@require_GET
def privacy(request: SignedRequest) -> HttpResponse:
    """Every purpose, for oneself and one's children; nothing is ticked beforehand."""
    context = {
        "people": queries.consent_page(request.actor, on=today()),
        "history": queries.history_of(request.actor),
        "titles": {key: purpose.title for key, purpose in purposes.items()},
    }
    return page(request, "identity/privacy.html", context)


@require_POST
def give(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Say yes to one purpose, in the wording that was read."""
    person = queries.person_to_decide_for(request.actor, public_id)
    try:
        actions.give_consent(
            actor=request.actor,
            person=person,
            organisation=person.organisation,
            purpose=request.POST.get("purpose", ""),
            text_version=request.POST.get("version", ""),
            at=now(),
        )
    except Refusal as refusal:
        return flash.say(see_other("identity:privacy"), str(refusal), tone="late")
    return flash.say(see_other("identity:privacy"), _("Đã ghi nhận sự đồng ý. Có thể rút lại bất cứ lúc nào tại đây."))


@require_POST
def withdraw(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Take a yes back."""
    try:
        actions.withdraw_consent(actor=request.actor, consent=queries.consent_of(request.actor, public_id), at=now())
    except Refusal as refusal:
        return flash.say(see_other("identity:privacy"), str(refusal), tone="late")
    return flash.say(see_other("identity:privacy"), _("Đã rút lại sự đồng ý."))
