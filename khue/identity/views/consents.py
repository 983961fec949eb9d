"""Consent and privacy: what is asked, what was agreed to, taking it back; and the same for those who sign on paper."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khue.foundation import flash
from khue.foundation.clock import now, today
from khue.foundation.errors import Refusal, refusals_on
from khue.foundation.page import page, see_other
from khue.identity import actions, queries
from khue.identity.doors import SignedRequest
from khue.identity.extensions import purposes
from khue.identity.forms import PaperForm


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


@require_GET
def on_paper(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """The office's page of one person: what was signed, and writing down another signature."""
    asked = queries.paper_page(request.actor, public_id, on=today())
    context = {
        "asked": asked,
        "titles": {key: purpose.title for key, purpose in purposes.items()},
        "form": PaperForm(deciders=asked.deciders, purposes=asked.purposes),
    }
    return page(request, "identity/consents_on_paper.html", context)


@require_GET
def paper_form(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """The form to print and sign; nothing on it is ticked beforehand."""
    asked = queries.paper_page(request.actor, public_id, on=today())
    signs_too = any("self" in each.needed for each in asked.purposes)
    context = {"asked": asked, "signs_too": signs_too, "day": today()}
    return page(request, "identity/paper_form.html", context)


@require_POST
def record_paper(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Write down what somebody signed."""
    asked = queries.paper_page(request.actor, public_id, on=today())
    form = PaperForm(request.POST, deciders=asked.deciders, purposes=asked.purposes)
    if form.is_valid():
        with refusals_on(form):
            for purpose, version in form.agreed():
                actions.record_consent_on_paper(
                    actor=request.actor,
                    person=asked.person,
                    decided_by=queries.signer(request.actor, asked, int(form.cleaned_data["decided_by"])),
                    organisation=asked.person.organisation,
                    purpose=purpose,
                    text_version=version,
                    at=now(),
                )
            return flash.say(see_other("identity:consents_on_paper", public_id), _("Đã ghi phiếu đồng ý."))
    context = {"asked": asked, "titles": {key: purpose.title for key, purpose in purposes.items()}, "form": form}
    return page(request, "identity/consents_on_paper.html", context, status=422)


@require_POST
def withdraw_on_paper(request: SignedRequest, public_id: UUID) -> HttpResponse:
    """Write down that whoever signed took it back on paper."""
    consent = queries.consent_on_paper(request.actor, public_id)
    actions.record_withdrawal_on_paper(actor=request.actor, consent=consent, withdrawn_by=consent.decided_by, at=now())
    return flash.say(see_other("identity:consents_on_paper", consent.person.public_id), _("Đã rút lại sự đồng ý."))
