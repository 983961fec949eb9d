"""Pages of the school: a year, a class, a sheet, and the batches."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from khue.curriculum import queries as curriculum
from khue.foundation import clock, flash
from khue.foundation.errors import NotFound, Refusal, refusals_on
from khue.foundation.models import Job
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.records import actions, labels, queries
from khue.records.access import Permission
from khue.records.forms import BatchForm, DepositForm
from khue.records.models import SigningBatch
from khue.schools import queries as schools
from khue.schools.models import SchoolClass, SchoolYear

LATEST = 8
#: What the year's page offers: the role, its permission, and in which state sheets wait for it.
OFFERS = (
    ("head", Permission.SHEET_CONFIRM, "confirmed"),
    (queries.SEAL, Permission.SHEET_SEAL, "signed"),
    (queries.DEPOSIT, Permission.SHEET_DEPOSIT, "sealed"),
)


@require_safe
def year(request: Request) -> HttpResponse:
    """The classes of a year with where their transcripts stand, and what may be signed for the whole year."""
    return _year(request)


def _year(request: Request, failed: BatchForm | None = None, role: str = "") -> HttpResponse:
    if not any(request.actor.may(one) for one in (Permission.SHEET_READ_ALL, Permission.SHEET_READ_LED)):
        raise NotFound
    try:
        chosen, years = queries.year_to_record(request.actor, request.GET.get("year", ""), clock.today())
    except NotFound:  # no class to be seen yet: a school that has just begun
        return page(request, "records/nothing.html", {})
    rows = queries.class_rows(request.actor, chosen)
    totals = {str(state): sum(row.counts[place] for row in rows) for place, state in enumerate(queries.STATES)}
    forms = []
    for one, permission, state in OFFERS:
        waiting = totals.get(state, 0)
        if request.actor.may(permission, chosen) and waiting:
            keys = queries.keys_for(request.actor, chosen.organisation_id, one)
            made = DepositForm(keys=keys, prefix=one) if one == queries.DEPOSIT else BatchForm(keys=keys, prefix=one)
            forms.append((one, waiting, failed if failed is not None and role == one else made, bool(keys)))
    compared = queries.STATES.index("compared")
    may_confirm = request.actor.may(Permission.SHEET_CONFIRM, chosen)
    context = {
        "to_confirm": totals["compared"] if may_confirm else 0,
        "grades": sorted({row.school_class.grade for row in rows if row.counts[compared]}),
        "may_prepare": bool(rows) and may_confirm,
        "year": chosen, "years": years,
        "years_choices": [(str(one.public_id), one.code) for one in years], "by_grade": queries.by_grade(rows),
        "totals": totals, "states": labels.STATES, "offers": forms,
        "pupils": sum(row.pupils for row in rows),
        "batches": list(queries.visible_batches(request.actor).filter(school_year=chosen)[:LATEST]),
        "may_deposit": request.actor.may(Permission.SHEET_DEPOSIT, chosen),
        "may_receive": request.actor.may(Permission.PACKAGE_RECEIVE, chosen),
        "may_diploma": request.actor.may(Permission.DIPLOMA_READ, chosen),
        "results": queries.results_waiting(chosen.organisation_id).count()
        if request.actor.may(Permission.RESULT_SEAL, chosen) else 0,
        "over": [Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED],
    }  # fmt: skip
    return page(request, "records/year.html", context, status=422 if failed else 200)


@require_POST
def sign_year(request: Request, year_id: UUID, role: str) -> HttpResponse:
    """Begin a batch over the whole year: the head's signature, the seal, handing in."""
    chosen = _own_year(request, year_id)
    keys = queries.keys_for(request.actor, chosen.organisation_id, role)
    kind = DepositForm if role == queries.DEPOSIT else BatchForm
    form = kind(request.POST, keys=keys, prefix=role)
    if form.is_valid():
        with refusals_on(form):
            recipient = form.cleaned_data.get("recipient", "")
            return _to_job(_begun(request, chosen, None, role, form, recipient))
    return _year(request, form, role)


@require_POST
def for_classes(request: Request, year_id: UUID, deed: str) -> HttpResponse:
    """Prepare or confirm the sheets of all classes, or of a grade, as a job."""
    chosen, asked = _own_year(request, year_id), request.POST.get("grade", "")
    if deed not in actions.PERMISSIONS:
        raise NotFound
    grade = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 3 else None
    try:
        job = actions.begin_for_classes(actor=request.actor, school_year=chosen, deed=deed, grade=grade, at=clock.now())
    except Refusal as refusal:
        return flash.say(see_other("records:year"), str(refusal), tone="late")
    return flash.say(see_other("foundation:job", job.public_id), _("Đang làm. Có thể rời trang, việc vẫn chạy tiếp."))


@require_POST
def sign_class(request: Request, class_id: UUID) -> HttpResponse:
    """Begin a batch over a class: the homeroom teacher's signature."""
    found = schools.class_of(request.actor, class_id)
    form = BatchForm(request.POST, keys=queries.keys_for(request.actor, found.organisation_id, "homeroom"))
    if form.is_valid():
        with refusals_on(form):
            return _to_job(_begun(request, found.school_year, found, "homeroom", form, ""))
    return _class(request, found, form)


def _begun(
    request: Request, chosen: SchoolYear, found: SchoolClass | None, role: str, form: BatchForm, recipient: str
) -> SigningBatch:
    return actions.begin_batch(
        actor=request.actor, school_year=chosen, school_class=found, role=role, key=form.signing_key,
        secret=form.cleaned_data["secret"], at=clock.now(), recipient=recipient,
    )  # fmt: skip


def _to_job(batch: SigningBatch) -> HttpResponse:
    assert batch.job is not None
    return flash.say(
        see_other("foundation:job", batch.job.public_id), _("Đang ký. Có thể rời trang, việc vẫn chạy tiếp.")
    )


def _own_year(request: Request, year_id: UUID) -> SchoolYear:
    found = schools.year_of(request.actor, year_id)
    if not request.actor.may(Permission.SHEET_READ_ALL, found):
        raise NotFound
    return found


@require_safe
def class_sheets(request: Request, class_id: UUID) -> HttpResponse:
    """A class's pupils with their sheets, what is missing, and the next step."""
    return _class(request, schools.class_of(request.actor, class_id))


def _class(request: Request, found: SchoolClass, failed: BatchForm | None = None) -> HttpResponse:
    actor = request.actor
    if not any(actor.may(one, found) for one in (Permission.SHEET_READ_ALL, Permission.SHEET_READ_LED)):
        raise NotFound
    leads = schools.is_homeroom_of(actor, found)
    sheets = queries.class_sheets_of(actor, found)
    keys = queries.keys_for(actor, found.organisation_id, "homeroom") if leads else []
    context = {
        "school_class": found, "sheets": sheets, "states": labels.STATES, "leads": leads,
        "may_prepare": actor.may(Permission.SHEET_PREPARE, found)
        and (leads or actor.may(Permission.SHEET_READ_ALL, found)),
        "may_confirm": actor.may(Permission.SHEET_CONFIRM, found),
        "taught": [one for one in schools.class_subjects_of(actor, found) if schools.teaches(actor, one)]
        if actor.may(Permission.SHEET_COMPARE, found) and not actor.may(Permission.SHEET_READ_ALL, found) else [],
        "form": failed or BatchForm(keys=keys), "has_key": bool(keys), "current": _current(sheets),
    }  # fmt: skip
    return page(request, "records/class.html", context, status=422 if failed else 200)


def _current(sheets: queries.ClassSheets) -> int:
    """At which step the slowest sheet stands: 1 while one is missing, 7 when all are handed in."""
    places = [queries.STATES.index(row.sheet.state) + 2 if row.sheet else 1 for row in sheets.rows]
    return min(places, default=1)


@require_POST
def step(request: Request, class_id: UUID, what: str) -> HttpResponse:
    """Make, compare or confirm the sheets of a class."""
    found = schools.class_of(request.actor, class_id)
    actor, at = request.actor, clock.now()
    try:
        if what == "prepare":
            done = actions.prepare_class(actor=actor, school_class=found, at=at)
            said = _("Đã lập %(made)s học bạ mới, cập nhật %(refreshed)s; %(incomplete)s em chưa đủ dữ liệu.") % {
                "made": done.made, "refreshed": done.refreshed, "incomplete": done.incomplete,
            }  # fmt: skip
        elif what == "compare":
            count = actions.compare_class(actor=actor, school_class=found, at=at)
            said = _("Đã đối chiếu %(count)s học bạ.") % {"count": count}
        else:
            count = actions.confirm_class(actor=actor, school_class=found, at=at)
            said = _("Đã xác nhận %(count)s học bạ.") % {"count": count}
    except Refusal as refusal:
        said = str(refusal)
    return flash.say(see_other("records:class", class_id), said)


@require_POST
def compare_subject(request: Request, class_subject_id: UUID) -> HttpResponse:
    """A subject's teacher has compared its results on the sheets of the class."""
    found = schools.class_subject_of(request.actor, class_subject_id)
    try:
        count = actions.compare_subject(actor=request.actor, class_subject=found, at=clock.now())
        said = _("Đã đối chiếu môn %(subject)s trên %(count)s học bạ.") % {
            "subject": curriculum.subject_named(found.subject.name),
            "count": count,
        }
    except Refusal as refusal:
        said = str(refusal)
    return flash.say(see_other("records:class", found.school_class.public_id), said)
