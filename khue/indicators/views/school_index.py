"""Pages of the school index: the school's own, the department's, the public's."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import clock, flash, lists
from khue.foundation.errors import Refusal, refusals_on
from khue.foundation.page import for_everybody, page, see_other
from khue.foundation.request import Request
from khue.indicators import actions, queries, school_index
from khue.indicators.forms import AppraisalForm, ClaimsForm, DecisionForm, ReasonForm
from khue.indicators.models import SchoolAssessment
from khue.indicators.views.tabs import tabs
from khue.registry.models import Organisation

PUBLISHED: lists.Listing[SchoolAssessment] = lists.Listing(
    order=("-school_year", "organisation__folded_name", "id"), search=("organisation__folded_name",)
)
SCHOOLS: lists.Listing[Organisation] = lists.Listing(order=("folded_name", "id"), search=("folded_name",))
STATES: dict[str, str | Promise] = {
    "overdue": gettext_lazy("quá hạn gửi"),
    "draft": gettext_lazy("đang điền"),
    "submitted": gettext_lazy("chờ thẩm định"),
    "returned": gettext_lazy("đã trả lại"),
    "appraised": gettext_lazy("đã thẩm định"),
    "recognised": gettext_lazy("đã công nhận"),
    "published": gettext_lazy("đã công bố"),
}


@require_safe
def place(request: Request, organisation_id: UUID) -> HttpResponse:
    """A school's assessment of the year, or the list of a department's schools."""
    found = queries.organisation_of(request.actor, organisation_id)
    year = queries.school_year_of(clock.today())
    shown: dict[str, object] = {
        "organisation": found, "year": year, "tabs": tabs(request.actor, found, "index"), **_days(year)
    }  # fmt: skip
    if found.kind == Organisation.Kind.SCHOOL:
        assessment = queries.assessment_at(found, year)
        if assessment is not None:
            return see_other("indicators:assessment", assessment.public_id)
        may_assess = queries.may_assess(request.actor, found)
        return page(request, "indicators/index_begin.html", {**shown, "may_assess": may_assess})
    today, which = clock.today(), request.GET.get("show", "")
    first = None if which else lambda: queries.first_open_schools_below(found)
    seen = SCHOOLS.page(lambda: queries.schools_to_assess(found, year, today, which), request.GET, first=first)
    shown |= {
        "seen": seen, "lines": queries.assessment_lines(seen.rows, year, today), "states": STATES, "which": which,
        "kept": urlencode({"show": which} if which else {}),
    }  # fmt: skip
    return page(request, "indicators/index_schools.html", shown, fragment="results")


@require_POST
def begin(request: Request, organisation_id: UUID) -> HttpResponse:
    """Begin this year's assessment of a school."""
    found = queries.organisation_of(request.actor, organisation_id)
    year = queries.school_year_of(clock.today())
    made = actions.begin_assessment(actor=request.actor, organisation=found, school_year=year, at=clock.now())
    return see_other("indicators:assessment", made.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: Request, assessment_id: UUID) -> HttpResponse:
    """One assessment: filled in by the school, appraised by the department, read by both."""
    found = queries.assessment_of(request.actor, assessment_id)
    lines = queries.lines_of(found)
    if found.is_open and queries.may_assess(request.actor, found.organisation):
        return _claim(request, found, ClaimsForm(request.POST or None, lines=lines))
    is_waiting = found.state in (SchoolAssessment.State.SUBMITTED, SchoolAssessment.State.APPRAISED)
    if is_waiting and queries.may_appraise(request.actor, found.organisation):
        return _appraise(request, found, AppraisalForm(request.POST or None, lines=lines))
    return _shown(request, found, None)


def _claim(request: Request, found: SchoolAssessment, form: ClaimsForm) -> HttpResponse:
    if form.is_valid():
        with refusals_on(form):
            actions.save_claims(actor=request.actor, assessment=found, claims=form.claims(), at=clock.now())
            if "submit" in request.POST:
                actions.submit_assessment(actor=request.actor, assessment=found, at=clock.now())
                return _saved(found, _("Đã gửi bản tự đánh giá tới Sở."))
            return _saved(found, _("Đã lưu."))
    return _shown(request, found, form)


def _appraise(request: Request, found: SchoolAssessment, form: AppraisalForm) -> HttpResponse:
    if form.is_valid():
        with refusals_on(form):
            actions.appraise(
                actor=request.actor, assessment=found, points=form.points(), remarks=form.remarks(), at=clock.now()
            )
            return _saved(found, _("Đã lưu kết quả thẩm định."))
    return _shown(request, found, form)


@require_POST
def give_back(request: Request, assessment_id: UUID) -> HttpResponse:
    """Give an assessment back to its school with a reason."""
    found = queries.assessment_of(request.actor, assessment_id)
    reason = request.POST.get("reason", "")
    return _step(found, _("Đã trả lại cho trường."), lambda: actions.return_assessment(
        actor=request.actor, assessment=found, reason=reason, at=clock.now()
    ))  # fmt: skip


@require_POST
def recognise(request: Request, assessment_id: UUID) -> HttpResponse:
    """Recognise the level by a decision."""
    found = queries.assessment_of(request.actor, assessment_id)
    decision = request.POST.get("decision", "")
    return _step(found, _("Đã công nhận."), lambda: actions.recognise(
        actor=request.actor, assessment=found, decision=decision, at=clock.now()
    ))  # fmt: skip


@require_POST
def publish(request: Request, assessment_id: UUID) -> HttpResponse:
    """Let everybody read the level."""
    found = queries.assessment_of(request.actor, assessment_id)
    return _step(found, _("Đã công bố."), lambda: actions.publish_assessment(
        actor=request.actor, assessment=found, at=clock.now()
    ))  # fmt: skip


@require_safe
def published(request: Request) -> HttpResponse:
    """The published levels of schools, for everybody."""
    seen = PUBLISHED.page(queries.published_assessments(), request.GET.dict())
    shown = {"seen": seen, "levels": school_index.LEVELS, "is_verified": school_index.IS_VERIFIED}
    return for_everybody(page(request, "indicators/index_published.html", shown, fragment="results"), request)


def _step(found: SchoolAssessment, done: str, act: Callable[[], SchoolAssessment]) -> HttpResponse:
    """Do one step; a refusal is told on the page one comes back to."""
    answer = see_other("indicators:assessment", found.public_id)
    try:
        act()
    except Refusal as refusal:
        return flash.say(answer, str(refusal), tone="late")
    return flash.say(answer, done)


def _saved(found: SchoolAssessment, text: str) -> HttpResponse:
    return flash.say(see_other("indicators:assessment", found.public_id), text)


def _shown(request: Request, found: SchoolAssessment, form: ClaimsForm | AppraisalForm | None) -> HttpResponse:
    lines = queries.lines_of(found) if form is None else form.lines
    may_appraise = queries.may_appraise(request.actor, found.organisation)
    shown = {
        "assessment": found,
        "above": queries.appraising_office(request.actor) if may_appraise else None,
        "organisation": found.organisation,
        "year": found.school_year,
        "lines": lines,
        "form": form,
        "is_appraisal": isinstance(form, AppraisalForm),
        "may_appraise": may_appraise,
        "result": queries.result_so_far(lines),
        "groups": school_index.GROUPS,
        "levels": school_index.LEVELS,
        "is_verified": school_index.IS_VERIFIED,
        "reason_form": ReasonForm(),
        "decision_form": DecisionForm(),
        **_days(found.school_year),
    }
    return page(request, "indicators/index_assessment.html", shown)


def _days(year: str) -> dict[str, object]:
    return {"hand_in_by": school_index.hand_in_by(year), "publish_by": school_index.publish_by(year)}
