"""The identity papers of a person: one more, corrected, withdrawn."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import today
from khue.foundation.errors import refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import actions, queries
from khue.registry.access import Permission
from khue.registry.forms import EndForm
from khue.registry.models import IdentityPaper
from khue.registry.paper_forms import PaperForm


@require_http_methods(["GET", "HEAD", "POST"])
def record_paper(request: Request, public_id: UUID) -> HttpResponse:
    """Write down one more paper of a person."""
    person = queries.person_of(request.actor, public_id)
    require(request.actor, Permission.PERSON_WRITE, within=person)
    form = PaperForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            actions.record_paper(actor=request.actor, person=person, details=form.details, on=today())
            return flash.say(see_other("registry:person", public_id), _("Đã ghi giấy tờ."))
    context = {"person": person, "form": form}
    return page(request, "registry/record_paper.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: Request, public_id: UUID) -> HttpResponse:
    """Correct what was written down of a paper."""
    row = queries.paper_of(request.actor, public_id)
    form = PaperForm(request.POST or None, initial={name: getattr(row, name) for name in PaperForm.base_fields})
    if form.is_valid():
        with refusals_on(form):
            actions.correct_paper(actor=request.actor, paper=row, details=form.details)
            return flash.say(see_other("registry:person", row.person.public_id), _("Đã lưu giấy tờ."))
    return _page(request, row, form, EndForm(initial={"on": today()}))


@require_POST
def withdraw_paper(request: Request, public_id: UUID) -> HttpResponse:
    """Say that a paper holds no more."""
    row = queries.paper_of(request.actor, public_id)
    end = EndForm(request.POST)
    if end.is_valid():
        with refusals_on(end):
            actions.withdraw_paper(actor=request.actor, paper=row, on=end.cleaned_data["on"])
            return flash.say(see_other("registry:person", row.person.public_id), _("Giấy tờ không còn dùng nữa."))
    return _page(request, row, PaperForm(initial={name: getattr(row, name) for name in PaperForm.base_fields}), end)


def _page(request: Request, row: IdentityPaper, form: PaperForm, end: EndForm) -> HttpResponse:
    context = {"row": row, "form": form, "end": end}
    return page(request, "registry/paper.html", context, status=422 if form.is_bound or end.is_bound else 200)
