"""What anybody may open without an account: find a procedure, file it, follow it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, scope, serving
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import for_everybody, page, see_other
from khue.foundation.request import Request, address_of
from khue.procedures import actions, extensions, labels, queries
from khue.procedures.access import may_upload
from khue.procedures.attaching import CASE_FILE, FREELY
from khue.procedures.forms import AnswerForm, FilingForm, FollowForm, RateForm
from khue.procedures.models import Case
from khue.procedures.views.beside import refusals_beside
from khue.procedures.views.parties import Parties, parties_of
from khue.procedures.views.sent import papers_of
from khue.procedures.views.slips import printed
from khue.registry.models import Organisation

#: Seconds that caches may keep what is the same for everybody.
KEPT = 300
#: What the address of a receipt is signed as, and for how long it opens.
TICKET, TICKET_SECONDS = "procedures.filed", 3600
#: Whose procedures are about pupils.
SCHOOLS = frozenset({Organisation.Kind.SCHOOL, Organisation.Kind.CAMPUS})


@require_safe
def procedures(request: Request) -> HttpResponse:
    """Procedures one can file, searched without tone marks."""
    asked = request.GET.get("q", "")[:100]
    context = {"procedures": queries.open_procedures(today(), asked), "asked": asked, "offices": labels.OFFICES}
    return for_everybody(page(request, "procedures/list.html", context), request, seconds=KEPT)


@require_safe
def procedure(request: Request, public_id: UUID) -> HttpResponse:
    """One procedure: for whom, how long, on what it rests, what is asked, and how it runs."""
    definition = queries.open_definition(public_id, today())
    context = {
        "definition": definition,
        "procedure": definition.procedure,
        "asked": queries.questions_of(definition),
        "tasks": [name for _key, name, _role, _fields in queries.tasks_of(definition)],
        "picture": definition.steps["picture"],
        "offices": labels.OFFICES,
    }
    return for_everybody(page(request, "procedures/procedure.html", context), request, seconds=KEPT)


@require_http_methods(["GET", "HEAD", "POST"])
def file(request: Request, public_id: UUID) -> HttpResponse:
    """File a procedure: choose the office, then fill in what the platform does not know."""
    definition = queries.open_definition(public_id, today())
    listed = extensions.offices_listed.get(definition.procedure.key)
    if listed is not None and "office" not in request.GET:
        return see_other(listed.address)
    parties = parties_of(request, definition)
    if not parties.are_complete:
        context = {"procedure": definition.procedure, "parties": parties}
        return page(request, "procedures/choose_office.html", context)
    form = _filing_form(request, parties)
    if form.is_valid():
        with refusals_beside(form):
            at = now()
            case = actions.file_case(actor=request.actor, filing=_filing(request, parties, form), at=at)
            if parties.by_officer:
                return flash.say(see_other("procedures:case", case.public_id), _("Đã nhận hồ sơ."))
            return _filed(request, case, definition.procedure.title, is_again=case.filed_at != at)
    assert parties.office is not None  # the parties are complete
    context = {
        "procedure": definition.procedure, "definition": definition, "parties": parties, "form": form,
        "in_pieces": may_upload(request.actor, parties.office.id), "purpose": CASE_FILE,
    }  # fmt: skip
    return page(request, "procedures/file.html", context, status=422 if form.errors else 200)


def _filed(request: Request, case: Case, title: str, *, is_again: bool = False) -> HttpResponse:
    """The receipt, answered at once. The page then takes the address of `filed`, so that a reload files nothing.

    is_again  the form was sent before and its answer was lost on the way
    """
    # Whoever has just filed may know what the tracking page would say.
    with scope.widened(request.actor, [case.organisation_id]):
        notes = queries.notes_of(case)
    ticket = signing.dumps([case.code, case.born_on.isoformat(), case.organisation_id, title], salt=TICKET)
    context = {"case": case, "title": title, "notes": notes, "ticket": ticket, "is_again": is_again}
    response = page(request, "procedures/filed.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
def filed(request: Request) -> HttpResponse:
    """The receipt again, to who has filed just now: the tab was reloaded, or the phone had put it away."""
    try:
        code, born_on, office, title = signing.loads(request.GET.get("ticket", ""), salt=TICKET, max_age=TICKET_SECONDS)
    except signing.BadSignature:
        return see_other("procedures:follow")
    with scope.widened(request.actor, [office]):
        case = queries.case_with(code, date.fromisoformat(born_on))
    if case is None:
        raise NotFound
    return _filed(request, case, title)


def _filing_form(request: Request, parties: Parties) -> FilingForm:
    return FilingForm(
        request.POST or None, request.FILES or None, fields=parties.asked, choices={}, known=parties.known,
        by_officer=parties.by_officer, is_pupils=parties.office is None or parties.office.kind in SCHOOLS,
    )  # fmt: skip


def _filing(request: Request, parties: Parties, form: FilingForm) -> actions.Filing:
    office, subject = parties.office, parties.subject
    assert office is not None  # the parties are complete
    return actions.Filing(
        definition=parties.definition,
        organisation=office,
        partner=parties.partner,
        subject=subject,
        subject_name=form.own("subject_name"),
        born_on=form.own("born_on", today()),
        applicant_name=form.own("applicant_name"),
        phone=form.own("phone"),
        email=form.own("email"),
        key=form.own("key", None),
        channel=Case.Channel(form.own("channel", Case.Channel.ONLINE)),
        given=form.given,
        papers=papers_of(request, parties.asked, office.id),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: Request) -> HttpResponse:
    """Where a case stands, by its code and the birth date. What was found is never cached and has no address."""
    form = FollowForm(request.POST or None, initial={"code": request.GET.get("code", "")[:60]})
    if form.is_valid():
        with refusals_on(form):
            found = _found(request, form.cleaned_data)
            return _shown(request, found, form)
    response = page(request, "procedures/follow.html", {"form": form}, status=422 if form.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
def answer(request: Request) -> HttpResponseBase:
    """Give what was missing, take the case back, rate it, take a file, a paper or the result: proved as for looking."""
    proof = FollowForm(request.POST)
    if not proof.is_valid():
        raise NotFound
    with refusals_on(proof):
        found = _found(request, proof.cleaned_data)
        return _answered(request, found, proof)
    return page(request, "procedures/follow.html", {"form": proof}, status=422)


def _answered(request: Request, found: Case, proof: FollowForm) -> HttpResponseBase:
    how, at = request.POST.get("how", ""), now()
    given: dict[str, Any] = {"actor": request.actor, "case": found, "proof": found.code, "at": at}
    if how == "result":
        file = actions.take_result(actor=request.actor, case=found, proof=found.code)
        response = serving.answer(request, file, as_attachment=True)
        response.headers["Cache-Control"] = "no-store"
        return response
    if how == "file":
        return _file_of(request, found)
    if how == "slip":
        return _slip_of(request, found)
    form = RateForm(request.POST) if how == "rate" else AnswerForm(request.POST, request.FILES)
    if how == "withdraw" or form.is_valid():
        with refusals_on(form):
            if how == "answer":
                papers = papers_of(request, [FREELY], found.organisation_id)
                actions.answer_supplement(**given, answer=form.cleaned_data["answer"], papers=papers)
            elif how == "rate":
                actions.rate_case(**given, **form.cleaned_data)
            elif how == "withdraw":
                actions.withdraw_case(**given)
            else:
                raise NotFound
            return _shown(request, _found(request, proof.cleaned_data), proof)
    return _shown(request, found, proof, form, status=422)


def _slip_of(request: Request, case: Case) -> HttpResponse:
    with scope.widened(request.actor, [case.organisation_id]):
        slip_id = queries.slip_of_kind(case.id, request.POST.get("slip", "")[:20])
    issued = actions.open_slip(actor=request.actor, case=case, slip_id=slip_id, proof=case.code)
    response = printed(case, issued)
    response.headers["Cache-Control"] = "no-store"
    return response


def _file_of(request: Request, case: Case) -> HttpResponseBase:
    try:
        wanted = UUID(request.POST.get("file", ""))
    except ValueError:
        raise NotFound from None
    file = actions.open_attachment(actor=request.actor, case=case, attachment_id=wanted, proof=case.code)
    with scope.widened(request.actor, [case.organisation_id]):  # its key lies with the office
        response = serving.answer(request, file)
    response.headers["Cache-Control"] = "no-store"
    return response


def _found(request: Request, given: dict[str, Any]) -> Case:
    address = address_of(request) or ""
    return actions.find_case(actor=request.actor, address=address, at=now(), **given)


def _shown(request: Request, case: Case, proof: FollowForm, wrong: Any = None, status: int = 200) -> HttpResponse:
    # Whoever holds code and birth date sees this case, whatever else their scope holds.
    with scope.widened(request.actor, [case.organisation_id, *filter(None, [case.partner_id])]):
        seen = queries.followed(case)
        context = {
            "seen": seen,
            "tone": labels.TONES.get(Case.Status(case.status), "info"),
            "ends": labels.ENDS,
            "slips": labels.SLIPS,
            "proof": proof.cleaned_data,
            "answer_form": wrong if isinstance(wrong, AnswerForm) else AnswerForm() if seen.wants else None,
            "rate_form": wrong if isinstance(wrong, RateForm) else RateForm() if seen.may_rate else None,
            "scores": labels.SCORES,
            "in_pieces": may_upload(request.actor, case.organisation_id),
            "purpose": CASE_FILE,
        }
        response = page(request, "procedures/followed.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
