"""Pages of the foundation itself: jobs under way, the audit trail, files."""

from functools import cache
from pathlib import Path
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from khue.foundation import audit, extensions, files, flash, jobs, lists, live, media, prints, serving
from khue.foundation.access import Permission
from khue.foundation.audit_words import in_words
from khue.foundation.clock import VIETNAM, now
from khue.foundation.errors import Forbidden
from khue.foundation.lists import Column, Filter, Listing
from khue.foundation.models import AuditRow, Job
from khue.foundation.page import page, see_other
from khue.foundation.request import Request
from khue.foundation.text import sort_key

JOBS: Listing[Job] = Listing(
    order=("-id",),
    filters=(
        Filter("state", gettext_lazy("Trạng thái"), "state", choices=[
            ("running", gettext_lazy("Đang chạy")), ("waiting", gettext_lazy("Đang chờ")),
            ("done", gettext_lazy("Đã xong")), ("failed", gettext_lazy("Không xong")),
            ("cancelled", gettext_lazy("Đã huỷ")),
        ]),
    ),
)  # fmt: skip

AUDIT: Listing[AuditRow] = Listing(
    order=("-occurred_at", "-id"),
    filters=(
        Filter("verb", gettext_lazy("Việc đã làm"), "verb"),
        Filter("kind", gettext_lazy("Loại đối tượng"), "subject_kind"),
        Filter("subject", gettext_lazy("Số đối tượng"), "subject_id", parse=int),
        Filter("account", gettext_lazy("Tài khoản"), "account_id", parse=int),
        Filter("from", gettext_lazy("Từ ngày"), "occurred_at__gte", parse=lists.day_begins),
        Filter("to", gettext_lazy("Đến ngày"), "occurred_at__lt", parse=lists.day_ends),
    ),
    columns=(
        Column(gettext_lazy("Lúc"), lambda row: row.occurred_at),
        Column(gettext_lazy("Người làm"), lambda row: row.actor_name, width=28),
        Column(gettext_lazy("Vai trò"), lambda row: role_names(row.roles), width=28),
        Column(gettext_lazy("Việc đã làm"), lambda row: deed(row.verb), width=32),
        Column(gettext_lazy("Mã việc"), lambda row: row.verb, width=24),
        Column(gettext_lazy("Loại đối tượng"), lambda row: row.subject_kind, width=24),
        Column(gettext_lazy("Số đối tượng"), lambda row: row.subject_id),
        Column(gettext_lazy("Nội dung"), lambda row: str(row.details), width=60),
    ),
)


@require_safe
def service_worker(_request: Request) -> HttpResponse:
    """The script that keeps pages on the device. Its address bounds what it may answer, so it stands at the root."""
    response = HttpResponse(_service_worker(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@cache
def _service_worker() -> str:
    return (Path(__file__).parent / "static" / "foundation" / "service_worker.js").read_text()


@require_GET
def job_list(request: Request) -> HttpResponse:
    """Việc đang chạy: long jobs I started, and those of places whose jobs I may see."""
    seen = JOBS.page(jobs.visible_jobs, request.GET.dict(), of=(request.actor,))
    return page(request, "foundation/jobs.html", {"seen": seen, "states": JOBS.filters[0].choices})


@require_GET
def job(request: Request, public_id: UUID) -> HttpResponse:
    """One job: how far it is, live; then how it ended and the file of what failed."""
    found = jobs.job_of(request.actor, public_id)
    ticket = "" if found.is_over else live.ticket(request.actor, [jobs.channel_of(found)], seconds=3600)
    is_printed = found.report_file is not None and found.report_file.purpose == prints.PRINTED
    is_set = found.report_file is not None and found.report_file.media_type == media.ZIP
    shown = {"job": found, "ticket": ticket, "is_printed": is_printed, "is_set": is_set}
    return page(request, "foundation/job.html", shown, fragment="state")


@require_POST
def cancel_job(request: Request, public_id: UUID) -> HttpResponse:
    """Ask a job to stop."""
    found = jobs.job_of(request.actor, public_id)
    jobs.cancel(actor=request.actor, job=found, at=now())
    return flash.say(see_other("foundation:job", public_id), _("Đã yêu cầu dừng việc này."), tone="info")


@require_GET
def audit_trail(request: Request) -> HttpResponseBase:
    """Who did what, when, on what; of the places whose trail I may read."""
    if not (request.actor.may(Permission.AUDIT_READ) or request.actor.may(Permission.AUDIT_READ_NODE)):
        raise Forbidden
    rows, given = audit.visible_audit(request.actor), request.GET.dict()
    if lists.EXPORT in given:
        audit.record(request.actor, "audit.exported", None, filters=AUDIT.page(rows, given, size=1).chosen)
        return AUDIT.export(rows, given, f"nhat-ky-{now().astimezone(VIETNAM):%Y-%m-%d}")
    deeds = sorted(((verb, str(words)) for verb, words in extensions.deeds.items()), key=lambda pair: sort_key(pair[1]))
    context = {
        "seen": AUDIT.page(rows, given),
        "role_names": role_names,
        "deeds": deeds,
        "deed": deed,
        "in_words": in_words,
    }
    return page(request, "foundation/audit.html", context, fragment="rows")


def role_names(codes: str) -> str:
    """Roles as the trail keeps them, "head,clerk", in the reader's words."""
    return ", ".join(str(extensions.role_name.filling(code)) for code in codes.split(",") if code)


def deed(verb: str) -> str:
    """A deed in the reader's words; its verb where no room of today knows it any more."""
    return str(extensions.deeds.get(verb) or verb)


@require_safe
def download(request: Request, public_id: UUID) -> HttpResponseBase:
    """A stored file, whole or in part; ?save=1 offers it for saving instead of showing it."""
    file = files.file_of(request.actor, public_id)
    return serving.answer(request, file, as_attachment="save" in request.GET)
