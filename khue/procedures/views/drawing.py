"""Pages on which an office draws procedures of its own, without a programmer."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.procedures import actions, labels, queries, sketches
from khue.procedures.access import Permission
from khue.procedures.drawing_forms import DrawForm, NewProcedureForm, PartForm, RolesForm
from khue.procedures.views.cases import tabs
from khue.registry import queries as registry


@require_safe
def drawn(request: Request) -> HttpResponse:
    """The office's own procedures, and those of the law that it receives."""
    require(request.actor, Permission.DEFINITION_WRITE, within=None)
    context = {
        "tabs": tabs("drawn"),
        "own": queries.drawn_procedures(request.actor),
        "shipped": queries.shipped_procedures(),
        "offices": labels.OFFICES,
    }
    return page(request, "procedures/drawn.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Begin a procedure."""
    require(request.actor, Permission.DEFINITION_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.DEFINITION_WRITE)
    if not places:
        raise NotFound
    form = NewProcedureForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = actions.draw_procedure(actor=request.actor, organisation=places[0], **form.cleaned_data)
            return see_other("procedures:draw", made.public_id)
    context = {"form": form, "office": places[0]}
    return page(request, "procedures/new.html", context, status=422 if form.errors else 200)


@require_safe
def versions(request: Request, public_id: UUID) -> HttpResponse:
    """One procedure of the office with all its versions."""
    procedure = queries.drawn_procedure(request.actor, public_id)
    context = {"procedure": procedure, "versions": queries.versions_of(procedure), "today": today()}
    return page(request, "procedures/versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: Request, public_id: UUID) -> HttpResponse:
    """Draw or upload, then say who does each task; the second page carries the first one's answers."""
    procedure = queries.drawn_procedure(request.actor, public_id)
    if request.method != "POST":
        latest = queries.versions_of(procedure)
        return _asking(request, procedure, DrawForm(today=today(), drawn=latest[0].bpmn if latest else ""))
    form = DrawForm(request.POST, request.FILES, today=today())
    if "kept" in request.POST:
        return _placed(request, procedure)
    if form.is_valid():
        with refusals_on(form):
            sketch = sketches.sketch_of(form.bpmn, form.cleaned_data["questions"])
            terms = {
                "working_days": form.cleaned_data["working_days"],
                "valid_from": form.cleaned_data["valid_from"].isoformat(),
                "source": form.cleaned_data["source"],
            }
            return _roles(request, procedure, sketch, terms)
    return _asking(request, procedure, form)


def _asking(request: Request, procedure: Any, form: DrawForm) -> HttpResponse:
    context = {"procedure": procedure, "form": form, "part": PartForm(), "words": json.dumps(_words())}
    return page(request, "procedures/draw.html", context, status=422 if form.errors else 200)


def _words() -> dict[str, str]:
    """What the page's script calls things."""
    return {
        "bpmn:StartEvent": _("Bắt đầu"),
        "bpmn:UserTask": _("Bước (việc của người)"),
        "bpmn:ExclusiveGateway": _("Cổng chọn một nhánh"),
        "bpmn:ParallelGateway": _("Cổng song song"),
        "bpmn:EndEvent": _("Kết thúc"),
        "hand": _("Kéo trang vẽ"),
        "lasso": _("Chọn nhiều phần"),
        "connect": _("Nối bằng mũi tên"),
        "remove": _("Xoá"),
        "asks": _("Người làm bước này sẽ điền:"),
        "reason": _("ý kiến, lý do"),
    }


def _roles(
    request: Request, procedure: Any, sketch: sketches.Sketch, terms: dict[str, Any], form: RolesForm | None = None
) -> HttpResponse:
    form = form or RolesForm(tasks=sketch.tasks, ends=sketch.ends)
    kept = json.dumps({"bpmn": sketch.bpmn, "questions": sketch.questions, "terms": terms}, ensure_ascii=False)
    context = {"procedure": procedure, "sketch": sketch, "form": form, "kept": kept}
    return page(request, "procedures/roles.html", context, status=422 if form.errors else 200)


def _placed(request: Request, procedure: Any) -> HttpResponse:
    kept = sketches.kept(request.POST["kept"])
    sketch = sketches.sketch_of(kept.bpmn.encode(), kept.questions)
    form = RolesForm(request.POST, tasks=sketch.tasks, ends=sketch.ends)
    if form.is_valid():
        with refusals_on(form):
            terms = actions.Terms(kept.working_days, kept.valid_from, kept.source)
            made = actions.draw_version(
                actor=request.actor, procedure=procedure, bpmn=kept.bpmn.encode(),
                sheet=sketches.sheet_of(sketch, form.cleaned_data), terms=terms, at=now(),
            )  # fmt: skip
            return flash.say(see_other("procedures:version", made.public_id), _("Bản vẽ dùng được. Hãy xem lại."))
    return _roles(request, procedure, sketch, kept.terms, form)


@require_safe
def version(request: Request, public_id: UUID) -> HttpResponse:
    """One version: its drawing, its forms, and the button that publishes it."""
    found = queries.definition_of(request.actor, public_id)
    context = {
        "definition": found,
        "procedure": found.procedure,
        "picture": found.steps["picture"],
        "asked": queries.questions_of(found),
        "tasks": queries.tasks_of(found),
        "may_publish": found.published_at is None and request.actor.may(Permission.DEFINITION_WRITE, found),
    }
    return page(request, "procedures/version.html", context)


@require_POST
def publish(request: Request, public_id: UUID) -> HttpResponse:
    """Let a version be filed."""
    found = queries.definition_of(request.actor, public_id)
    actions.publish_version(actor=request.actor, definition=found, at=now())
    return flash.say(see_other("procedures:versions", found.procedure.public_id), _("Đã công bố."))


@require_POST
def close(request: Request, public_id: UUID) -> HttpResponse:
    """Take no new cases."""
    procedure = queries.drawn_procedure(request.actor, public_id)
    actions.close_procedure(actor=request.actor, procedure=procedure)
    return flash.say(see_other("procedures:versions", public_id), _("Thủ tục không nhận hồ sơ mới nữa."))
