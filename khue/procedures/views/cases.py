"""The office's pages: what waits for me, one case and its steps, the figures."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, lists, scope, serving
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.ui.remembered import address
from khue.procedures import actions, labels, queries
from khue.procedures.access import Permission, may_upload
from khue.procedures.attaching import CASE_FILE, FREELY
from khue.procedures.forms import ApologyForm, PeriodForm, StepForm, SupplementForm, UnansweredForm, values_in
from khue.procedures.models import Case, Step
from khue.procedures.views.beside import refusals_beside
from khue.procedures.views.sent import papers_of
from khue.procedures.views.slips import printed

WAITING: lists.Listing[Step] = lists.Listing(
    order=("case__due_on", "id"),
    columns=(
        lists.Column(gettext_lazy("Mã hồ sơ"), lambda row: row.case.code, 26),
        lists.Column(gettext_lazy("Thủ tục"), lambda row: row.case.definition.procedure.title, 40),
        lists.Column(gettext_lazy("Bước"), lambda row: row.title, 30),
        lists.Column(gettext_lazy("Học sinh"), lambda row: row.case.subject_name, 28),
        lists.Column(gettext_lazy("Hạn trả"), lambda row: row.case.due_on, 14),
    ),
    size=30,
)
CASES: lists.Listing[Case] = lists.Listing(
    order=("-id",),
    filters=(
        lists.Filter("code", gettext_lazy("Mã hồ sơ"), "code", parse=str.upper),
        lists.Filter("status", gettext_lazy("Trạng thái"), "status", parse=int),
    ),
    columns=(
        lists.Column(gettext_lazy("Mã hồ sơ"), lambda row: row.code, 26),
        lists.Column(gettext_lazy("Thủ tục"), lambda row: row.definition.procedure.title, 40),
        lists.Column(gettext_lazy("Học sinh"), lambda row: row.subject_name, 28),
        lists.Column(gettext_lazy("Người nộp hồ sơ"), lambda row: row.applicant_name, 28),
        lists.Column(gettext_lazy("Nơi giải quyết"), lambda row: row.organisation.name, 36),
        lists.Column(gettext_lazy("Ngày nộp"), lambda row: row.filed_on, 14),
        lists.Column(gettext_lazy("Ngày tiếp nhận"), lambda row: row.received_on, 16),
        lists.Column(gettext_lazy("Hạn trả"), lambda row: row.due_on, 14),
        lists.Column(gettext_lazy("Ngày xong"), lambda row: row.finished_on, 14),
        lists.Column(gettext_lazy("Trạng thái"), lambda row: str(labels.STATUSES[Case.Status(row.status)]), 20),
        lists.Column(gettext_lazy("Kết luận"), lambda row: str(labels.ENDS[row.ends]) if row.finished_on else "", 16),
    ),
    size=30,
)


def tabs(here: str) -> list[tuple[str, str, bool]]:
    """(name, address, whether it is this page) of the office's pages."""
    pages = (
        ("desk", _("Chờ tôi")),
        ("cases", _("Hồ sơ")),
        ("figures", _("Thống kê")),
        ("drawn", _("Thủ tục của đơn vị")),
        ("list", _("Nộp hộ")),
    )
    return [(name, address(f"procedures:{key}"), key == here) for key, name in pages]


@require_safe
def desk(request: Request) -> HttpResponse:
    """Steps that wait for the actor."""
    require(request.actor, Permission.CASE_WORK, within=None)
    seen = WAITING.page(queries.waiting_steps, request.GET.dict(), of=(request.actor,))
    context = {
        "tabs": tabs("desk"), "seen": seen, "today": today(), "elsewhere": queries.waiting_elsewhere(request.actor),
    }  # fmt: skip
    return page(request, "procedures/desk.html", context)


@require_safe
def cases(request: Request) -> HttpResponseBase:
    """All cases of the office, and for an applicant the own ones."""
    given = request.GET.dict()
    if not request.actor.is_signed_in:
        raise NotFound
    works = request.actor.may(Permission.CASE_READ)
    if lists.EXPORT in given:
        require(request.actor, Permission.CASE_READ, within=None)
        return CASES.export(queries.visible_cases(request.actor), given, "ho-so-thu-tuc")
    context = {
        "tabs": tabs("cases") if works else [],
        "seen": CASES.page(queries.visible_cases, given, of=(request.actor,)),
        "statuses": labels.STATUSES,
        "ends": labels.ENDS,
        "choices": [(int(key), name) for key, name in labels.STATUSES.items()],
        "tones": labels.TONES,
        "works": works,
        "today": today(),
    }
    return page(request, "procedures/cases.html", context)


@require_safe
def case(request: Request, public_id: UUID) -> HttpResponse:
    """One case: what was filed, its steps, its papers, what to do next."""
    return _case(request, public_id)


def _case(request: Request, public_id: UUID, **wrong: Form) -> HttpResponse:
    found = queries.case_of(request.actor, public_id)
    card = queries.case_card(request.actor, found)
    works = card.works and found.finished_on is None
    is_late = found.due_on is not None and found.due_on < today()
    context = {
        "card": card,
        "case": found,
        "statuses": labels.STATUSES,
        "tones": labels.TONES,
        "ends": labels.ENDS,
        "slips": labels.SLIPS,
        "channels": labels.CHANNELS,
        "is_late": is_late,
        "supplement_form": (wrong.get("supplement") or SupplementForm()) if works and card.supplement is None else None,
        "unanswered_form": (wrong.get("unanswered") or UnansweredForm())
        if works and found.status == Case.Status.SUPPLEMENT
        else None,
        "apology_form": (
            wrong.get("apology") or ApologyForm(initial={"promised_on": queries.new_day_for(found, today())})
        )
        if works and is_late and found.promised_on is None
        else None,
    }
    return page(request, "procedures/case.html", context, status=422 if wrong else 200)


#: What the office does to a case beside its steps: with which form, and what is said then.
CHANGES: dict[str, tuple[type[Form], Callable[..., object], str | Promise]] = {
    "supplement": (SupplementForm, actions.ask_supplement, gettext_lazy("Đã yêu cầu bổ sung.")),
    "unanswered": (UnansweredForm, actions.refuse_unanswered, gettext_lazy("Đã từ chối hồ sơ, người nộp được báo.")),
    "apology": (ApologyForm, actions.apologise, gettext_lazy("Đã lập phiếu xin lỗi.")),
}


@require_POST
def change(request: Request, public_id: UUID, how: str) -> HttpResponseBase:
    """Ask for what is missing, end what waited in vain, apologise for being late, or take the signed result."""
    found = queries.case_of(request.actor, public_id)
    if how == "result":
        file = actions.take_result(actor=request.actor, case=found, proof="")
        return serving.answer(request, file, as_attachment=True)
    if how not in CHANGES:
        raise NotFound
    kind, act, said = CHANGES[how]
    form = kind(request.POST)
    if form.is_valid():
        with refusals_on(form):
            act(actor=request.actor, case=found, at=now(), **form.cleaned_data)
            return flash.say(see_other("procedures:case", public_id), str(said))
    return _case(request, public_id, **{how: form})


@require_safe
def attachment(request: Request, public_id: UUID, attachment_id: UUID) -> HttpResponseBase:
    """A file of a case, shown or saved, in ranges where the browser asks so."""
    found = queries.case_of(request.actor, public_id)
    file = actions.open_attachment(actor=request.actor, case=found, attachment_id=attachment_id, proof="")
    with scope.widened(request.actor, [found.organisation_id]):  # its key lies with the office
        return serving.answer(request, file)


@require_safe
def slip(request: Request, public_id: UUID, slip_id: UUID) -> HttpResponse:
    """A paper of the one-stop office, to be printed and signed."""
    found = queries.case_of(request.actor, public_id)
    issued = actions.open_slip(actor=request.actor, case=found, slip_id=slip_id, proof="")
    return printed(found, issued)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Request, public_id: UUID) -> HttpResponse:
    """Do one step of a case."""
    found = queries.step_of(request.actor, public_id)
    asked = queries.asked_at(request.actor, found)
    given = request.POST if request.method == "POST" else None
    form = StepForm(given, request.FILES or None, fields=asked.fields, choices=asked.choices)
    office_id = found.case.organisation_id
    if form.is_valid():
        with refusals_beside(form):
            papers = papers_of(request, [*asked.fields, FREELY], office_id)
            done = actions.do_step(actor=request.actor, step=found, given=values_in(form), papers=papers, at=now())
            said = _("Hồ sơ đã giải quyết xong.") if done.finished_on else _("Đã xong bước này.")
            return flash.say(see_other("procedures:desk"), said)
    card = queries.case_card(request.actor, found.case)
    context = {
        "step": found, "case": found.case, "card": card, "asked": asked, "form": form,
        "in_pieces": may_upload(request.actor, office_id), "purpose": CASE_FILE,
    }  # fmt: skip
    return page(request, "procedures/step.html", context, status=422 if form.errors else 200)


@require_safe
def figures(request: Request) -> HttpResponse:
    """On-time statistics of a period: this month unless said otherwise."""
    require(request.actor, Permission.CASE_READ, within=None)
    day = today()
    form = PeriodForm(request.GET or None, initial={"first": day.replace(day=1), "last": day})
    first, last = day.replace(day=1), day
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        last = min(max(first, last), first + timedelta(days=366 * 5))
    seen = queries.figures(request.actor, first, last, day)
    context = {"tabs": tabs("figures"), "seen": seen, "form": form, "first": first, "last": last}
    return page(request, "procedures/figures.html", context)
