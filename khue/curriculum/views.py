"""Pages of the curriculum: the programme, one subject, and bringing outcomes in."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from khue.curriculum import actions, labels, queries
from khue.curriculum.access import Permission
from khue.curriculum.forms import UploadForm
from khue.foundation import flash
from khue.foundation.actor import require
from khue.foundation.clock import now, today
from khue.foundation.errors import refusals_on
from khue.foundation.page import for_everybody, page, see_other
from khue.foundation.request import Request

MOST_SHOWN = 200


@require_safe
def table(request: Request) -> HttpResponse:
    """Subjects by grades: periods a year."""
    context = {
        "table": queries.programme_table(),
        "blocks": labels.BLOCKS,
        "may_import": request.actor.may(Permission.OUTCOMES_IMPORT),
    }
    return for_everybody(page(request, "curriculum/table.html", context), request)


@require_safe
def subject(request: Request, public_id: UUID) -> HttpResponse:
    """One subject in one grade: how it is assessed, and its outcome tree."""
    subject = queries.subject_of(public_id)
    grades = queries.grades_of(subject)
    asked = request.GET.get("grade", "")
    grade = int(asked) if asked in map(str, grades) else grades[0]
    taught = queries.subject_grade(subject.id, grade, on=today())
    tree = queries.outcome_tree(subject, grade)
    context = {
        "subject": subject,
        "grade": grade,
        "grades": grades,
        "taught": taught,
        "mode": labels.MODES[taught.mode] if taught else "",
        "block": labels.BLOCKS[taught.block] if taught else "",
        "strands": queries.strands_of(subject, grade),
        "tree": tree,
        "count": queries.count_outcomes(tree),
        "may_import": request.actor.may(Permission.OUTCOMES_IMPORT),
    }
    return for_everybody(page(request, "curriculum/subject.html", context), request)


@require_safe
def outcomes(request: Request) -> HttpResponse:
    """Find outcomes of any subject by words."""
    text, asked = request.GET.get("q", "")[:100], request.GET.get("grade", "")
    grade = int(asked) if asked in map(str, queries.GRADES) else None
    context = {
        "text": text,
        "grade": asked if grade else "",
        "grades": [("", _("Mọi lớp")), *((str(each), _("Lớp %s") % each) for each in queries.GRADES)],
        "lines": queries.search_outcomes(text, grade=grade) if text.strip() else [],
    }
    return for_everybody(page(request, "curriculum/outcomes.html", context, fragment="content"), request)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: Request) -> HttpResponse:
    """Upload a file of outcomes; nothing is written before it has been looked at."""
    require(request.actor, Permission.OUTCOMES_IMPORT, within=None)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        with refusals_on(form):
            made = actions.upload_outcomes(
                actor=request.actor,
                subject=queries.subject_by_code(form.cleaned_data["subject"]),
                grade=form.cleaned_data["grade"],
                file_name=file.name,
                content=file.read(queries.LARGEST_FILE + 1),
                at=now(),
            )
            return see_other("curriculum:review", made.public_id)
    return page(request, "curriculum/import.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
def review(request: Request, public_id: UUID) -> HttpResponse:
    """What an uploaded file would change, and what is wrong with it row by row."""
    outcome_import = queries.import_of(request.actor, public_id)
    is_open = not (outcome_import.applied_at or outcome_import.given_up_at)
    found = queries.review_of(outcome_import) if is_open else None
    context = {
        "outcome_import": outcome_import,
        "review": found,
        "errors": found.errors[:MOST_SHOWN] if found else [],
        "nodes": found.nodes[:MOST_SHOWN] if found else [],
        "kinds": labels.KINDS,
    }
    return page(request, "curriculum/review.html", context)


@require_POST
def apply_import(request: Request, public_id: UUID) -> HttpResponse:
    """Write the file's outcomes."""
    outcome_import = queries.import_of(request.actor, public_id)
    merged = actions.apply_import(actor=request.actor, outcome_import=outcome_import, at=now())
    answer = see_other("curriculum:subject", outcome_import.subject.public_id)
    answer.headers["Location"] += f"?grade={outcome_import.grade}"
    return flash.say(
        answer,
        _("Đã ghi: %(created)s mục mới, %(changed)s mục thay đổi, %(unchanged)s mục giữ nguyên.")
        % {"created": merged.created, "changed": merged.changed, "unchanged": merged.unchanged},
    )


@require_POST
def give_up_import(request: Request, public_id: UUID) -> HttpResponse:
    """Forget the file."""
    outcome_import = queries.import_of(request.actor, public_id)
    actions.give_up_import(actor=request.actor, outcome_import=outcome_import, at=now())
    return flash.say(see_other("curriculum:import"), _("Đã bỏ tệp, chưa ghi gì."))
