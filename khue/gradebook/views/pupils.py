"""One pupil's year: what the family sees, what is printed, and what the school decides about it."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from khue.foundation import clock
from khue.foundation.errors import NotFound, refusals_on
from khue.foundation.page import page, see_other
from khue.foundation.record import one
from khue.foundation.request import Request
from khue.gradebook import actions, queries
from khue.gradebook.access import Permission
from khue.gradebook.forms import (
    DecideForm,
    EndExemptionForm,
    ExemptForm,
    JudgeForm,
    PlainForm,
    ReassessForm,
    ReceiveForm,
    TrainForm,
)
from khue.gradebook.primary_items import MOMENTS
from khue.gradebook.rule_sets import Level
from khue.schools import queries as schools
from khue.schools.models import ClassSubject, Enrolment


def year(request: Request, enrolment_id: UUID) -> HttpResponse:
    """One pupil's year: subjects, study, conduct, moving up; for the pupil, the family and those who teach."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    if queries.is_primary(enrolment.school_class):
        [made] = queries.primary_reports_of(enrolment.school_class, [queries.member_of(enrolment)])
        shown = {"enrolment": enrolment, "report": made, "moments": MOMENTS}
        return page(request, "gradebook/primary_year.html", shown)
    return page(request, "gradebook/year.html", {"enrolment": enrolment, "report": queries.year_report_of(enrolment)})


def notice(request: Request, enrolment_id: UUID) -> HttpResponse:
    """Phiếu báo kết quả of the year, for print on A4."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    if queries.is_primary(enrolment.school_class):
        return see_other("gradebook:year", enrolment.public_id)
    return page(request, "gradebook/notice.html", {"enrolment": enrolment, "report": queries.year_report_of(enrolment)})


def decisions(request: Request, enrolment_id: UUID) -> HttpResponse:
    """What the school may decide about one pupil's year now."""
    return _decisions(request, _overseen(request, enrolment_id))


def _decisions(request: Request, enrolment: Enrolment, refused: forms.Form | None = None) -> HttpResponse:
    subjects = schools.class_subjects_of(request.actor, enrolment.school_class)
    shown = {
        "enrolment": enrolment,
        "report": queries.year_report_of(enrolment),
        "state": queries.year_state_of(enrolment),
        "decides": request.actor.may(Permission.YEAR_DECIDE, enrolment),
        "leads": request.actor.may(Permission.CLASS_WRITE, enrolment),
        "exempt": ExemptForm(None, subjects=subjects),
        "receive": ReceiveForm(None, subjects=subjects),
        "reassess": ReassessForm(None, subjects=subjects),
        "train": TrainForm(),
        "judge": JudgeForm(),
        "decide": DecideForm(),
        "exempted": queries.exempted_now(enrolment),
        "received": queries.received_results_of(enrolment),
        "refused": refused,
    }
    return page(request, "gradebook/decisions.html", shown, status=422 if refused else 200)


@require_POST
def decide(request: Request, enrolment_id: UUID, deed: str) -> HttpResponse:
    """Take one of the decisions on a pupil's year."""
    enrolment = _overseen(request, enrolment_id)
    if deed not in _DEEDS:
        raise NotFound
    form_of, act = _DEEDS[deed]
    subjects = schools.class_subjects_of(request.actor, enrolment.school_class)
    form = (
        form_of(request.POST, subjects=subjects)
        if issubclass(form_of, ExemptForm | ReceiveForm | ReassessForm)
        else form_of(request.POST)
    )
    if form.is_valid():
        with refusals_on(form):
            act(request, enrolment, form)
            return see_other("gradebook:decisions", enrolment.public_id)
    return _decisions(request, enrolment, form)


def _overseen(request: Request, enrolment_id: UUID) -> Enrolment:
    """A pupil of a class whose results the actor oversees."""
    enrolment = schools.enrolment_of(request.actor, enrolment_id)
    queries.result_class_of(request.actor, enrolment.school_class.public_id)
    return enrolment


def _subject(request: Request, form: forms.Form) -> ClassSubject:
    return schools.class_subject_of(request.actor, form.cleaned_data["class_subject"])


def _exempt(request: Request, enrolment: Enrolment, form: forms.Form) -> None:
    actions.exempt(
        actor=request.actor, enrolment=enrolment, class_subject=_subject(request, form), at=clock.now(),
        starts_on=form.cleaned_data["starts_on"], reason=form.cleaned_data["reason"],
    )  # fmt: skip


def _end_exemption(request: Request, enrolment: Enrolment, form: forms.Form) -> None:
    exemption = one(queries.open_exemptions_of(enrolment), public_id=form.cleaned_data["exemption"])
    actions.end_exemption(actor=request.actor, exemption=exemption, on=clock.today(), at=clock.now())


def _receive(request: Request, enrolment: Enrolment, form: forms.Form) -> None:
    terms = {term.number: term for term in schools.terms_of(enrolment.school_class.school_year)}
    if (term := terms.get(int(form.cleaned_data["term"]))) is None:
        raise NotFound
    actions.receive_result(
        actor=request.actor, enrolment=enrolment, class_subject=_subject(request, form), term=term,
        typed=form.cleaned_data["result"], origin=form.cleaned_data["origin"], at=clock.now(),
    )  # fmt: skip


def _register(request: Request, enrolment: Enrolment, form: forms.Form) -> None:
    subject, result = _subject(request, form), form.cleaned_data["result"]
    if result:
        actions.record_reassessment(
            actor=request.actor, enrolment=enrolment, class_subject=subject, typed=result, at=clock.now()
        )
    else:
        actions.register_reassessment(actor=request.actor, enrolment=enrolment, class_subject=subject, at=clock.now())


def _train(request: Request, enrolment: Enrolment, form: forms.Form) -> None:
    actions.propose_training(actor=request.actor, enrolment=enrolment, task=form.cleaned_data["task"], at=clock.now())


def _approve(request: Request, enrolment: Enrolment, form: forms.Form) -> None:
    del form
    actions.approve_training(actor=request.actor, enrolment=enrolment, at=clock.now())


def _judge(request: Request, enrolment: Enrolment, form: forms.Form) -> None:
    was_completed = form.cleaned_data["completed"] == "yes"
    actions.judge_training(actor=request.actor, enrolment=enrolment, was_completed=was_completed, at=clock.now())


def _level(request: Request, enrolment: Enrolment, form: forms.Form) -> None:
    level = Level(int(form.cleaned_data["level"]))
    actions.decide_level(
        actor=request.actor, enrolment=enrolment, level=level, reason=form.cleaned_data["reason"], at=clock.now()
    )


_DEEDS: dict[str, tuple[type[forms.Form], Callable[[Request, Enrolment, forms.Form], None]]] = {
    "exempt": (ExemptForm, _exempt),
    "end-exemption": (EndExemptionForm, _end_exemption),
    "receive": (ReceiveForm, _receive),
    "reassess": (ReassessForm, _register),
    "train": (TrainForm, _train),
    "approve-training": (PlainForm, _approve),
    "judge": (JudgeForm, _judge),
    "level": (DecideForm, _level),
}
