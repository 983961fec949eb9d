"""Admissions as schools and their offices work on them: open one, look through it, give the seats, fill the classes."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.foundation import flash, lists
from khue.foundation.access import Permission as JobPermission
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.models import Job
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.registry import queries as registry
from khue.schools import actions, labels, queries
from khue.schools.access import Permission
from khue.schools.forms.admission import AreaForm, ChangeForm, JudgeForm, OpenForm, PlaceForm, SeedForm
from khue.schools.models import AdmissionPlace, AdmissionPlan

#: The month in which a school year begins.
SEPTEMBER = 9

APPLICATIONS: lists.Listing[AdmissionPlace] = lists.Listing(
    order=("number", "id"),
    filters=(
        lists.Filter("priority", gettext_lazy("Nhóm"), "priority", parse=int),
        lists.Filter("ends", gettext_lazy("Kết quả"), "case__ends"),
        lists.Filter("commune", gettext_lazy("Xã, phường"), "case__data__commune"),
        lists.Filter("code", gettext_lazy("Mã hồ sơ"), "code", parse=str.upper),
    ),
    columns=(
        lists.Column(gettext_lazy("Số thứ tự"), lambda row: row.number, 10),
        lists.Column(gettext_lazy("Mã hồ sơ"), lambda row: row.code, 26),
        lists.Column(gettext_lazy("Học sinh"), lambda row: row.case.subject_name, 30),
        lists.Column(gettext_lazy("Ngày sinh"), lambda row: row.case.born_on, 14),
        lists.Column(gettext_lazy("Người nộp hồ sơ"), lambda row: row.case.applicant_name, 30),
        lists.Column(gettext_lazy("Điện thoại"), lambda row: row.case.phone, 14),
        lists.Column(gettext_lazy("Xã, phường"), lambda row: row.case.data.get("commune", ""), 24),
        lists.Column(gettext_lazy("Thôn, tổ dân phố"), lambda row: row.case.data.get("street", ""), 24),
        lists.Column(gettext_lazy("Nhóm"), lambda row: str(labels.PRIORITIES[row.priority]), 30),
        lists.Column(gettext_lazy("Kết quả"), lambda row: str(labels.SEATINGS[row.case.ends]), 18),
        lists.Column(gettext_lazy("Lớp"), lambda row: row.enrolment.school_class.name if row.enrolment else "", 10),
    ),
    size=30,
)


@require_safe
def plans(request: Request) -> HttpResponse:
    """The admissions of the own school, or of the schools that the own office manages."""
    opens = request.actor.may(Permission.CLASSES_WRITE)
    if not opens:
        require(request.actor, Permission.ADMISSION_PLAN, within=None)
    context = {"plans": queries.office_plans(request.actor), "titles": labels.ADMISSIONS, "at": now(), "opens": opens}
    return page(request, "schools/office_admissions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Request) -> HttpResponse:
    """Publish a plan."""
    require(request.actor, Permission.CLASSES_WRITE, within=None)
    places = registry.working_places(request.actor, Permission.CLASSES_WRITE)
    if not places:
        raise NotFound
    form = OpenForm(request.POST or None, initial={"year": _coming_year()}, school=places[0])
    if form.is_valid():
        with refusals_on(form):
            made = actions.open_admission(actor=request.actor, organisation=places[0], details=form.details)
            return flash.say(see_other("schools:office_admission", made.public_id), _("Đã công bố kế hoạch."))
    context = {"form": form, "school": places[0]}
    return page(request, "schools/new_admission.html", context, status=422 if form.errors else 200)


def _coming_year() -> str:
    """The school year that begins next, as plans write it."""
    first = today().year + (today().month >= SEPTEMBER)
    return f"{first}-{first + 1}"


@require_http_methods(["GET", "HEAD", "POST"])
def plan_area(request: Request) -> HttpResponse:
    """Publish one plan for the schools that the office manages."""
    require(request.actor, Permission.ADMISSION_PLAN, within=None)
    office = next(iter(registry.working_places(request.actor, Permission.ADMISSION_PLAN)), None)
    if office is None:
        raise NotFound
    form = AreaForm(request.POST or None, schools=queries.managed_schools(office.id), initial={"year": _coming_year()})
    if form.is_valid():
        with refusals_on(form):
            made = actions.plan_admissions(actor=request.actor, office=office, details=form.details, seats=form.seats)
            said = _("Đã công bố kế hoạch của %(count)s trường.") % {"count": len(made)}
            return flash.say(see_other("schools:office_admissions"), said)
    context = {"form": form, "office": office}
    return page(request, "schools/area_admission.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: Request, public_id: UUID) -> HttpResponse:
    """Put a published plan right."""
    found = queries.office_plan(request.actor, public_id)
    if not queries.may_change_plan(request.actor, found):
        raise NotFound
    begun = found.opens_at <= now()
    form = ChangeForm(request.POST or None, plan=found, begun=begun)
    if form.is_valid():
        with refusals_on(form):
            actions.change_admission(actor=request.actor, plan=found, details=form.details, at=now())
            return flash.say(see_other("schools:office_admission", public_id), _("Đã điều chỉnh kế hoạch."))
    context = {
        "form": form,
        "plan": found,
        "title": labels.ADMISSIONS[found.procedure],
        "begun": begun,
    }
    return page(request, "schools/change_admission.html", context, status=422 if form.errors else 200)


@require_POST
def withdraw(request: Request, public_id: UUID) -> HttpResponse:
    """Take a plan back that has not opened."""
    found = queries.office_plan(request.actor, public_id)
    try:
        actions.withdraw_admission(actor=request.actor, plan=found, at=now())
    except Refusal as refusal:
        return flash.say(see_other("schools:office_admission", public_id), str(refusal), tone="late")
    return flash.say(see_other("schools:office_admissions"), _("Đã rút kế hoạch."), tone="info")


@require_safe
def plan(request: Request, public_id: UUID) -> HttpResponseBase:
    """Applications of one plan, by zone and one by one."""
    found = queries.office_plan(request.actor, public_id)
    given = request.GET.dict()
    if lists.EXPORT in given:
        return APPLICATIONS.export(queries.applications(request.actor, found), given, "tuyen-sinh")
    return _plan_page(request, found)


def _plan_page(
    request: Request, found: AdmissionPlan, seed: SeedForm | None = None, place: PlaceForm | None = None,
    judge: JudgeForm | None = None,
) -> HttpResponse:  # fmt: skip
    at, unplaced = now(), queries.count_unplaced(found) if found.seated_at else 0
    works = request.actor.may(Permission.CLASSES_WRITE, found)
    is_closed = found.seated_at is None and found.closes_at <= at
    is_seating = is_closed and found.seating is not None and not found.seating.is_over
    is_placing = found.placing is not None and not found.placing.is_over
    decides = request.actor.may(Permission.ADMISSION_DECIDE, found)
    context = {
        "plan": found,
        "title": labels.ADMISSIONS[found.procedure],
        "may_change": found.seated_at is None and queries.may_change_plan(request.actor, found),
        "seen": APPLICATIONS.page(queries.applications(request.actor, found), request.GET.dict()),
        "zones": queries.by_zone(found),
        "priorities": labels.PRIORITIES,
        "groups": list(labels.PRIORITIES.items()),
        "seatings": labels.SEATINGS,
        "tones": {"granted": "good", "refused": "late"},
        "unplaced": unplaced,
        "is_closed": is_closed,
        "is_seating": is_seating,
        "decides": decides,
        "sees_placing": is_placing and _sees(request, found.placing),
        "is_placing": is_placing,
        "seed_form": (seed or SeedForm()) if (is_closed and decides and not is_seating) or seed else None,
        "judge_form": (judge or JudgeForm())
        if works and found.joined and found.seated_at is None and not is_seating
        else None,
        "place_form": (place or PlaceForm(classes=queries.classes_to_fill(found), on=today()))
        if unplaced and works and not is_placing
        else None,
    }
    status = 422 if seed or place or judge else 200
    return page(request, "schools/office_admission.html", context, status=status)


@require_POST
def judge(request: Request, public_id: UUID) -> HttpResponse:
    """Put one application into the class of priority its papers show."""
    found = queries.office_plan(request.actor, public_id)
    form = JudgeForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            actions.judge_place(actor=request.actor, plan=found, **form.cleaned_data)
            return flash.say(see_other("schools:office_admission", public_id), _("Đã ghi nhóm của hồ sơ."))
    return _plan_page(request, found, judge=form)


@require_POST
def give_seats(request: Request, public_id: UUID) -> HttpResponse:
    """Let the worker decide all applications by the published rule; the job's page shows how far it is."""
    found = queries.office_plan(request.actor, public_id)
    form = SeedForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            seed = form.cleaned_data["seed"].strip()
            job = actions.begin_seating(actor=request.actor, plan=found, seed=seed, at=now())
            return see_other("foundation:job", job.public_id)
    return _plan_page(request, found, seed=form)


@require_POST
def place(request: Request, public_id: UUID) -> HttpResponse:
    """Let the worker put the admitted into classes; the job's page shows how far it is."""
    found = queries.office_plan(request.actor, public_id)
    form = PlaceForm(request.POST, classes=queries.classes_to_fill(found), on=today())
    if form.is_valid():
        with refusals_on(form):
            on = form.cleaned_data["on"]
            job = actions.begin_placing(actor=request.actor, plan=found, classes=form.chosen, on=on, at=now())
            if not _sees(request, job):  # somebody else asked for it a moment ago
                return see_other("schools:office_admission", public_id)
            return see_other("foundation:job", job.public_id)
    return _plan_page(request, found, place=form)


def _sees(request: Request, job: Job | None) -> bool:
    """Whether the page of a job of this school opens to whoever asks."""
    if job is None:
        return False
    return job.account_id == request.actor.account_id or request.actor.may(JobPermission.JOB_READ, job)
