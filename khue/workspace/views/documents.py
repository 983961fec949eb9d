"""The registers, one document, and every step of its way."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, lists
from khue.foundation.actor import Actor, require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.registry.models import Organisation
from khue.workspace import actions, labels, queries, symbols
from khue.workspace.access import Permission
from khue.workspace.forms.office import (
    ArrivalForm,
    AssignForm,
    AttachForm,
    CorrectionForm,
    DraftForm,
    NoteForm,
    ReleaseForm,
)
from khue.workspace.models import Document
from khue.workspace.official.layout import lowered
from khue.workspace.views.attaching import attaching
from khue.workspace.views.offices import office_of
from khue.workspace.views.tabs import tabs

KIND_NAMES = {kind.code: kind.name for kind in symbols.KINDS}
STATES = {
    "in": [(state, labels.STATES[state]) for state in ("arrived", "assigned", "done")],
    "out": [(state, labels.STATES[state]) for state in ("draft", "submitted", "returned", "approved", "released")],
}
DOCUMENTS: lists.Listing[Document] = lists.Listing(
    order=("-id",),
    search=("folded",),
    filters=(
        lists.Filter("way", gettext_lazy("Sổ"), "way"),
        lists.Filter("state", gettext_lazy("Trạng thái"), "state"),
        lists.Filter("from", gettext_lazy("Từ ngày"), "registered_on__gte", parse=lambda t: lists.day_begins(t).date()),
    ),
    columns=(
        lists.Column(gettext_lazy("Số"), lambda row: row.number, 8),
        lists.Column(gettext_lazy("Ngày vào sổ"), lambda row: row.registered_on, 14),
        lists.Column(gettext_lazy("Số, ký hiệu"), lambda row: row.symbol, 22),
        lists.Column(gettext_lazy("Ngày văn bản"), lambda row: row.dated_on, 14),
        lists.Column(gettext_lazy("Cơ quan ban hành, nơi nhận"), lambda row: row.issuer, 34),
        lists.Column(gettext_lazy("Loại văn bản"), lambda row: KIND_NAMES[row.kind], 16),
        lists.Column(gettext_lazy("Trích yếu"), lambda row: row.summary, 60),
        lists.Column(gettext_lazy("Hạn xử lý"), lambda row: row.due_on, 14),
        lists.Column(gettext_lazy("Người xử lý"), lambda row: _name(row.handler or row.drafter), 28),
        lists.Column(gettext_lazy("Trạng thái"), lambda row: str(labels.STATES[row.state]), 16),
    ),
    size=30,
)


def _name(person: Any) -> str:
    return person.full_name if person else ""


@require_safe
def documents(request: Request) -> HttpResponseBase:
    """The register of one way, searched without tone marks, and as the Excel sheet that inspectors ask for."""
    require(request.actor, Permission.WORK, within=None)
    way = "out" if request.GET.get("way") == "out" else "in"
    given = {**request.GET.dict(), "way": way}
    if lists.EXPORT in given:
        rows = queries.visible_documents(request.actor)
        return DOCUMENTS.export(rows, given, "so-van-ban-di" if way == "out" else "so-van-ban-den")
    context = {
        "seen": DOCUMENTS.page(queries.visible_documents, given, of=(request.actor,)),
        "way": way,
        "tabs": tabs(way),
        "states": labels.STATES,
        "tones": labels.TONES,
        "urgencies": labels.URGENCIES,
        "choices": STATES[way],
        "today": today(),
        "may_register": request.actor.may(Permission.REGISTER_WRITE),
    }
    return page(request, "workspace/documents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def arrive(request: Request) -> HttpResponse:
    """Register a document that arrived."""
    office = office_of(request, Permission.REGISTER_WRITE)
    form = ArrivalForm(request.POST or None, initial={"on": today(), "dated_on": today()})
    if form.is_valid():
        with refusals_on(form):
            made = actions.register(
                actor=request.actor,
                organisation_id=office.id,
                arrival=form.arrival,
                on=form.cleaned_data["on"],
                at=now(),
            )
            said = _("Đã vào sổ văn bản đến số %(number)s.") % {"number": made.number}
            return flash.say(see_other("workspace:document", made.public_id), said)
    return _form_page(request, form, _("Vào sổ văn bản đến"), "in")


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: Request) -> HttpResponse:
    """Begin a document."""
    office = office_of(request, Permission.WORK)
    asked = _asked(request, office)
    initial = {"place": queries.place_name(office), **(_answering(asked, office.name) if asked else {})}
    form = DraftForm(request.POST or None, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            made = actions.draft(
                actor=request.actor, organisation_id=office.id, content=form.draft, at=now(), answers=asked
            )
            return flash.say(see_other("workspace:document", made.public_id), _("Đã lưu dự thảo."))
    title = _("Trả lời %(symbol)s") % {"symbol": asked.symbol} if asked else _("Soạn văn bản")
    return _form_page(request, form, title, "out")


def _asked(request: Request, office: Organisation) -> Document | None:
    """The document that a draft answers, named by `?answers=`."""
    named = request.GET.get("answers", "")
    if not named:
        return None
    try:
        found = queries.document_of(request.actor, UUID(named))
    except ValueError:
        raise NotFound from None
    if found.way != Document.Way.IN or found.organisation_id != office.id:
        raise NotFound
    return found


def _answering(asked: Document, office: str) -> dict[str, object]:
    """What the form of an answer is filled with beforehand: to whom, and the sentence it begins with."""
    kind = KIND_NAMES[asked.kind]
    words = {"kind": kind, "symbol": asked.symbol, "issuer": asked.issuer, "office": office,
             "day": f"{asked.dated_on:%d/%m/%Y}", "about": lowered(asked.summary)}  # fmt: skip
    # A document is written in Vietnamese, whatever language its author chose for pages.
    named = "Trả lời {kind} số {symbol}"
    body = named + " ngày {day} của {issuer} về việc {about}, {office} báo cáo như sau:\n"
    return {"kind": "letter", "issuer": asked.issuer, "summary": named.format(**words), "due_on": asked.due_on,
            "body": body.format(**words)}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def redraft(request: Request, public_id: UUID) -> HttpResponse:
    """Change a draft."""
    found = queries.document_of(request.actor, public_id)
    if found.way == Document.Way.IN:
        return _correct_arrival(request, found)
    initial = {name: getattr(found, name) for name in DraftForm.base_fields}
    form = DraftForm(request.POST or None, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            actions.redraft(actor=request.actor, document=found, content=form.draft, at=now())
            return flash.say(see_other("workspace:document", public_id), _("Đã lưu dự thảo."))
    return _form_page(request, form, _("Sửa dự thảo"), "out")


def _correct_arrival(request: Request, found: Document) -> HttpResponse:
    require(request.actor, Permission.REGISTER_WRITE, within=found)
    form = CorrectionForm(request.POST or None, initial={name: getattr(found, name) for name in labels.ARRIVAL})
    if form.is_valid():
        with refusals_on(form):
            actions.correct_arrival(actor=request.actor, document=found, arrival=form.arrival, at=now())
            return flash.say(see_other("workspace:document", found.public_id), _("Đã lưu. Lịch sử giữ điều đã ghi."))
    return _form_page(request, form, _("Sửa văn bản đến số %(number)s") % {"number": found.number}, "in")


@require_safe
def document(request: Request, public_id: UUID) -> HttpResponse:
    """One document, what happened to it, and what its reader may do with it now."""
    found = queries.document_of(request.actor, public_id)
    return show_document(request, found)


def _assign(actor: Actor, found: Document, form: Any) -> None:
    actions.assign(actor=actor, document=found, **form.cleaned_data, on=today(), at=now())


def _with_note(action: Callable[..., None]) -> Callable[[Actor, Document, Any], None]:
    def act(actor: Actor, found: Document, form: Any) -> None:
        action(actor=actor, document=found, note=form.cleaned_data["note"], at=now())

    return act


def _release(actor: Actor, found: Document, form: Any) -> None:
    actions.release(actor=actor, document=found, body=form.cleaned_data["body"], on=today(), at=now())


#: What may be asked for at /work/documents/ID/STEP/.
STEPS: dict[str, Callable[[Actor, Document, Any], None]] = {
    "assign": _assign,
    "finish": _with_note(actions.finish),
    "submit": _with_note(actions.submit),
    "approve": _with_note(actions.approve),
    "return": _with_note(actions.send_back),
    "release": _release,
}


@require_POST
def step(request: Request, public_id: UUID, name: str) -> HttpResponse:
    """Take one step with a document."""
    found = queries.document_of(request.actor, public_id)
    take = STEPS.get(name)
    if take is None:
        raise NotFound
    form = _step_form(name, found, request.POST)
    if form.is_valid():
        with refusals_on(form):
            take(request.actor, found, form)
            return flash.say(see_other("workspace:document", public_id), _("Đã ghi."))
    return show_document(request, found, {name: form})


def _step_form(name: str, found: Document, data: Any = None) -> forms.Form:
    if name == "assign":
        initial = {"to": str(found.handler.public_id) if found.handler else "", "due_on": found.due_on}
        return AssignForm(data, colleagues=registry.colleagues(found.organisation_id), initial=initial)
    if name == "release":
        return ReleaseForm(data, initial={"body": symbols.body_of(found.organisation.name)})
    return NoteForm(data)


def _steps_open(actor: Actor, found: Document) -> list[str]:
    """What the actor may do with the document as it stands; the actions check it again."""
    decides = actor.may(Permission.DECIDE, found)
    keeps = actor.may(Permission.REGISTER_WRITE, found)
    handles = actor.person_id is not None and found.handler_id == actor.person_id
    drafts = actor.person_id is not None and found.drafter_id == actor.person_id
    state = Document.State
    allowed = {
        "assign": decides and found.state in {state.ARRIVED, state.ASSIGNED, state.DONE},
        "finish": (decides or handles) and found.state in {state.ARRIVED, state.ASSIGNED},
        "submit": (drafts or keeps) and found.state in {state.DRAFT, state.RETURNED},
        "approve": decides and found.state == state.SUBMITTED,
        "return": decides and found.state in {state.SUBMITTED, state.APPROVED},
        "release": keeps and found.state == state.APPROVED,
    }
    return [name for name, may in allowed.items() if may]


def show_document(
    request: Request,
    found: Document,
    bound: dict[str, forms.Form] | None = None,
    attached: AttachForm | None = None,
) -> HttpResponse:
    """The page of a document, with the forms that were sent and not taken."""
    bound = bound or {}
    steps = {name: bound.get(name) or _step_form(name, found) for name in _steps_open(request.actor, found)}
    context = {
        "document": found,
        "kind": KIND_NAMES[found.kind],
        "steps": steps,
        "may_redraft": "submit" in steps,
        "may_correct": found.way == Document.Way.IN and request.actor.may(Permission.REGISTER_WRITE, found),
        "may_answer": found.way == Document.Way.IN and request.actor.may(Permission.WORK, found),
        "answers": queries.answers_to(request.actor, found) if found.way == Document.Way.IN else [],
        "history": queries.steps_of(found),
        "files": queries.attachments_of(found),
        "attaching": attached or attaching(request.actor, found),
        "parts": labels.PARTS,
        "purpose": queries.PURPOSE,
        "states": labels.STATES,
        "tones": labels.TONES,
        "urgencies": labels.URGENCIES,
        "verbs": labels.VERBS,
        "today": today(),
    }
    return page(request, "workspace/document.html", context, status=422 if bound or attached else 200)


def _form_page(request: Request, form: forms.Form, title: str, way: str) -> HttpResponse:
    context = {"form": form, "title": title, "way": way, "ways": labels.WAYS}
    return page(request, "workspace/document_form.html", context, status=422 if form.is_bound else 200)
