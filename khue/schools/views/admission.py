"""Admissions as anybody opens them: which schools receive applications, by which rule, and who stands where."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from khue.foundation import lists, scope
from khue.foundation.clock import now
from khue.foundation.errors import NotFound
from khue.foundation.page import for_everybody, page
from khue.foundation.request import Request
from khue.schools import labels, queries
from khue.schools.models import AdmissionPlace

#: Seconds that caches may keep what is the same for everybody: the rule, and the queue that moves.
RULE_KEPT, QUEUE_KEPT = 60, 5


RESULTS: lists.Listing[AdmissionPlace] = lists.Listing(
    order=("number", "id"),
    filters=(lists.Filter("code", gettext_lazy("Mã hồ sơ"), "code", parse=str.upper),),
    columns=(
        lists.Column(gettext_lazy("Số thứ tự"), lambda row: row.number, 10),
        lists.Column(gettext_lazy("Mã hồ sơ"), lambda row: row.code, 26),
        lists.Column(gettext_lazy("Nhóm"), lambda row: str(labels.PRIORITIES[row.priority]), 40),
        lists.Column(gettext_lazy("Kết quả"), lambda row: str(labels.SEATINGS[row.case.ends]), 20),
    ),
)


@require_safe
def plans(request: Request) -> HttpResponse:
    """Admissions of all schools, found by the name of a school or a commune."""
    at, asked = now(), request.GET.get("q", "")[:100]
    context = {"plans": queries.public_plans(at, asked), "asked": asked, "at": at, "titles": labels.ADMISSIONS}
    return for_everybody(page(request, "schools/admissions.html", context), request, seconds=RULE_KEPT)


@require_safe
def plan(request: Request, public_id: UUID) -> HttpResponse:
    """One plan: who may apply, the catchment, the seats, the days, the papers, and how seats are given."""
    found, at = queries.public_plan(public_id), now()
    context = {
        "plan": found,
        "at": at,
        "is_open": found.opens_at <= at < found.closes_at and found.seated_at is None,
        "procedure_id": queries.procedure_filed(found),
        "title": labels.ADMISSIONS[found.procedure],
        "priorities": labels.PRIORITIES,
    }
    return for_everybody(page(request, "schools/admission.html", context), request, seconds=RULE_KEPT)


@require_safe
def queue(request: Request, public_id: UUID) -> HttpResponse:
    """Who stands where: how many wait in each class of priority, and the place of the application asked for."""
    found = queries.public_plan(public_id)
    code = request.GET.get("code", "")[:60].replace("\x00", "").strip().upper()
    # The queue is public: it holds numbers and dossier codes, no name and no address.
    with scope.widened(request.actor, [found.organisation_id]):
        waiting, standing = queries.queue_of(found), queries.standing_of(found, code) if code else None
    context = {
        "plan": found,
        "title": labels.ADMISSIONS[found.procedure],
        "code": code,
        "standing": standing,
        "lines": [(name, waiting.get(key, 0)) for key, name in labels.PRIORITIES.items()],
        "total": sum(waiting.values()),
        "at": now(),
    }
    answer = page(request, "schools/admission_queue.html", context, fragment="queue")
    return for_everybody(answer, request, seconds=QUEUE_KEPT)


@require_safe
def results(request: Request, public_id: UUID) -> HttpResponseBase:
    """The published list, page by page or whole as a sheet, with the seed of the lot: anybody can work it out again."""
    found = queries.public_plan(public_id)
    if found.seated_at is None:
        raise NotFound
    given = request.GET.dict()
    with scope.widened(request.actor, [found.organisation_id]):
        rows = queries.results_of(found)
        if lists.EXPORT in given:
            return RESULTS.export(rows, given, f"ket-qua-{found.procedure}-{found.year}")
        seen, (total, seated) = RESULTS.page(rows, given), queries.count_results(found)
    context = {
        "plan": found,
        "title": labels.ADMISSIONS[found.procedure],
        "seen": seen,
        "total": total,
        "seated": seated,
        "priorities": labels.PRIORITIES,
    }
    return for_everybody(page(request, "schools/admission_results.html", context), request, seconds=RULE_KEPT)
