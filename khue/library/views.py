"""Pages of the library."""

from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from khue.curriculum import queries as curriculum
from khue.foundation import clock, flash, lists, serving, uploads
from khue.foundation.errors import Forbidden, Refusal, refusals_on
from khue.foundation.page import for_everybody, page, see_other
from khue.foundation.request import Request
from khue.library import actions, packages, queries
from khue.library.forms import LICENCES, ResourceForm, grades
from khue.library.models import Resource

KINDS = [
    (Resource.Kind.DOCUMENT.value, gettext_lazy("Tài liệu")),
    (Resource.Kind.IMAGE.value, gettext_lazy("Hình ảnh")),
    (Resource.Kind.VIDEO.value, gettext_lazy("Video")),
    (Resource.Kind.AUDIO.value, gettext_lazy("Âm thanh")),
    (Resource.Kind.PACKAGE.value, gettext_lazy("Gói trang web")),
]
RESOURCES: lists.Listing[Resource] = lists.Listing(
    order=("-id",),
    search=("folded_text",),
    filters=(
        lists.Filter("subject", gettext_lazy("Môn"), "subject__code"),
        lists.Filter("grade", gettext_lazy("Khối lớp"), "grade", parse=int),
        lists.Filter("kind", gettext_lazy("Loại"), "kind"),
        lists.Filter("outcome", gettext_lazy("Yêu cầu cần đạt"), queries.teaches, parse=UUID),
    ),
    columns=(
        lists.Column(gettext_lazy("Tên học liệu"), lambda r: r.title, width=40),
        lists.Column(gettext_lazy("Môn"), lambda r: r.subject.name),
        lists.Column(gettext_lazy("Khối lớp"), lambda r: r.grade),
        lists.Column(gettext_lazy("Tác giả"), lambda r: r.author, width=24),
        lists.Column(gettext_lazy("Giấy phép"), lambda r: r.licence),
    ),
    size=24,
)
#: A package runs in a sandbox of its own: scripts yes, but no cookies, no address of ours, no form, no other site.
PACKAGE_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self'"
    " 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self';"
    " frame-ancestors 'self'"
)


def shelf(request: Request) -> HttpResponseBase:
    """Find resources by words, subject, grade, kind and what they teach; the public finds what is for everyone."""
    if lists.EXPORT in request.GET:
        return RESOURCES.export(queries.visible_resources(request.actor), request.GET, "hoc-lieu")
    seen = RESOURCES.page(queries.visible_resources, request.GET, of=(request.actor,))
    shown = {
        "seen": seen,
        "outcomes": [(line.public_id, line.code) for line in queries.outcome_named(seen.chosen.get("outcome", ""))],
        "subjects": [
            (subject.code, curriculum.subject_named(subject.name)) for subject in curriculum.subjects(clock.today())
        ],
        "grades": grades(),
        "kinds": KINDS,
        "may_publish": queries.may_publish(request.actor),
    }
    return for_everybody(page(request, "library/shelf.html", shown, fragment="results"), request)


def resource(request: Request, resource_id: UUID) -> HttpResponse:
    """One resource: what it is, and the thing itself."""
    found = queries.resource_of(request.actor, resource_id)
    shown = {
        "resource": found,
        "begins_at": queries.package_address(found, clock.today()),
        "outcomes": queries.outcomes_of(found),
        "licence": dict(LICENCES)[found.licence],
        "may_approve": queries.may_approve(request.actor, found),
        "may_withdraw": queries.may_withdraw(request.actor, found),
    }
    response = page(request, "library/resource.html", shown)
    if found.kind == Resource.Kind.DOCUMENT:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; object-src 'self'"
    return for_everybody(response, request)


def new(request: Request) -> HttpResponse:
    """Publish a resource. Subject and grade in the address choose which outcomes are offered."""
    places = queries.publishing_places(request.actor)
    if not places:
        raise Forbidden
    subjects = curriculum.subjects(clock.today())
    given, last = request.POST or request.GET, queries.last_published(request.actor)
    code = given.get("subject") or (last.subject.code if last else "")
    subject = next((s for s in subjects if s.code == code), None)
    grade = int(given["grade"]) if given.get("grade", "").isdecimal() else last.grade if last else 6
    outcomes = curriculum.required_outcomes(subject.id, grade) if subject else []
    initial = {
        "subject": subject.code if subject else "",
        "grade": grade,
        "author": request.actor.name,
        "audience": "school",
    }
    form = ResourceForm(request.POST or None, places=places, subjects=subjects, outcomes=outcomes, initial=initial)
    if form.is_valid():
        with refusals_on(form):
            return _publish(request, form)
    return page(request, "library/new.html", {"form": form})


def _publish(request: Request, form: ResourceForm) -> HttpResponse:
    file = uploads.received(
        actor=request.actor,
        request=request,
        field="file",
        purpose="library.resource",
        organisation_id=form.place.id,
        at=clock.now(),
    )
    if file is None:
        raise FileMissing
    made = actions.publish_resource(
        actor=request.actor,
        organisation=form.place,
        file=file,
        said=form.said,
        outcomes=form.chosen_outcomes,
        at=clock.now(),
    )
    return flash.say(see_other("library:resource", made.public_id), _("Đã đăng học liệu."))


class FileMissing(Refusal):
    code = "file_missing"
    message = gettext_lazy("Hãy chọn tệp học liệu: PDF, ảnh, video, hoặc gói trang web .zip.")


@require_POST
def approve(request: Request, resource_id: UUID) -> HttpResponse:
    """Approve for formal teaching."""
    found = queries.resource_of(request.actor, resource_id)
    actions.approve_resource(actor=request.actor, resource=found, at=clock.now())
    return flash.say(see_other("library:resource", found.public_id), _("Đã duyệt học liệu."))


def withdraw(request: Request, resource_id: UUID) -> HttpResponse:
    """Asks once more, then takes the resource off the shelves."""
    found = queries.resource_of(request.actor, resource_id)
    if request.method == "POST":
        actions.withdraw_resource(actor=request.actor, resource=found, at=clock.now())
        return flash.say(see_other("library:shelf"), _("Đã gỡ học liệu."))
    return page(request, "library/withdraw.html", {"resource": found})


def file(request: Request, resource_id: UUID) -> HttpResponseBase:
    """The resource's file, whole or in ranges; ?save=1 to keep it."""
    found = queries.resource_of(request.actor, resource_id)
    return serving.answer(request, found.file, as_attachment="save" in request.GET)


def package(request: Request, resource_id: UUID, path: str) -> HttpResponse:
    """One file of a web page package, in a sandbox. The path begins with the ticket that the resource's page gave."""
    return _sandboxed(queries.package_file(request.actor, resource_id, path, clock.today()))


def _sandboxed(served: packages.PackageFile) -> HttpResponse:
    response = HttpResponse(served.content, content_type=served.media_type)
    response.headers["Content-Security-Policy"] = PACKAGE_POLICY
    response.headers["Access-Control-Allow-Origin"] = "null"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
